// A time as strftime would write it, read back. Apache writes such times (%{…}t), and formats with a
// date of their own. Compiled once; immutable.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace accesslog {

class TimePattern {
 public:
  // Knows %Y %y %m %d %e %b %h %B %a %A %H %M %S %z %Z %s %F %T %D %R %n %t %%, and %f for the digits
  // of a fraction of a second. Without a zone the time is UTC. Error: a directive it does not know.
  static Result<TimePattern> Compile(std::string_view pattern);

  struct Match {
    size_t length = 0;         // of the text that fits; 0 if none does
    std::optional<Time> time;  // nothing if the text fits but is no moment, such as 31 February
  };
  // `text` begins with the time; more may follow.
  Match Read(std::string_view text) const;

 private:
  struct Item {
    char directive = 0;  // 0 for plain text
    char text = 0;
  };
  std::vector<Item> items_;
};

}  // namespace accesslog
