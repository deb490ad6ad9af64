// Says which format a followed file was found to have, and when it changes to another: once each, for
// the log of `serve`. One object a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "parse/log_parser.h"

namespace accesslog {

class FormatWatch {
 public:
  struct Notice {
    std::string text;        // without the path
    bool is_warning = false;
  };

  // What there is to say about `parser` since the last call. A file that goes to and fro is spoken of
  // once a minute at most.
  std::optional<Notice> Look(const LogParser& parser, Time now);

 private:
  std::string said_;
  uint64_t seen_changes_ = 0;
  Time last_notice_{};
};

// Whether so many lines fit that the format is hardly the wrong one.
bool IsSure(const LogParser& parser);

// "all of the first 57 lines fit", "93 of the first 100 lines fit", "the first line fits".
std::string ConfidenceText(const LogParser& parser);

}  // namespace accesslog
