#include "parse/civil_time.h"

#include <array>

#include "base/text.h"

namespace accesslog {

std::optional<Time> ToTime(const CivilTime& civil) {
  namespace chr = std::chrono;
  if (civil.year < 1970 || civil.year > 9999 || civil.month < 1 || civil.day < 1 ||
      civil.hour < 0 || civil.hour > 23 || civil.minute < 0 || civil.minute > 59 ||
      civil.second < 0 || civil.second > 60) {
    return std::nullopt;
  }
  const chr::year_month_day date{chr::year{civil.year},
                                 chr::month{static_cast<unsigned>(civil.month)},
                                 chr::day{static_cast<unsigned>(civil.day)}};
  if (!date.ok()) return std::nullopt;
  return chr::sys_days{date} + chr::hours{civil.hour} + chr::minutes{civil.minute} +
         chr::seconds{civil.second} + chr::milliseconds{civil.millisecond} -
         chr::minutes{civil.zone_minutes};
}

int ReadDigits(std::string_view text, size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!IsDigit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

int MonthFromName(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == name) return static_cast<int>(i) + 1;
  }
  return 0;
}

size_t ReadZone(std::string_view text, int& minutes_east) {
  if (text.starts_with('Z')) {
    minutes_east = 0;
    return 1;
  }
  if (!text.starts_with('+') && !text.starts_with('-')) return 0;
  const int hours = ReadDigits(text.substr(1), 2);
  if (hours < 0 || hours > 23) return 0;
  const bool colon = text.size() > 3 && text[3] == ':';
  const size_t minutes_at = colon ? 4 : 3;
  int minutes = ReadDigits(text.substr(minutes_at), 2);
  const size_t length = minutes < 0 ? 3 : minutes_at + 2;
  if (minutes < 0) minutes = 0;
  if (minutes > 59) return 0;
  minutes_east = (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
  return length;
}

size_t ReadFraction(std::string_view text, int& milliseconds) {
  milliseconds = 0;
  size_t count = 0;
  int weight = 100;
  for (; count < text.size() && IsDigit(text[count]); ++count) {
    milliseconds += (text[count] - '0') * weight;
    weight /= 10;
  }
  return count;
}

}  // namespace accesslog
