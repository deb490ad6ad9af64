#include "input/tail_state.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <random>

namespace accesslog {
namespace {

std::string Saved(const SavedTail& tail) {
  ByteWriter writer;
  Save(tail, writer);
  return writer.Take();
}

// Nothing if the bytes are damaged.
std::optional<SavedTail> Loaded(std::string_view bytes) {
  SavedTail tail;
  ByteReader reader(bytes);
  if (!Load(reader, tail) || !reader.IsDone()) return std::nullopt;
  return tail;
}

SavedGeneration RandomGeneration(std::mt19937_64& random) {
  // Small numbers and the largest.
  const auto number = [&random] { return random() >> random() % 64; };
  const auto mark = [&] {
    return ContentMark{number(), static_cast<uint32_t>(random() % (kMarkBytes + 1)), random()};
  };
  SavedGeneration generation;
  generation.id = {number(), number(), static_cast<int64_t>(random())};
  generation.mark = mark();
  generation.head = HeadOf(std::string("192.0.2.1 - - [08/Sep/2023").append(random() % 120, 'x'));
  generation.half_line = generation.mark.end == 0 ? 0 : random() % generation.mark.end;
  generation.skipping = random() % 2 == 0;
  generation.known_size = number();
  generation.live = random() % 2 == 0;
  return generation;
}

SavedTail RandomTail(std::mt19937_64& random) {
  SavedTail tail;
  tail.stats.open_errors = random();
  tail.stats.rotations = random() % 10;
  tail.stats.truncations = random() % 10;
  tail.stats.lost_bytes = random();
  tail.stats.lost_files = random() % 10;
  for (uint64_t left = random() % 4; left > 0; --left) {
    tail.generations.push_back(RandomGeneration(random));
    tail.finished.push_back(RandomGeneration(random));
  }
  tail.modified = static_cast<int64_t>(random());
  tail.unseen_since = std::numeric_limits<int64_t>::min();
  return tail;
}

void ExpectEqual(const std::vector<SavedGeneration>& a, const std::vector<SavedGeneration>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].id, b[i].id);
    EXPECT_EQ(a[i].mark, b[i].mark);
    EXPECT_EQ(a[i].head, b[i].head);
    EXPECT_EQ(a[i].half_line, b[i].half_line);
    EXPECT_EQ(a[i].skipping, b[i].skipping);
    EXPECT_EQ(a[i].known_size, b[i].known_size);
    EXPECT_EQ(a[i].live, b[i].live);
  }
}

TEST(SavedTail, IsTheSame) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 500; ++i) {
    const SavedTail tail = RandomTail(random);
    const auto loaded = Loaded(Saved(tail));
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->stats, tail.stats);
    ExpectEqual(loaded->generations, tail.generations);
    ExpectEqual(loaded->finished, tail.finished);
    EXPECT_EQ(loaded->modified, tail.modified);
    EXPECT_EQ(loaded->unseen_since, tail.unseen_since);
  }
}

// Whoever was the first in the log is nobody's business.
TEST(SavedTail, TellsNobodysAddress) {
  SavedTail tail;
  SavedGeneration generation;
  generation.head = HeadOf("192.0.2.77 - - [08/Sep/2023:10:00:00 +0000] \"GET");
  tail.generations.push_back(generation);
  EXPECT_EQ(Saved(tail).find("192"), std::string::npos);
}

// As files of version 1 have it, which kept the bytes.
TEST(SavedTail, IsTakenFromAnOlderVersion) {
  const std::string head = "192.0.2.77 - - [08/Sep/2023:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1";
  ByteWriter writer;
  writer.Number(1);
  for (int i = 0; i < 5; ++i) writer.Number(0);
  writer.Number(1);
  for (int i = 0; i < 6; ++i) writer.Number(0);
  writer.Text(head);
  for (int i = 0; i < 7; ++i) writer.Number(0);
  const auto loaded = Loaded(writer.bytes());
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->generations.size(), 1U);
  EXPECT_EQ(loaded->generations[0].head, HeadOf(head));
}

// How far behind it is, the next process finds out by itself.
TEST(SavedTail, KeepsNoStateOfTheMoment) {
  SavedTail tail;
  tail.stats.open = true;
  tail.stats.bytes_behind = 7;
  const auto loaded = Loaded(Saved(tail));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->stats, TailStats{});
}

TEST(DamagedTail, IsNoticedWhereTheEndIsMissing) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20; ++i) {
    const std::string bytes = Saved(RandomTail(random));
    for (size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(Loaded(bytes.substr(0, size))) << size;
    }
    EXPECT_FALSE(Loaded(bytes + 'x'));
  }
}

// No mark is longer than what a file is compared with, no half line longer than what was read.
TEST(DamagedTail, IsNoticedOrInRange) {
  std::mt19937_64 random(3);
  const std::string bytes = Saved(RandomTail(random));
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = bytes;
    for (uint64_t flips = random() % 3; flips <= 2; ++flips) {
      char& byte = damaged[random() % damaged.size()];
      byte = static_cast<char>(static_cast<uint8_t>(byte) ^ 1U << random() % 8);
    }
    const auto tail = Loaded(damaged);
    if (!tail) continue;
    for (const SavedGeneration& generation : tail->generations) {
      ASSERT_LE(generation.mark.length, kMarkBytes);
      ASSERT_LE(generation.head.length, kHeadBytes);
      ASSERT_EQ(generation.head.hashes.size(), HeadHashes(generation.head.length));
      ASSERT_LE(generation.half_line, generation.mark.end);
    }
  }
}

}  // namespace
}  // namespace accesslog
