#include "base/clock.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(ToSeconds, KeepsMilliseconds) {
  EXPECT_EQ(ToSeconds(Time{Duration{1694190416123}}), 1694190416.123);
}

TEST(ToSeconds, TakesTimesBeforeTheEpoch) { EXPECT_EQ(ToSeconds(Time{Duration{-1500}}), -1.5); }

TEST(ToSeconds, TakesDurations) { EXPECT_EQ(ToSeconds(std::chrono::minutes{5}), 300.0); }

TEST(SystemClock, ReadsTheClockOfTheSystem) {
  const auto before = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const Time now = SystemClock()();
  const auto after = std::chrono::system_clock::now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, after);
}

}  // namespace
}  // namespace accesslog
