#include "traffic/histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace accesslog {
namespace {

using ::testing::ElementsAre;

std::vector<uint64_t> Buckets(const DurationHistogram& histogram) {
  std::vector<uint64_t> buckets;
  for (size_t i = 0; i < kDurationBounds.size(); ++i) buckets.push_back(histogram.Cumulative(i));
  return buckets;
}

TEST(DurationHistogram, IsEmptyAtFirst) {
  const DurationHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.sum(), 0.0);
  EXPECT_THAT(Buckets(histogram), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(DurationHistogram, CountsCumulatively) {
  DurationHistogram histogram;
  for (const double seconds : {0.001, 0.03, 0.04, 2.0, 45.0}) histogram.Observe(seconds);
  EXPECT_THAT(Buckets(histogram), ElementsAre(1, 1, 1, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5));
}

TEST(DurationHistogram, PutsABoundIntoItsOwnBucket) {
  for (size_t i = 0; i < kDurationBounds.size(); ++i) {
    DurationHistogram histogram;
    histogram.Observe(kDurationBounds[i]);
    EXPECT_EQ(histogram.Cumulative(i), 1U) << kDurationBounds[i];
    EXPECT_EQ(i == 0 ? 0U : histogram.Cumulative(i - 1), 0U) << kDurationBounds[i];
  }
}

TEST(DurationHistogram, PutsWhatIsJustAboveABoundIntoTheNextBucket) {
  for (size_t i = 0; i < kDurationBounds.size(); ++i) {
    DurationHistogram histogram;
    histogram.Observe(std::nextafter(kDurationBounds[i], std::numeric_limits<double>::infinity()));
    EXPECT_EQ(histogram.Cumulative(i), 0U) << kDurationBounds[i];
  }
}

TEST(DurationHistogram, CountsWhatIsAboveAllBounds) {
  DurationHistogram histogram;
  histogram.Observe(61);
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.Cumulative(kDurationBounds.size() - 1), 0U);
}

TEST(DurationHistogram, CountsZero) {
  DurationHistogram histogram;
  histogram.Observe(0);
  EXPECT_EQ(histogram.Cumulative(0), 1U);
}

TEST(DurationHistogram, AddsUpSeconds) {
  DurationHistogram histogram;
  for (const double seconds : {0.25, 0.5, 100.0}) histogram.Observe(seconds);
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.sum(), 100.75);
}

}  // namespace
}  // namespace accesslog
