// A time as strftime would write it, read back. Apache writes such times (%{…}t), and formats with a
// date of their own. Compiled once; immutable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parse/civil_time.h"

namespace accesslog {

class TimePattern {
 public:
  // Knows %Y %y %m %d %e %b %h %B %a %A %H %M %S %z %Z %s %F %T %D %R %n %t %%, and %f for the digits
  // of a fraction of a second. Without a zone the time is UTC. Error: a directive it does not know.
  static Result<TimePattern> Compile(std::string_view pattern);

  // `text` begins with the time; more may follow.
  TimeMatch Read(std::string_view text) const;

 private:
  struct Item {
    char directive = 0;  // 0 for plain text
    char text = 0;
  };
  std::vector<Item> items_;
};

}  // namespace accesslog
