// How often each client came in the last minute, whoever else is sprayed around it.
#include "detect/rate_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace accesslog {
namespace {

using std::chrono::seconds;

// At the beginning of a sub-bucket.
constexpr Time kNoon{std::chrono::hours{480000}};
constexpr uint64_t kSecret = 42;

ClientKey Key(uint64_t number) { return {.high = 0, .low = 0xFFFF00000000U + number}; }

void Spray(RateTable& table, uint64_t clients, Time at) {
  for (uint64_t i = 0; i < clients; ++i) table.Add(Key(1000 + i), at, true);
}

std::string Saved(const RateTable& table, Time now) {
  ByteWriter writer;
  table.Save(writer, now);
  return writer.Take();
}

bool Load(RateTable& table, std::string_view bytes) {
  ByteReader reader(bytes);
  return table.Load(reader) && reader.IsDone();
}

TEST(RateTable, KnowsNobodyAtFirst) {
  const RateTable table(kSecret, 16);
  EXPECT_EQ(table.Get(Key(1), kNoon).requests, 0U);
  EXPECT_FALSE(table.Get(Key(1), kNoon).watched);
}

TEST(RateTable, CountsTheMinute) {
  RateTable table(kSecret, 16);
  for (uint32_t i = 1; i <= 100; ++i) {
    const auto rate = table.Add(Key(1), kNoon, i % 4 != 0);
    EXPECT_EQ(rate.requests, i);
    EXPECT_EQ(rate.dynamic, i - i / 4);
  }
  EXPECT_EQ(table.Get(Key(1), kNoon).requests, 100U);
  EXPECT_EQ(table.Get(Key(1), kNoon).dynamic, 75U);
  EXPECT_EQ(table.Get(Key(2), kNoon).requests, 0U);
}

TEST(RateTable, IsExactToASubBucket) {
  RateTable table(kSecret, 16);
  table.Add(Key(1), kNoon, true);
  table.Add(Key(1), kNoon + seconds{9}, true);
  table.Add(Key(1), kNoon + seconds{10}, true);
  EXPECT_EQ(table.Get(Key(1), kNoon + seconds{59}).requests, 3U);
  EXPECT_EQ(table.Get(Key(1), kNoon + seconds{60}).requests, 1U);
  EXPECT_EQ(table.Get(Key(1), kNoon + seconds{69}).requests, 1U);
  EXPECT_EQ(table.Get(Key(1), kNoon + seconds{70}).requests, 0U);
}

TEST(RateTable, NeverCountsMoreThanAMinute) {
  RateTable table(kSecret, 16);
  for (int second = 0; second < 600; ++second) {
    const auto rate = table.Add(Key(1), kNoon + seconds{second}, true);
    EXPECT_LE(rate.requests, 60U);
    EXPECT_GE(rate.requests, static_cast<uint32_t>(std::min(second + 1, 51)));
  }
}

TEST(RateTable, BeginsAnewAfterAPause) {
  RateTable table(kSecret, 16);
  for (int i = 0; i < 50; ++i) table.Add(Key(1), kNoon, true);
  EXPECT_EQ(table.Add(Key(1), kNoon + seconds{3600}, true).requests, 1U);
}

TEST(RateTable, CountsALateLineWhereItBelongs) {
  RateTable table(kSecret, 16);
  table.Add(Key(1), kNoon + seconds{50}, true);
  EXPECT_EQ(table.Add(Key(1), kNoon + seconds{5}, true).requests, 2U);
  EXPECT_EQ(table.Get(Key(1), kNoon + seconds{59}).requests, 2U);
  EXPECT_EQ(table.Get(Key(1), kNoon + seconds{60}).requests, 1U);
  // As the minute ended then.
  EXPECT_EQ(table.Get(Key(1), kNoon + seconds{5}).requests, 1U);
}

TEST(RateTable, DoesNotCountALineThatIsOlderThanTheMinute) {
  RateTable table(kSecret, 16);
  table.Add(Key(1), kNoon + seconds{120}, true);
  EXPECT_EQ(table.Add(Key(1), kNoon, true).requests, 1U);
  EXPECT_EQ(table.Get(Key(1), kNoon).requests, 0U);
}

TEST(RateTable, SaturatesInsteadOfStartingAgainAtZero) {
  RateTable table(kSecret, 1);
  uint32_t most = 0;
  for (int i = 0; i < 70000; ++i) {
    const uint32_t requests = table.Add(Key(1), kNoon, true).requests;
    EXPECT_GE(requests, most);
    most = requests;
  }
  EXPECT_EQ(most, 65535U);
}

TEST(RateTable, TakesTimesThatNoClockShows) {
  RateTable table(kSecret, 16);
  EXPECT_EQ(table.Add(Key(1), Time{seconds{-1000000}}, true).requests, 1U);
  EXPECT_EQ(table.Get(Key(1), Time{seconds{-1000000}}).requests, 1U);
  EXPECT_EQ(table.Add(Key(2), Time{seconds{int64_t{1} << 53U}}, true).requests, 1U);
}

TEST(RateTable, KeepsAFloodAmongAHundredThousandOthers) {
  RateTable table(kSecret, 1024);
  uint32_t requests = 0;
  for (; requests < 5; ++requests) table.Add(Key(1), kNoon, true);
  for (uint64_t i = 0; i < 100000; ++i) {
    table.Add(Key(1000 + i), kNoon + seconds{i / 2000}, true);
    if (i % 100 != 0) continue;
    EXPECT_EQ(table.Add(Key(1), kNoon + seconds{i / 2000}, true).requests, ++requests);
  }
  EXPECT_EQ(table.Get(Key(1), kNoon + seconds{49}).requests, 1005U);
}

TEST(RateTable, GivesUpWhoDidLeast) {
  RateTable table(kSecret, 1);
  for (uint64_t client = 0; client < 4; ++client) {
    for (uint64_t i = 0; i <= client; ++i) table.Add(Key(client), kNoon, true);
  }
  table.Add(Key(9), kNoon, true);
  EXPECT_EQ(table.Get(Key(0), kNoon).requests, 0U);
  for (uint64_t client = 1; client < 4; ++client) {
    EXPECT_EQ(table.Get(Key(client), kNoon).requests, client + 1);
  }
  EXPECT_EQ(table.Get(Key(9), kNoon).requests, 1U);
}

TEST(RateTable, KeepsWhoIsWatched) {
  RateTable table(kSecret, 16);
  EXPECT_FALSE(table.Add(Key(1), kNoon, true).watched);
  table.SetWatched(Key(1), true);
  Spray(table, 10000, kNoon + seconds{1});
  EXPECT_TRUE(table.Get(Key(1), kNoon + seconds{1}).watched);
  EXPECT_TRUE(table.Add(Key(1), kNoon + seconds{3000}, true).watched);
  table.SetWatched(Key(1), false);
  EXPECT_FALSE(table.Add(Key(1), kNoon + seconds{3000}, true).watched);
}

TEST(RateTable, WatchesNobodyWhomItDoesNotKnow) {
  RateTable table(kSecret, 16);
  table.SetWatched(Key(1), true);
  EXPECT_FALSE(table.Add(Key(1), kNoon, true).watched);
}

TEST(RateTable, ForgetsOneOrAll) {
  RateTable table(kSecret, 16);
  table.Add(Key(1), kNoon, true);
  table.Add(Key(2), kNoon, true);
  table.Forget(Key(1));
  EXPECT_EQ(table.Get(Key(1), kNoon).requests, 0U);
  EXPECT_EQ(table.Get(Key(2), kNoon).requests, 1U);
  table.Clear();
  EXPECT_EQ(table.Get(Key(2), kNoon).requests, 0U);
}

TEST(RateTable, GoesOnAfterItWasSaved) {
  RateTable table(kSecret, 1024);
  for (uint64_t i = 0; i < 100; ++i) table.Add(Key(i), kNoon + seconds{i % 50}, i % 2 == 0);
  table.SetWatched(Key(3), true);
  RateTable loaded(kSecret + 1, 1024);
  ASSERT_TRUE(Load(loaded, Saved(table, kNoon + seconds{50})));
  for (uint64_t i = 0; i < 100; ++i) {
    const Time now = kNoon + seconds{55};
    EXPECT_EQ(loaded.Get(Key(i), now).requests, table.Get(Key(i), now).requests) << i;
    EXPECT_EQ(loaded.Get(Key(i), now).dynamic, table.Get(Key(i), now).dynamic) << i;
    EXPECT_EQ(loaded.Get(Key(i), now).watched, i == 3) << i;
  }
  EXPECT_EQ(Saved(loaded, kNoon + seconds{50}), Saved(table, kNoon + seconds{50}));
}

TEST(RateTable, SavesTheLastMinuteAndWhoIsWatched) {
  RateTable table(kSecret, 16);
  table.Add(Key(1), kNoon, true);
  table.Add(Key(2), kNoon, true);
  table.SetWatched(Key(2), true);
  RateTable loaded(kSecret, 16);
  ASSERT_TRUE(Load(loaded, Saved(table, kNoon + seconds{120})));
  EXPECT_EQ(loaded.Get(Key(1), kNoon).requests, 0U);
  EXPECT_TRUE(loaded.Get(Key(2), kNoon).watched);
}

TEST(RateTable, KnowsNothingInAnotherSize) {
  RateTable table(kSecret, 64);
  for (uint64_t i = 0; i < 100; ++i) table.Add(Key(i), kNoon, true);
  RateTable smaller(kSecret, 16);
  ASSERT_TRUE(Load(smaller, Saved(table, kNoon)));
  for (uint64_t i = 0; i < 100; ++i) EXPECT_EQ(smaller.Get(Key(i), kNoon).requests, 0U);
  EXPECT_EQ(smaller.Add(Key(1), kNoon, true).requests, 1U);
}

TEST(RateTable, RefusesBytesThatEndTooEarly) {
  RateTable table(kSecret, 16);
  for (uint64_t i = 0; i < 5; ++i) table.Add(Key(i), kNoon, true);
  const std::string bytes = Saved(table, kNoon);
  for (size_t size = 0; size < bytes.size(); ++size) {
    RateTable loaded(kSecret, 16);
    EXPECT_FALSE(Load(loaded, std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(RateTable, SurvivesDamagedBytes) {
  RateTable table(kSecret, 4);
  for (uint64_t i = 0; i < 5; ++i) table.Add(Key(i), kNoon, true);
  const std::string bytes = Saved(table, kNoon);
  for (size_t place = 0; place < bytes.size(); ++place) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[place] = static_cast<char>(damaged[place] ^ (1U << bit));
      RateTable loaded(kSecret, 4);
      Load(loaded, damaged);
      // Whatever was read, the next request is counted.
      for (uint64_t i = 0; i < 5; ++i) EXPECT_LE(loaded.Get(Key(i), kNoon).requests, 6U * 65535U);
      EXPECT_GE(loaded.Add(Key(77), kNoon, true).requests, 1U);
    }
  }
}

TEST(RateTable, RefusesAPlaceThatItDoesNotHave) {
  ByteWriter writer;
  writer.Number(kSecret);
  writer.Number(4);    // sets
  writer.Number(1);    // entries
  writer.Number(16);   // the first place behind them
  for (int i = 0; i < 14; ++i) writer.Number(1);
  RateTable loaded(kSecret, 4);
  EXPECT_FALSE(Load(loaded, writer.bytes()));
}

}  // namespace
}  // namespace accesslog
