#include "detect/event_clock.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kWall = ManualClock::kStart;
constexpr Time kLastYear = kWall - hours{24 * 365};

TEST(EventClock, ChargesALineToItsOwnTime) {
  EXPECT_EQ(EventClock().Observe(kLastYear, kWall), kLastYear);
}

TEST(EventClock, ChargesALineWithoutTimeToTheWall) {
  EXPECT_EQ(EventClock().Observe(std::nullopt, kWall), kWall);
}

TEST(EventClock, ChargesALineFromTheFutureToTheWall) {
  EXPECT_EQ(EventClock().Observe(kWall + minutes{5} + milliseconds{1}, kWall), kWall);
}

TEST(EventClock, BelievesAServerWhoseClockIsALittleAhead) {
  EXPECT_EQ(EventClock().Observe(kWall + minutes{5}, kWall), kWall + minutes{5});
}

TEST(EventClock, IsTheWallsBeforeAnyLine) {
  EventClock clock;
  EXPECT_EQ(clock.Now(kWall), kWall);
  clock.GoLive();
  EXPECT_EQ(clock.Now(kWall), kWall);
}

// What an old log tells of last year is no signal of today.
TEST(EventClock, IsTheWallsWhileCatchingUp) {
  EventClock clock;
  clock.Observe(kLastYear, kWall);
  EXPECT_EQ(clock.Now(kWall), kWall);
  clock.GoLive();
  EXPECT_EQ(clock.Now(kWall), kWall);
}

TEST(EventClock, IsTheLogsOnceLinesAreRead) {
  EventClock clock;
  clock.GoLive();
  clock.Observe(kWall - seconds{7}, kWall);
  EXPECT_EQ(clock.Now(kWall), kWall - seconds{7});
}

TEST(EventClock, GoesOnWithTheWallWhileTheLogIsSilent) {
  EventClock clock;
  clock.GoLive();
  clock.Observe(kWall - seconds{7}, kWall);
  EXPECT_EQ(clock.Now(kWall + minutes{10}), kWall + minutes{10} - seconds{7});
}

TEST(EventClock, IsNotPulledBackByALateLine) {
  EventClock clock;
  clock.GoLive();
  clock.Observe(kWall, kWall);
  clock.Observe(kWall - minutes{1}, kWall + seconds{1});
  EXPECT_EQ(clock.Now(kWall + seconds{1}), kWall + seconds{1});
}

TEST(EventClock, StandsStillWhereTheWallStepsBack) {
  EventClock clock;
  clock.GoLive();
  clock.Observe(kWall, kWall);
  EXPECT_EQ(clock.Now(kWall - hours{1}), kWall);
}

}  // namespace
}  // namespace accesslog
