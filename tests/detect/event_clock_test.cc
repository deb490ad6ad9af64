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
constexpr Duration kMaxAhead = minutes{5};

TEST(EventClock, ChargesALineToItsOwnTime) {
  EXPECT_EQ(EventClock(kMaxAhead).Observe(kLastYear, kWall), kLastYear);
}

TEST(EventClock, ChargesALineWithoutTimeToTheWall) {
  EXPECT_EQ(EventClock(kMaxAhead).Observe(std::nullopt, kWall), kWall);
}

TEST(EventClock, ChargesALineFromTheFutureToTheWall) {
  EventClock clock(kMaxAhead);
  clock.GoLive();
  EXPECT_EQ(clock.Observe(kWall + minutes{5} + milliseconds{1}, kWall), kWall);
}

TEST(EventClock, DoesNotSqueezeHistoryIntoThePresentWhileCatchingUp) {
  EventClock clock(kMaxAhead);
  EXPECT_EQ(clock.Observe(kWall + hours{1}, kWall), kWall + hours{1});
  EXPECT_EQ(clock.Observe(kWall + hours{3}, kWall), kWall + hours{3});
  EXPECT_EQ(clock.Now(kWall), kWall);
}

TEST(EventClock, BelievesAServerWhoseClockIsALittleAhead) {
  EXPECT_EQ(EventClock(kMaxAhead).Observe(kWall + minutes{5}, kWall), kWall + minutes{5});
}

TEST(EventClock, BelievesAnythingWhereAskedTo) {
  const Time next_year = kWall + hours{24 * 365};
  EXPECT_EQ(EventClock(Duration::max()).Observe(next_year, kWall), next_year);
}

TEST(EventClock, IsTheWallsBeforeAnyLine) {
  EventClock clock(kMaxAhead);
  EXPECT_EQ(clock.Now(kWall), kWall);
  clock.GoLive();
  EXPECT_EQ(clock.Now(kWall), kWall);
}

// What an old log tells of last year is no signal of today.
TEST(EventClock, IsTheWallsWhileCatchingUp) {
  EventClock clock(kMaxAhead);
  clock.Observe(kLastYear, kWall);
  EXPECT_EQ(clock.Now(kWall), kWall);
  clock.GoLive();
  EXPECT_EQ(clock.Now(kWall), kWall);
}

TEST(EventClock, IsTheLogsOnceLinesAreRead) {
  EventClock clock(kMaxAhead);
  clock.GoLive();
  clock.Observe(kWall - seconds{7}, kWall);
  EXPECT_EQ(clock.Now(kWall), kWall - seconds{7});
}

TEST(EventClock, GoesOnWithTheWallWhileTheLogIsSilent) {
  EventClock clock(kMaxAhead);
  clock.GoLive();
  clock.Observe(kWall - seconds{7}, kWall);
  EXPECT_EQ(clock.Now(kWall + minutes{10}), kWall + minutes{10} - seconds{7});
}

TEST(EventClock, IsNotPulledBackByALateLine) {
  EventClock clock(kMaxAhead);
  clock.GoLive();
  clock.Observe(kWall, kWall);
  clock.Observe(kWall - minutes{1}, kWall + seconds{1});
  EXPECT_EQ(clock.Now(kWall + seconds{1}), kWall + seconds{1});
}

TEST(EventClock, StandsStillWhereTheWallStepsBack) {
  EventClock clock(kMaxAhead);
  clock.GoLive();
  clock.Observe(kWall, kWall);
  EXPECT_EQ(clock.Now(kWall - hours{1}), kWall);
}

}  // namespace
}  // namespace accesslog
