// A log format as data: which fields follow each other, and the text between them. Every format
// language (ours in description.h, those of nginx and Apache, the #Fields line of W3C logs) compiles
// to this, and LineFormat compiles this to steps. It can be printed back as a description.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace accesslog {

enum class Field : uint8_t {
  kIgnored,      // read past
  kIgnoredNumber,  // a number, else the line is of another format
  kIgnoredList,  // the same; may hold ", " and " : " between its parts (nginx's $upstream_…)
  kIdent,        // RFC 1413, "-" nearly everywhere; never an address
  kClient,       // address or host name
  kClientPort,   // the same with ":port" behind it, without which it must be an address
  kForwardedFor, // the client, out of a list of hops
  kXForwardedFor,   // headers of proxies beside a client, kept as they are: see record/record.h
  kForwarded,
  kCfConnectingIp,
  kXRealIp,
  kUser,         // may hold spaces
  kTime,         // 08/Sep/2023:12:26:56 -0400
  kTimeIso,      // 2023-09-08T12:26:56.123-04:00 (RFC 3339); 'T' may be a space, the zone may be missing
  kTimeIsoOnly,  // the same, else the line is of another format
  kTimeEpoch,    // seconds since 1970, with or without a fraction
  kTimeEpochMs,
  kTimeEpochUs,
  kTimePattern,  // as FormatSpec::time_pattern says
  kTimeAny,      // any of the above; JSON only
  kDate,         // 2023-09-08, the day of kTimeOfDay
  kTimeOfDay,    // 12:26:56, UTC
  kRequest,      // method, target, protocol
  kRequestUrl,   // the same; the target is a whole URL, of which host and path are taken
  kMethod,
  kTarget,       // path and query
  kTargetOrDash, // the same, with a '-' behind the path where there is no query ($uri$is_args$args)
  kUrl,          // a whole URL, or a target
  kPath,
  kQuery,        // with or without its '?'
  kProtocol,
  kStatus,       // 100…599
  kBytes,        // of the response
  kReferer,
  kUserAgent,
  kHostPort,     // virtual host, with or without ":port"
  kDurationS,    // seconds, with or without a fraction; several of them add up
  kDurationMs,
  kDurationUs,
  kDurationNs,
  kDurationText, // with its unit: "1.5ms"
};
inline constexpr size_t kFieldCount = static_cast<size_t>(Field::kDurationText) + 1;

struct FormatPiece {
  Field field = Field::kIgnored;
  // The text that follows the field. Empty: the field ends at a blank or with the line; in front of
  // kTarget, kPath and kUrl it ends where their '/' stands, or what says that there is none.
  std::string after;

  bool operator==(const FormatPiece&) const = default;
};

// How the server writes a quote inside a quoted field.
enum class Escape : uint8_t {
  kBackslash,  // \" or \x22, and the backslash itself \\ or \x5C
  kJson,       // as in a JSON string
  kNone,       // as it came
};

struct FormatSpec {
  std::string before;  // the text in front of the first field
  std::vector<FormatPiece> pieces;
  Escape escape = Escape::kBackslash;
  std::string time_pattern{};  // of kTimePattern, as strftime writes it; see time_pattern.h

  bool operator==(const FormatSpec&) const = default;
};

}  // namespace accesslog
