#include "clients/steady_time.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Time kStart = ManualClock::kStart;

TEST(SteadyTime, IsTheClocksAtFirst) {
  SteadyTime time;
  EXPECT_EQ(time.At(kStart), kStart);
  EXPECT_EQ(time.Advance(kStart), kStart);
}

TEST(SteadyTime, GoesOnWithTheClock) {
  SteadyTime time;
  time.Advance(kStart);
  EXPECT_EQ(time.At(kStart + seconds{5}), kStart + seconds{5});
}

TEST(SteadyTime, StandsStillWhereTheClockStepsBack) {
  SteadyTime time;
  time.Advance(kStart);
  EXPECT_EQ(time.Advance(kStart - hours{1}), kStart);
}

TEST(SteadyTime, GoesOnFromThere) {
  SteadyTime time;
  time.Advance(kStart);
  time.Advance(kStart - hours{1});
  EXPECT_EQ(time.Advance(kStart - hours{1} + seconds{5}), kStart + seconds{5});
}

}  // namespace
}  // namespace accesslog
