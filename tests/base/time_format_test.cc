#include "base/time_format.h"

#include <gtest/gtest.h>

#include "support/scoped_time_zone.h"

namespace accesslog {
namespace {

constexpr Time kTime{Duration{1694190416007}};

TEST(FormatUtc, WritesWholeSeconds) { EXPECT_EQ(FormatUtc(kTime), "2023-09-08T16:26:56Z"); }

TEST(FormatUtc, WritesMillisecondsWhereAsked) {
  EXPECT_EQ(FormatUtc(kTime, true), "2023-09-08T16:26:56.007Z");
}

TEST(FormatUtc, WritesTheEpoch) { EXPECT_EQ(FormatUtc(Time{}, true), "1970-01-01T00:00:00.000Z"); }

TEST(FormatUtc, RoundsDownBeforeTheEpoch) {
  EXPECT_EQ(FormatUtc(Time{Duration{-1}}, true), "1969-12-31T23:59:59.999Z");
}

TEST(FormatUtc, IgnoresTheZoneOfTheMachine) {
  const ScopedTimeZone zone("EST5EDT,M3.2.0,M11.1.0");
  EXPECT_EQ(FormatUtc(kTime), "2023-09-08T16:26:56Z");
}

TEST(FormatLocal, WritesSummerTime) {
  const ScopedTimeZone zone("EST5EDT,M3.2.0,M11.1.0");
  EXPECT_EQ(FormatLocal(kTime), "2023-09-08 12:26:56 -0400");
}

TEST(FormatLocal, WritesWinterTime) {
  const ScopedTimeZone zone("EST5EDT,M3.2.0,M11.1.0");
  EXPECT_EQ(FormatLocal(kTime + std::chrono::days{120}), "2024-01-06 11:26:56 -0500");
}

TEST(FormatLocal, WritesZonesOfHalfHours) {
  const ScopedTimeZone zone("IST-5:30");
  EXPECT_EQ(FormatLocal(kTime), "2023-09-08 21:56:56 +0530");
}

}  // namespace
}  // namespace accesslog
