#include "base/zone_rule.h"

#include <gtest/gtest.h>

#include <chrono>

namespace accesslog {
namespace {

int64_t Utc(int year, int month, int day, int hour = 0) {
  const std::chrono::sys_days date{std::chrono::year(year) / month / day};
  return date.time_since_epoch().count() * int64_t{86400} + hour * 3600;
}

TEST(ZoneRule, WithoutSummerTimeIsOneStretch) {
  const auto rule = ZoneRule::Parse("<+0545>-5:45");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->At(0).offset, 5 * 3600 + 45 * 60);
  EXPECT_LT(rule->At(0).begin, Utc(0, 1, 1));
}

TEST(ZoneRule, ChangesTwiceAYear) {
  const auto rule = ZoneRule::Parse("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(rule);
  const OffsetSpan summer = rule->At(Utc(2026, 7, 1));
  EXPECT_EQ(summer.offset, 7200);
  EXPECT_EQ(summer.begin, Utc(2026, 3, 29, 1));
  EXPECT_EQ(summer.end, Utc(2026, 10, 25, 1));
  EXPECT_EQ(rule->At(summer.end).offset, 3600);
  EXPECT_EQ(rule->At(summer.begin - 1).offset, 3600);
  EXPECT_EQ(rule->At(Utc(2026, 1, 1)).begin, Utc(2025, 10, 26, 1));
}

TEST(ZoneRule, KnowsTheSouth) {
  const auto rule = ZoneRule::Parse("AEST-10AEDT,M10.1.0,M4.1.0/3");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->At(Utc(2026, 1, 1)).offset, 11 * 3600);
  EXPECT_EQ(rule->At(Utc(2026, 7, 1)).offset, 10 * 3600);
}

TEST(ZoneRule, TakesHoursOutsideOfTheDay) {
  const auto rule = ZoneRule::Parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->At(Utc(2026, 7, 1)).begin, Utc(2026, 3, 29, 1));
}

TEST(ZoneRule, CountsDaysWithAndWithoutTheLeapDay) {
  const auto with = ZoneRule::Parse("AAA0BBB,59/0,J305/0");
  ASSERT_TRUE(with);
  EXPECT_EQ(with->At(Utc(2024, 7, 1)).begin, Utc(2024, 2, 29));
  EXPECT_EQ(with->At(Utc(2023, 7, 1)).begin, Utc(2023, 3, 1));
  EXPECT_EQ(with->At(Utc(2024, 7, 1)).end, Utc(2024, 11, 1) - 3600);
  EXPECT_EQ(with->At(Utc(2023, 7, 1)).end, Utc(2023, 11, 1) - 3600);
}

TEST(ZoneRule, MayHaveSummerTimeAllYear) {
  const auto rule = ZoneRule::Parse("XXX3EDT4,0/0,J365/23");
  ASSERT_TRUE(rule);
  for (int month = 1; month <= 12; ++month)
    EXPECT_EQ(rule->At(Utc(2026, month, 1)).offset, -4 * 3600);
}

TEST(ZoneRule, RefusesWhatIsNone) {
  for (const char* text :
       {"", "CET", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/168",
        "CET-1CEST,M3.5.0,M10.5.0x", "<+03-3", "CET-99", "CET-1CEST,J0,J9", "CET99999999999999"}) {
    EXPECT_FALSE(ZoneRule::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace accesslog
