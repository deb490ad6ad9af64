#include "parse/clf_time.h"

#include <array>
#include <cstring>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The number in `count` digits at `at`; -1 unless all are digits.
int Digits(std::string_view text, size_t at, size_t count) {
  int number = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (!IsDigit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

unsigned Month(std::string_view name) {
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == name) return i + 1;
  }
  return 0;
}

bool HasPunctuation(std::string_view text) {
  return text[2] == '/' && text[6] == '/' && text[11] == ':' && text[14] == ':' &&
         text[17] == ':' && text[20] == ' ' && (text[21] == '+' || text[21] == '-');
}

}  // namespace

std::optional<Time> ParseClfTime(std::string_view text) {
  namespace chr = std::chrono;
  if (text.size() != kClfTimeLength || !HasPunctuation(text)) return std::nullopt;
  const int day = Digits(text, 0, 2);
  const int year = Digits(text, 7, 4);
  const int hour = Digits(text, 12, 2);
  const int minute = Digits(text, 15, 2);
  const int second = Digits(text, 18, 2);
  const int zone_hour = Digits(text, 22, 2);
  const int zone_minute = Digits(text, 24, 2);
  if (day < 0 || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60 || zone_hour < 0 || zone_minute < 0 || zone_minute > 59) {
    return std::nullopt;
  }
  const chr::year_month_day date{chr::year{year}, chr::month{Month(text.substr(3, 3))},
                                 chr::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const auto offset = chr::hours{zone_hour} + chr::minutes{zone_minute};
  const auto local = chr::sys_days{date} + chr::hours{hour} + chr::minutes{minute} +
                     chr::seconds{second};
  return chr::time_point_cast<Duration>(text[21] == '-' ? local + offset : local - offset);
}

std::optional<Time> ClfTimeCache::Parse(std::string_view text) {
  if (text.size() != kClfTimeLength) return std::nullopt;
  if (std::memcmp(text.data(), text_, kClfTimeLength) != 0) {
    std::memcpy(text_, text.data(), kClfTimeLength);
    time_ = ParseClfTime(text);
  }
  return time_;
}

}  // namespace accesslog
