// How many different things the last minutes held.
#include "detect/distinct_recent.h"

#include <gtest/gtest.h>

#include <string>

namespace accesslog {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kNoon{std::chrono::hours{480000}};
constexpr Duration kSpan = minutes{5};
using Four = DistinctRecent<4>;

Four Filled() {
  Four four;
  for (uint32_t i = 0; i < 4; ++i) four.Add(i, kNoon + seconds{i});
  return four;
}

std::string Saved(const Four& four) {
  ByteWriter writer;
  four.Save(writer);
  return writer.Take();
}

TEST(DistinctRecent, CountsDifferentThingsOnce) {
  Four four;
  EXPECT_EQ(four.Count(kNoon, kSpan), 0U);
  four.Add(7, kNoon);
  four.Add(7, kNoon);
  four.Add(8, kNoon);
  EXPECT_EQ(four.Count(kNoon, kSpan), 2U);
  EXPECT_EQ(four.size(), 2U);
}

TEST(DistinctRecent, CountsUpToTheWindowsOldEnd) {
  Four four;
  four.Add(7, kNoon);
  EXPECT_EQ(four.Count(kNoon + seconds{299}, kSpan), 1U);
  EXPECT_EQ(four.Count(kNoon + seconds{300}, kSpan), 0U);
  EXPECT_EQ(four.Count(kNoon - seconds{1}, kSpan), 0U);
}

TEST(DistinctRecent, CountsFromTheLastTimeOn) {
  Four four;
  four.Add(7, kNoon);
  four.Add(7, kNoon + seconds{200});
  four.Add(7, kNoon + seconds{100});
  EXPECT_EQ(four.Count(kNoon + seconds{499}, kSpan), 1U);
  EXPECT_EQ(four.Count(kNoon + seconds{500}, kSpan), 0U);
}

TEST(DistinctRecent, HoldsTheNewestOnly) {
  Four four = Filled();
  four.Add(9, kNoon + seconds{10});
  EXPECT_EQ(four.size(), 4U);
  EXPECT_EQ(four.Count(kNoon + seconds{10}, kSpan), 4U);
  EXPECT_EQ(four.First(kNoon + seconds{10}, kSpan), kNoon + seconds{1});
}

TEST(DistinctRecent, GivesNothingUpForWhatIsOlder) {
  Four four = Filled();
  four.Add(9, kNoon - seconds{1});
  EXPECT_EQ(four.First(kNoon + seconds{10}, kSpan), kNoon);
  EXPECT_EQ(four.Count(kNoon - seconds{1}, kSpan), 0U);
}

TEST(DistinctRecent, StaysAtItsMostUnderAnyNumber) {
  Four four;
  for (uint32_t i = 0; i < 10000; ++i) four.Add(i, kNoon + milliseconds{i});
  EXPECT_EQ(four.Count(kNoon + seconds{10}, kSpan), 4U);
  EXPECT_EQ(four.size(), 4U);
}

TEST(DistinctRecent, TellsTheFirstInTheWindow) {
  const Four four = Filled();
  EXPECT_EQ(four.First(kNoon + seconds{3}, seconds{2}), kNoon + seconds{2});
  EXPECT_EQ(four.First(kNoon + minutes{20}, kSpan), std::nullopt);
  EXPECT_EQ(Four().First(kNoon, kSpan), std::nullopt);
}

TEST(DistinctRecent, TakesTimesBefore1970AndFarAhead) {
  Four four;
  four.Add(1, Time{seconds{-100}});
  four.Add(2, Time{seconds{int64_t{1} << 53U}});
  EXPECT_EQ(four.size(), 2U);
  EXPECT_EQ(four.Count(kNoon, kSpan), 0U);
}

TEST(DistinctRecent, CanBeCleared) {
  Four four = Filled();
  four.Clear();
  EXPECT_EQ(four.size(), 0U);
}

TEST(DistinctRecent, GoesOnAfterItWasSaved) {
  const Four four = Filled();
  Four loaded;
  const std::string bytes = Saved(four);
  ByteReader whole(bytes);
  ASSERT_TRUE(loaded.Load(whole));
  EXPECT_TRUE(whole.IsDone());
  EXPECT_EQ(loaded.Count(kNoon + seconds{10}, kSpan), 4U);
  EXPECT_EQ(Saved(loaded), bytes);
}

TEST(DistinctRecent, RefusesBytesThatEndTooEarly) {
  const std::string bytes = Saved(Filled());
  for (size_t size = 0; size < bytes.size(); ++size) {
    Four loaded;
    ByteReader reader(std::string_view(bytes).substr(0, size));
    EXPECT_FALSE(loaded.Load(reader)) << size;
  }
}

TEST(DistinctRecent, RefusesMoreThanItHolds) {
  ByteWriter writer;
  writer.Number(5);
  for (int i = 0; i < 10; ++i) writer.Number(1);
  Four loaded;
  ByteReader reader(writer.bytes());
  EXPECT_FALSE(loaded.Load(reader));
  EXPECT_LE(loaded.size(), 4U);
}

}  // namespace
}  // namespace accesslog
