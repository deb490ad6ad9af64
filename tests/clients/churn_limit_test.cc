#include "clients/churn_limit.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kStart = ManualClock::kStart;

TEST(ChurnLimit, AllowsAsManyAsItMay) {
  ChurnLimit limit(3);
  EXPECT_TRUE(limit.Allow(kStart));
  EXPECT_TRUE(limit.Allow(kStart));
  EXPECT_TRUE(limit.Allow(kStart));
  EXPECT_FALSE(limit.Allow(kStart));
}

TEST(ChurnLimit, AllowsNothingAtZero) { EXPECT_FALSE(ChurnLimit(0).Allow(kStart)); }

TEST(ChurnLimit, AllowsAgainAfterAnHourAndAMinuteAtTheLatest) {
  ChurnLimit limit(1);
  ASSERT_TRUE(limit.Allow(kStart));
  EXPECT_FALSE(limit.Allow(kStart + minutes{60}));
  EXPECT_TRUE(limit.Allow(kStart + minutes{61}));
}

TEST(ChurnLimit, GivesBackMinuteByMinute) {
  ChurnLimit limit(2);
  ASSERT_TRUE(limit.Allow(kStart));
  ASSERT_TRUE(limit.Allow(kStart + minutes{30}));
  EXPECT_TRUE(limit.Allow(kStart + minutes{61}));
  EXPECT_FALSE(limit.Allow(kStart + minutes{61}));
  EXPECT_TRUE(limit.Allow(kStart + minutes{91}));
}

TEST(ChurnLimit, IsNotRenewedByAClockThatStepsBack) {
  ChurnLimit limit(1);
  ASSERT_TRUE(limit.Allow(kStart));
  EXPECT_FALSE(limit.Allow(kStart - hours{5}));
  EXPECT_FALSE(limit.Allow(kStart));
}

TEST(ChurnLimit, IsWholeAgainAfterALongSilence) {
  ChurnLimit limit(2);
  limit.Allow(kStart);
  limit.Allow(kStart);
  const Time later = kStart + hours{24 * 400};
  EXPECT_TRUE(limit.Allow(later));
  EXPECT_TRUE(limit.Allow(later));
  EXPECT_FALSE(limit.Allow(later));
}

// Most events within any 60 minutes of a sorted list, the slow way.
size_t MostInAnHour(const std::vector<Time>& times) {
  size_t most = 0;
  for (size_t first = 0; first < times.size(); ++first) {
    size_t count = 0;
    for (size_t i = first; i < times.size() && times[i] - times[first] < hours{1}; ++i) ++count;
    most = std::max(most, count);
  }
  return most;
}

void PlayRandomly(uint32_t seed, uint32_t per_hour, Duration mean_gap) {
  std::mt19937 random(seed);
  std::exponential_distribution<double> gap(1.0 / static_cast<double>(mean_gap.count()));
  ChurnLimit limit(per_hour);
  std::vector<Time> allowed;
  Time now = kStart + seconds{random() % 3600};
  for (int i = 0; i < 3000; ++i) {
    now += Duration{static_cast<int64_t>(gap(random))};
    if (limit.Allow(now)) allowed.push_back(now);
  }
  ASSERT_LE(MostInAnHour(allowed), per_hour) << "seed " << seed;
  // It must not be bounded by refusing everything: the last hour's allowance is used.
  ASSERT_GE(allowed.size(), std::min<size_t>(3000, per_hour)) << "seed " << seed;
}

TEST(ChurnLimit, HoldsInAnyHourOfRandomStreams) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    PlayRandomly(seed, 1 + seed * 3, seconds{1 + seed % 20});
  }
}

}  // namespace
}  // namespace accesslog
