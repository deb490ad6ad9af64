// The parts of a written moment, and the moment they mean. Shared by the readers of the various time
// formats.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace accesslog {

struct CivilTime {
  int year = 1970;
  int month = 1;  // 1…12
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;       // 60 is a leap second: the first second of the next minute, as POSIX counts
  int millisecond = 0;
  int zone_minutes = 0;  // east of UTC
};

// What a reader of times found at the beginning of a text.
struct TimeMatch {
  size_t length = 0;         // of the text that has the shape of a time; 0 if none does
  std::optional<Time> time;  // nothing if that is no moment, such as 31 February
};

// Nothing for a day or an hour that does not exist, or a year before 1970.
std::optional<Time> ToTime(const CivilTime& civil);

// The number in the first `count` characters of `text`; -1 unless all are there and digits.
int ReadDigits(std::string_view text, size_t count);

// 1…12 for "Jan" … "Dec"; 0 for anything else.
int MonthFromName(std::string_view name);

// "Z", "+0200", "+02:00" or "-04" at the beginning of `text`: how many characters it takes, 0 if it is
// none of them.
size_t ReadZone(std::string_view text, int& minutes_east);

// The digits of a fraction of a second at the beginning of `text`; returns how many there are.
size_t ReadFraction(std::string_view text, int& milliseconds);

}  // namespace accesslog
