#include "clients/hyper_log_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace accesslog {
namespace {

constexpr double kStandardError = 1.04 / 45.25;  // 45.25 = sqrt(2048)

double EstimateOf(const HyperLogLog& sketch) {
  HyperLogLog::Registers registers{};
  sketch.MergeInto(registers);
  return EstimateCount(registers);
}

std::string BytesOf(const HyperLogLog& sketch) {
  ByteWriter writer;
  sketch.Save(writer);
  return writer.Take();
}

TEST(HyperLogLog, IsZeroWhereNothingWasAdded) {
  EXPECT_EQ(EstimateOf(HyperLogLog{}), 0);
  EXPECT_TRUE(HyperLogLog{}.empty());
}

TEST(HyperLogLog, CountsAFewNearlyExactly) {
  std::mt19937_64 random(1);
  HyperLogLog sketch;
  for (int i = 1; i <= 20; ++i) {
    sketch.Raise(HyperLogLog::PlaceOf(random()));
    EXPECT_NEAR(EstimateOf(sketch), i, 1) << i;
  }
}

// Over all sizes, between which the original estimator changes its formula, too.
TEST(HyperLogLog, StaysWithinThreeStandardErrorsAndHasNoBias) {
  for (const int count : {50, 500, 2000, 5000, 10000, 50000, 1000000}) {
    double sum = 0;
    constexpr int kTries = 20;
    for (int seed = 0; seed < kTries; ++seed) {
      std::mt19937_64 random(static_cast<uint64_t>(seed * 1000003 + count));
      HyperLogLog sketch;
      for (int i = 0; i < count; ++i) sketch.Raise(HyperLogLog::PlaceOf(random()));
      const double error = EstimateOf(sketch) / count - 1;
      // One of 140 may be a little outside of three.
      EXPECT_LT(std::abs(error), 3.5 * kStandardError) << count << ' ' << seed;
      sum += error;
    }
    EXPECT_LT(std::abs(sum / kTries), 3 * kStandardError / std::sqrt(kTries)) << count;
  }
}

TEST(HyperLogLog, SaysWhetherAPlaceWasNew) {
  HyperLogLog sketch;
  EXPECT_TRUE(sketch.Raise({7, 3}));
  EXPECT_FALSE(sketch.Raise({7, 3}));
  EXPECT_FALSE(sketch.Raise({7, 2}));
  EXPECT_TRUE(sketch.Raise({7, 4}));
  EXPECT_TRUE(sketch.Raise({6, 1}));
  EXPECT_TRUE(sketch.Raise({2047, 31}));
}

TEST(HyperLogLog, PutsEveryHashSomewhere) {
  EXPECT_EQ(HyperLogLog::PlaceOf(0).rank, HyperLogLog::kMaxRank);
  EXPECT_EQ(HyperLogLog::PlaceOf(0).index, 0);
  EXPECT_EQ(HyperLogLog::PlaceOf(~uint64_t{0}).rank, 1);
  EXPECT_EQ(HyperLogLog::PlaceOf(~uint64_t{0}).index, 2047);
}

TEST(HyperLogLog, IsTheSamePackedAndSpread) {
  std::mt19937_64 random(2);
  for (const int count : {0, 1, 300, 700, 5000}) {
    HyperLogLog packed;
    HyperLogLog spread;
    spread.Spread();
    for (int i = 0; i < count; ++i) {
      const auto place = HyperLogLog::PlaceOf(random());
      EXPECT_EQ(packed.Raise(place), spread.Raise(place));
    }
    EXPECT_EQ(BytesOf(packed), BytesOf(spread));
    spread.Pack();
    EXPECT_EQ(EstimateOf(packed), EstimateOf(spread));
    EXPECT_LE(BytesOf(packed).size(), 2050U);
  }
}

TEST(HyperLogLog, ComesBackAndRefusesDamage) {
  std::mt19937_64 random(3);
  for (const int count : {1, 300, 5000}) {
    HyperLogLog sketch;
    for (int i = 0; i < count; ++i) sketch.Raise(HyperLogLog::PlaceOf(random()));
    const std::string bytes = BytesOf(sketch);
    HyperLogLog loaded;
    ByteReader reader(bytes);
    ASSERT_TRUE(loaded.Load(reader) && reader.IsDone());
    EXPECT_EQ(BytesOf(loaded), bytes);
    for (size_t size = 0; size < bytes.size(); ++size) {
      HyperLogLog damaged;
      ByteReader cut(std::string_view(bytes).substr(0, size));
      ASSERT_FALSE(damaged.Load(cut)) << size;
    }
  }
  for (const std::string& text :
       {std::string("\1\0\1\0", 4), std::string("\0\0", 2), std::string(2048, '\x20')}) {
    ByteWriter writer;
    writer.Text(text);
    ByteReader reader(writer.bytes());
    HyperLogLog damaged;
    EXPECT_FALSE(damaged.Load(reader));
  }
}

}  // namespace
}  // namespace accesslog
