#include "base/zone_rule.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr int64_t kDay = 86400;

int64_t DayNumber(std::chrono::sys_days day) { return day.time_since_epoch().count(); }

}  // namespace

int64_t ZoneRule::Change::In(int year) const {
  using std::chrono::sys_days;
  const std::chrono::year y(year);
  if (kind != Kind::kMonth) {
    const bool is_behind_leap_day = kind == Kind::kDayWithoutLeap && day >= 60 && y.is_leap();
    const int from_zero = kind == Kind::kDayWithoutLeap ? day - 1 : day;
    const int64_t first = DayNumber(sys_days(y / 1 / 1));
    return (first + from_zero + (is_behind_leap_day ? 1 : 0)) * kDay + second;
  }
  const std::chrono::month m(static_cast<unsigned>(month));
  const std::chrono::weekday weekday(static_cast<unsigned>(day));
  const sys_days found = week == 5 ? sys_days(y / m / weekday[std::chrono::last])
                                   : sys_days(y / m / weekday[static_cast<unsigned>(week)]);
  return DayNumber(found) * kDay + second;
}

OffsetSpan ZoneRule::At(int64_t second) const {
  constexpr int64_t kForever = std::numeric_limits<int64_t>::max();
  if (!has_summer_) return {-kForever, kForever, standard_};
  const std::chrono::sys_days day{
      std::chrono::floor<std::chrono::days>(std::chrono::seconds(second))};
  const int year = static_cast<int>(std::chrono::year_month_day(day).year());
  // Of two changes at one moment, as a zone with summer time all year has, the later in this list
  // counts: the begin of the next summer.
  struct Moment {
    int64_t at;
    int32_t offset;
  };
  std::array<Moment, 6> changes{};
  for (int i = 0; i < 3; ++i) {
    const size_t at = static_cast<size_t>(i) * 2;
    changes[at] = {end_.In(year - 1 + i) - summer_, standard_};
    changes[at + 1] = {begin_.In(year - 1 + i) - standard_, summer_};
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Moment& a, const Moment& b) { return a.at < b.at; });
  const auto next = std::upper_bound(changes.begin(), changes.end(), second,
                                     [](int64_t s, const Moment& m) { return s < m.at; });
  if (next == changes.begin() || next == changes.end()) return {second, second + 1, standard_};
  return {(next - 1)->at, next->at, (next - 1)->offset};
}

class ZoneRule::Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool SkipName() {
    const size_t before = rest_.size();
    if (Take('<')) {
      const size_t end = rest_.find('>');
      if (end == std::string_view::npos || end < 3) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    while (!rest_.empty() && IsAlpha(rest_.front())) rest_.remove_prefix(1);
    return before - rest_.size() >= 3;
  }

  // "-1", "5:30", "+10:00:00"
  bool Seconds(int most_hours, int32_t& seconds) {
    const bool is_negative = Take('-');
    if (!is_negative) Take('+');
    int hours = 0;
    if (!Number(most_hours, hours)) return false;
    int minutes = 0;
    int rest = 0;
    if (Take(':') && (!Number(59, minutes) || (Take(':') && !Number(59, rest)))) return false;
    seconds = hours * 3600 + minutes * 60 + rest;
    if (is_negative) seconds = -seconds;
    return true;
  }

  bool ReadChange(Change& change) {
    if (!Take(',')) return false;
    if (Take('M')) {
      change.kind = Change::Kind::kMonth;
      if (!Number(12, change.month) || change.month < 1 || !Take('.')) return false;
      if (!Number(5, change.week) || change.week < 1 || !Take('.')) return false;
      if (!Number(6, change.day)) return false;
    } else if (Take('J')) {
      change.kind = Change::Kind::kDayWithoutLeap;
      if (!Number(365, change.day) || change.day < 1) return false;
    } else {
      change.kind = Change::Kind::kDay;
      if (!Number(365, change.day)) return false;
    }
    return !Take('/') || Seconds(167, change.second);
  }

  bool IsDone() const { return rest_.empty(); }
  bool IsAtChange() const { return rest_.starts_with(','); }

 private:
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool Number(int most, int& number) {
    if (rest_.empty() || !IsDigit(rest_.front())) return false;
    number = 0;
    while (!rest_.empty() && IsDigit(rest_.front())) {
      number = number * 10 + (rest_.front() - '0');
      if (number > most) return false;
      rest_.remove_prefix(1);
    }
    return true;
  }

  std::string_view rest_;
};

std::optional<ZoneRule> ZoneRule::Parse(std::string_view text) {
  Reader reader(text);
  ZoneRule rule;
  // POSIX counts west of UTC.
  if (!reader.SkipName() || !reader.Seconds(24, rule.standard_)) return std::nullopt;
  rule.standard_ = -rule.standard_;
  if (reader.IsDone()) return rule;
  rule.has_summer_ = true;
  rule.summer_ = rule.standard_ + 3600;
  if (!reader.SkipName()) return std::nullopt;
  if (!reader.IsDone() && !reader.IsAtChange()) {
    if (!reader.Seconds(24, rule.summer_)) return std::nullopt;
    rule.summer_ = -rule.summer_;
  }
  if (!reader.ReadChange(rule.begin_) || !reader.ReadChange(rule.end_)) return std::nullopt;
  if (!reader.IsDone()) return std::nullopt;
  return rule;
}

}  // namespace accesslog
