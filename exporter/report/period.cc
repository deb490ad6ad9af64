#include "report/period.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "base/time_zone.h"

namespace accesslog {
namespace {

constexpr std::array<std::string_view, kPeriodKindCount> kNames = {"day", "week", "month"};
constexpr std::array<std::string_view, kPeriodKindCount> kAdverbs = {"daily", "weekly", "monthly"};
constexpr int kThursday = 3;

std::chrono::year_month_day DateOf(int64_t day) {
  return std::chrono::sys_days(std::chrono::days(day));
}

int64_t NumberOf(const std::chrono::year_month_day& date) {
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// "2026-W47": a week belongs to the year of its Thursday.
std::string IsoWeek(int64_t day) {
  const int64_t thursday = day - WeekdayOf(day) + kThursday;
  const int year = static_cast<int>(DateOf(thursday).year());
  const int64_t new_year = NumberOf(std::chrono::year(year) / 1 / 1);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-W%02d", year,
                static_cast<int>((thursday - new_year) / 7 + 1));
  return text.data();
}

// What tells it from others of its kind.
std::string NameOf(const Period& period) {
  std::string last = FormatDay(period.last_day);
  switch (period.kind) {
    case PeriodKind::kDay:
      return last;
    case PeriodKind::kWeek:
      return WeekdayOf(period.last_day) == kThursday ? IsoWeek(period.last_day) : last;
    case PeriodKind::kMonth:
      return last.substr(0, 7);
  }
  return last;
}

}  // namespace

std::string_view PeriodName(PeriodKind kind) { return kNames[static_cast<size_t>(kind)]; }

std::optional<PeriodKind> PeriodFromName(std::string_view name) {
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return kPeriodKinds[static_cast<size_t>(found - kNames.begin())];
}

Period LastPeriod(PeriodKind kind, int64_t today) {
  if (kind != PeriodKind::kMonth) return PeriodEndingWith(kind, today - 1);
  const auto date = DateOf(today);
  return PeriodEndingWith(kind, NumberOf(date.year() / date.month() / 1) - 1);
}

Period PeriodEndingWith(PeriodKind kind, int64_t day) {
  switch (kind) {
    case PeriodKind::kDay:
      return {kind, day, day};
    case PeriodKind::kWeek:
      return {kind, day - 6, day};
    case PeriodKind::kMonth: {
      const auto date = DateOf(day);
      const auto first = date.year() / date.month() / 1;
      return {kind, NumberOf(first), NumberOf(first + std::chrono::months(1)) - 1};
    }
  }
  return {};
}

Period PeriodBefore(const Period& period) {
  return PeriodEndingWith(period.kind, period.first_day - 1);
}

std::string ReportId(const Period& period) {
  return std::string(kAdverbs[static_cast<size_t>(period.kind)]) + "-" + NameOf(period);
}

std::string PeriodTitle(const Period& period) {
  const bool is_odd_week =
      period.kind == PeriodKind::kWeek && WeekdayOf(period.last_day) != kThursday;
  return std::string(PeriodName(period.kind)) + (is_odd_week ? " to " : " ") + NameOf(period);
}

std::string PeriodDays(const Period& period) {
  const std::string last = FormatDay(period.last_day);
  return period.first_day == period.last_day ? last : FormatDay(period.first_day) + " to " + last;
}

}  // namespace accesslog
