// A log format as data: which fields follow each other, and the text between them. Every format
// language (ours in description.h; nginx's and Apache's later) compiles to this, and LineParser
// compiles this to steps. It can be printed back as a description.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace accesslog {

enum class Field : uint8_t {
  kIgnored,    // read past
  kIdent,      // RFC 1413, "-" nearly everywhere; never an address
  kClient,     // address or host name
  kUser,       // may hold spaces
  kTime,       // 08/Sep/2023:12:26:56 -0400
  kRequest,    // method, target, protocol
  kStatus,     // 100…599
  kBytes,      // of the response
  kReferer,
  kUserAgent,
  kHostPort,   // virtual host, with or without ":port"
};

struct FormatPiece {
  Field field = Field::kIgnored;
  std::string after;  // the text that follows the field

  bool operator==(const FormatPiece&) const = default;
};

struct FormatSpec {
  std::string before;  // the text in front of the first field
  std::vector<FormatPiece> pieces;

  bool operator==(const FormatSpec&) const = default;
};

}  // namespace accesslog
