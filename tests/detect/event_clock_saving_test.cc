// When the event clock goes back, which it hardly ever does, and how it goes on after Load.
#include <gtest/gtest.h>

#include <random>

#include "detect/event_clock.h"
#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kWall = ManualClock::kStart;
constexpr Duration kMaxAhead = minutes{5};

EventClock Live() {
  EventClock clock(kMaxAhead);
  clock.GoLive();
  return clock;
}

// Feeds it a line each second of `span`, all late by `lag`, and tells the wall's time at the end.
Time SeeLate(EventClock& clock, Time wall, Duration span, Duration lag) {
  for (const Time end = wall + span; wall < end; wall += seconds{1})
    clock.Observe(wall - lag, wall);
  return wall;
}

EventClock Loaded(const EventClock& clock, const RestoreTimes& times) {
  ByteWriter writer;
  clock.Save(writer);
  ByteReader reader(writer.bytes());
  EventClock loaded(kMaxAhead);
  EXPECT_TRUE(loaded.Load(reader, times) && reader.IsDone());
  return loaded;
}

// As long as some line is in time, late ones change nothing.
TEST(EventClockBack, NeverGoesBackWhileLinesAreInTime) {
  std::mt19937 random(1);
  EventClock clock = Live();
  Time wall = kWall;
  Time before = clock.Now(wall);
  for (int i = 0; i < 20000; ++i) {
    wall += Duration{random() % 1000};
    const Duration lag = i % 40 == 0 ? seconds{0} : seconds{random() % 7200};
    clock.Observe(wall - lag, wall);
    ASSERT_GE(clock.Now(wall), before) << i;
    before = clock.Now(wall);
  }
  EXPECT_EQ(clock.Now(wall) - wall, seconds{0});
}

// A file that begins with last year's line must not take the clock there.
TEST(EventClockBack, DoesNotBelieveAnOldFirstLine) {
  EventClock clock = Live();
  clock.Observe(kWall - hours{24 * 365}, kWall);
  EXPECT_EQ(clock.Now(kWall), kWall);
  clock.Observe(kWall + seconds{1}, kWall + seconds{1});
  EXPECT_EQ(clock.Now(kWall + seconds{1}), kWall + seconds{1});
}

// Nothing was told yet, so a line that is a little late may be that of a server a little behind.
TEST(EventClockBack, BelievesAFirstLineThatIsALittleLate) {
  EventClock clock = Live();
  clock.Observe(kWall - minutes{5}, kWall);
  EXPECT_EQ(clock.Now(kWall), kWall - minutes{5});
}

// Read faster than they were written, each is late by less than the one before.
TEST(EventClockBack, DoesNotFollowAnOldFileThatIsReadNow) {
  EventClock clock = Live();
  clock.Observe(kWall, kWall);
  for (int i = 0; i < 150; ++i) {
    const Time wall = kWall + seconds{i};
    clock.Observe(kWall - hours{24} + minutes{6 * i}, wall);
    ASSERT_EQ(clock.Now(wall), wall) << i;
  }
}

TEST(EventClockBack, BelievesAMinuteOfLinesThatAreAllLateByTheSame) {
  EventClock clock = Live();
  clock.Observe(kWall, kWall);
  Time wall = SeeLate(clock, kWall + seconds{1}, seconds{60}, hours{1});
  EXPECT_EQ(clock.Now(wall), wall);
  wall = SeeLate(clock, wall, seconds{1}, hours{1});
  EXPECT_EQ(clock.Now(wall), wall - hours{1});
  // Once: from there it goes forward again.
  const Time before = clock.Now(wall);
  wall = SeeLate(clock, wall, minutes{10}, hours{1});
  EXPECT_EQ(clock.Now(wall), before + minutes{10});
}

TEST(EventClockBack, TakesTheLeastLateOfThem) {
  EventClock clock = Live();
  clock.Observe(kWall, kWall);
  Time wall = SeeLate(clock, kWall + seconds{1}, seconds{30}, hours{1});
  clock.Observe(wall - hours{1} + minutes{2}, wall);
  wall = SeeLate(clock, wall, seconds{31}, hours{1});
  EXPECT_EQ(clock.Now(wall), wall - hours{1} + minutes{2});
}

TEST(EventClockBack, BeginsToWaitAnewWithALineInTime) {
  EventClock clock = Live();
  clock.Observe(kWall, kWall);
  Time wall = SeeLate(clock, kWall + seconds{1}, seconds{50}, hours{1});
  clock.Observe(wall, wall);
  wall = SeeLate(clock, wall, seconds{50}, hours{1});
  EXPECT_EQ(clock.Now(wall), wall);
}

TEST(EventClockLoad, GoesOnInTheSameProcessWhateverItSaw) {
  std::mt19937 random(2);
  EventClock clock = Live();
  EventClock saved = Live();
  Time wall = kWall;
  for (int i = 0; i < 20000; ++i) {
    wall += Duration{random() % 3000};
    const Duration lag = i / 200 % 2 == 0 ? seconds{random() % 20} : minutes{60} + seconds{i % 90};
    EXPECT_EQ(clock.Observe(wall - lag, wall), saved.Observe(wall - lag, wall));
    if (i % 7 == 0) saved = Loaded(saved, {wall, wall, {}, true});
    ASSERT_TRUE(saved.is_live());
    ASSERT_EQ(saved.Now(wall), clock.Now(wall)) << i;
  }
}

TEST(EventClockLoad, IsNotLiveAfterARestart) {
  EventClock clock = Live();
  clock.Observe(kWall - seconds{7}, kWall);
  const Time now = kWall + hours{1};
  EventClock loaded = Loaded(clock, {kWall, now, seconds{2}, false});
  EXPECT_FALSE(loaded.is_live());
  EXPECT_EQ(loaded.Now(now), now - seconds{7});
  // A line of meanwhile, and one of a server whose clock is ahead, are believed and change nothing.
  EXPECT_EQ(loaded.Observe(now - minutes{30}, now), now - minutes{30});
  EXPECT_EQ(loaded.Observe(now + hours{1}, now), now + hours{1});
  EXPECT_EQ(loaded.Now(now), now - seconds{7});
}

// Half a minute of late lines before a restart and half a minute behind it are no whole one.
TEST(EventClockLoad, BeginsToWaitAnewAfterARestart) {
  EventClock clock = Live();
  clock.Observe(kWall, kWall);
  Time wall = SeeLate(clock, kWall + seconds{1}, seconds{50}, hours{1});
  EventClock loaded = Loaded(clock, {wall, wall, seconds{2}, false});
  loaded.GoLive();
  wall = SeeLate(loaded, wall, seconds{50}, hours{1});
  EXPECT_EQ(loaded.Now(wall), wall);
}

TEST(EventClockLoad, IsTheWallsWhereThatWasSetBack) {
  EventClock clock = Live();
  clock.Observe(kWall, kWall);
  const Time now = kWall - hours{2};
  EXPECT_EQ(Loaded(clock, {kWall, now, seconds{2}, false}).Now(now), now);
}

TEST(EventClockLoad, KnowsNothingWhereNothingWasSeen) {
  const EventClock loaded = Loaded(EventClock(kMaxAhead), {kWall, kWall, {}, true});
  EXPECT_FALSE(loaded.is_live());
  EXPECT_EQ(loaded.Now(kWall + hours{3}), kWall + hours{3});
}

}  // namespace
}  // namespace accesslog
