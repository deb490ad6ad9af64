#include "report/period.h"

#include <gtest/gtest.h>

#include "base/time_zone.h"

namespace accesslog {
namespace {

int64_t Day(std::string_view text) { return ParseDay(text).value(); }

TEST(Period, OfADayIsYesterday) {
  const Period period = LastPeriod(PeriodKind::kDay, Day("2026-11-23"));
  EXPECT_EQ(PeriodDays(period), "2026-11-22");
  EXPECT_EQ(ReportId(period), "daily-2026-11-22");
  EXPECT_EQ(PeriodTitle(period), "day 2026-11-22");
  EXPECT_EQ(PeriodDays(PeriodBefore(period)), "2026-11-21");
}

// Members log in on Thursdays, and the manager reads on Fridays.
TEST(Period, OfAFridaysWeekEndsWithThursday) {
  const Period period = LastPeriod(PeriodKind::kWeek, Day("2026-11-20"));
  EXPECT_EQ(PeriodDays(period), "2026-11-13 to 2026-11-19");
  EXPECT_EQ(ReportId(period), "weekly-2026-W47");
  EXPECT_EQ(PeriodTitle(period), "week 2026-W47");
  EXPECT_EQ(period.length(), 7);
  EXPECT_EQ(PeriodDays(PeriodBefore(period)), "2026-11-06 to 2026-11-12");
}

TEST(Period, OfAnotherWeekHasAnotherId) {
  const Period period = LastPeriod(PeriodKind::kWeek, Day("2026-11-23"));
  EXPECT_EQ(PeriodDays(period), "2026-11-16 to 2026-11-22");
  EXPECT_EQ(ReportId(period), "weekly-2026-11-22");
  EXPECT_EQ(PeriodTitle(period), "week to 2026-11-22");
}

TEST(Period, WeeksAreThoseOfIso8601) {
  EXPECT_EQ(ReportId(LastPeriod(PeriodKind::kWeek, Day("2027-01-01"))), "weekly-2026-W53");
  EXPECT_EQ(ReportId(LastPeriod(PeriodKind::kWeek, Day("2026-01-02"))), "weekly-2026-W01");
  EXPECT_EQ(ReportId(LastPeriod(PeriodKind::kWeek, Day("2025-01-03"))), "weekly-2025-W01");
}

TEST(Period, OfAMonthIsTheOneBefore) {
  const Period period = LastPeriod(PeriodKind::kMonth, Day("2026-03-31"));
  EXPECT_EQ(PeriodDays(period), "2026-02-01 to 2026-02-28");
  EXPECT_EQ(ReportId(period), "monthly-2026-02");
  EXPECT_EQ(PeriodDays(PeriodBefore(period)), "2026-01-01 to 2026-01-31");
  EXPECT_EQ(PeriodDays(LastPeriod(PeriodKind::kMonth, Day("2026-01-01"))),
            "2025-12-01 to 2025-12-31");
  EXPECT_EQ(PeriodDays(LastPeriod(PeriodKind::kMonth, Day("2024-03-01"))),
            "2024-02-01 to 2024-02-29");
}

TEST(Period, MayEndWithAnyDay) {
  EXPECT_EQ(ReportId(PeriodEndingWith(PeriodKind::kDay, Day("2026-02-03"))), "daily-2026-02-03");
  EXPECT_EQ(PeriodDays(PeriodEndingWith(PeriodKind::kWeek, Day("2026-02-03"))),
            "2026-01-28 to 2026-02-03");
  EXPECT_EQ(PeriodDays(PeriodEndingWith(PeriodKind::kMonth, Day("2026-02-03"))),
            "2026-02-01 to 2026-02-28");
}

TEST(Period, HasAName) {
  for (const PeriodKind kind : kPeriodKinds) EXPECT_EQ(PeriodFromName(PeriodName(kind)), kind);
  EXPECT_EQ(PeriodFromName("year"), std::nullopt);
}

}  // namespace
}  // namespace accesslog
