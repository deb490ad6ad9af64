// The periods of reports, as whole days of a calendar: which one is over, how it is called, which
// one it is compared with.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace accesslog {

enum class PeriodKind : uint8_t { kDay, kWeek, kMonth };
inline constexpr size_t kPeriodKindCount = 3;
inline constexpr std::array<PeriodKind, kPeriodKindCount> kPeriodKinds = {
    PeriodKind::kDay, PeriodKind::kWeek, PeriodKind::kMonth};

std::string_view PeriodName(PeriodKind kind);  // "week"
std::optional<PeriodKind> PeriodFromName(std::string_view name);

// Both days belong to it. A month is one of the calendar, a week any seven days.
struct Period {
  PeriodKind kind = PeriodKind::kDay;
  int64_t first_day = 0;
  int64_t last_day = 0;

  int64_t length() const { return last_day - first_day + 1; }
  auto operator<=>(const Period&) const = default;
};

// The last one that was over when `today` began: yesterday, the seven days before today, the month
// before that of today.
Period LastPeriod(PeriodKind kind, int64_t today);
// The one that ends with `day`; of months the one that holds it.
Period PeriodEndingWith(PeriodKind kind, int64_t day);
Period PeriodBefore(const Period& period);

// Names the period and nothing else: "daily-2026-11-22", "monthly-2026-10". A week of which
// Thursday is the last day, as that of a report on Friday, is "weekly-2026-W47", by ISO 8601;
// another one "weekly-2026-11-22", by its last day.
std::string ReportId(const Period& period);

// For people: "day 2026-11-22", "week 2026-W47", "month 2026-10".
std::string PeriodTitle(const Period& period);
// "2026-11-13 to 2026-11-19", or the one day.
std::string PeriodDays(const Period& period);

}  // namespace accesslog
