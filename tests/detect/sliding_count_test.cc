#include "detect/sliding_count.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kStart = ManualClock::kStart;
using TenSeconds = SlidingCount<10, 30>;
constexpr Duration kBucket = TenSeconds::kBucket;

TEST(SlidingCount, IsZeroAtFirst) { EXPECT_EQ(TenSeconds().Sum(kStart, minutes{5}), 0U); }

TEST(SlidingCount, CountsTheEventsOfTheSpan) {
  TenSeconds count;
  count.Add(kStart);
  count.Add(kStart + seconds{40});
  EXPECT_EQ(count.Sum(kStart + seconds{40}, minutes{1}), 2U);
}

TEST(SlidingCount, ForgetsWhatIsOlderThanTheSpan) {
  TenSeconds count;
  count.Add(kStart);
  EXPECT_EQ(count.Sum(kStart + minutes{1}, minutes{1}), 0U);
  EXPECT_EQ(count.Sum(kStart + minutes{1}, minutes{5}), 1U);
}

TEST(SlidingCount, ForgetsEverythingAfterALongSilence) {
  TenSeconds count;
  count.Add(kStart);
  EXPECT_EQ(count.Sum(kStart + hours{24}, minutes{5}), 0U);
  count.Add(kStart + hours{24});
  EXPECT_EQ(count.Sum(kStart + hours{24}, minutes{5}), 1U);
}

TEST(SlidingCount, CountsALateEventInItsOwnTime) {
  TenSeconds count;
  count.Add(kStart + minutes{4});
  count.Add(kStart);
  EXPECT_EQ(count.Sum(kStart + minutes{4}, minutes{1}), 1U);
  EXPECT_EQ(count.Sum(kStart + minutes{4}, minutes{5}), 2U);
}

TEST(SlidingCount, PassesOverAnEventOlderThanTheRing) {
  TenSeconds count;
  count.Add(kStart + minutes{5});
  count.Add(kStart);
  EXPECT_EQ(count.Sum(kStart + minutes{5}, minutes{5}), 1U);
}

TEST(SlidingCount, CountsNothingOfTheFuture) {
  TenSeconds count;
  count.Add(kStart + minutes{2});
  EXPECT_EQ(count.Sum(kStart, minutes{5}), 0U);
}

TEST(SlidingCount, StandsTheYear1970) {
  TenSeconds count;
  count.Add(Time{} - hours{14});
  count.Add(Time{});
  count.Add(Time{} + seconds{1});
  EXPECT_EQ(count.Sum(Time{} + seconds{1}, minutes{5}), 2U);
}

TEST(SlidingCount, KnowsWhatNoSumExceeds) {
  TenSeconds count;
  for (int i = 0; i < 3; ++i) count.Add(kStart);
  EXPECT_EQ(count.total(), 3U);
  count.Add(kStart + minutes{4});
  EXPECT_EQ(count.total(), 4U);
  count.Add(kStart + minutes{6});
  EXPECT_EQ(count.total(), 2U);
}

// The slow, obvious way.
uint32_t Exact(const std::vector<Time>& events, Time now, Duration span) {
  return static_cast<uint32_t>(std::count_if(
      events.begin(), events.end(), [&](Time at) { return at > now - span && at <= now; }));
}

// `disorder`: so much earlier than the newest an event may be.
void PlayRandomly(uint32_t seed, Duration mean_gap, Duration disorder) {
  std::mt19937 random(seed);
  std::exponential_distribution<double> gap(1.0 / static_cast<double>(mean_gap.count()));
  TenSeconds count;
  std::vector<Time> events;
  Time now = kStart;
  for (int i = 0; i < 2000; ++i) {
    now += Duration{static_cast<int64_t>(gap(random))};
    const Time at = now - Duration{static_cast<int64_t>(random() % (disorder.count() + 1))};
    count.Add(at);
    events.push_back(at);
    for (const Duration span : {Duration{kBucket}, Duration{minutes{1}}, Duration{minutes{5}}}) {
      const uint32_t sum = count.Sum(now, span);
      ASSERT_LE(sum, Exact(events, now, span)) << "event " << i << ", seed " << seed;
      ASSERT_GE(sum, Exact(events, now, span - kBucket)) << "event " << i << ", seed " << seed;
      ASSERT_LE(sum, count.total()) << "event " << i << ", seed " << seed;
    }
  }
}

TEST(SlidingCount, MissesAtMostOneBucketOfAnOrderlyLog) {
  PlayRandomly(1, milliseconds{300}, milliseconds{0});
  PlayRandomly(2, seconds{20}, milliseconds{0});
}

TEST(SlidingCount, MissesAtMostOneBucketOfADisorderlyLog) {
  PlayRandomly(3, milliseconds{300}, seconds{30});
  PlayRandomly(4, seconds{20}, minutes{10});
}

}  // namespace
}  // namespace accesslog
