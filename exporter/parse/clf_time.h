// The time of the common log format: "08/Sep/2023:12:26:56 -0400", always 26 characters.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace accesslog {

inline constexpr size_t kClfTimeLength = 26;

// Nothing for another shape, a day that does not exist or a year before 1970. A leap second (:60)
// is the first second of the next minute, as POSIX counts.
std::optional<Time> ParseClfTime(std::string_view text);

// Remembers the last text: neighbouring lines of a log mostly share their second.
class ClfTimeCache {
 public:
  std::optional<Time> Parse(std::string_view text);

 private:
  char text_[kClfTimeLength] = {};
  std::optional<Time> time_;
};

}  // namespace accesslog
