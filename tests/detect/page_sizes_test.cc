#include "detect/page_sizes.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace accesslog {
namespace {

constexpr Time kNoon{std::chrono::hours{480000}};
constexpr Duration kHour = std::chrono::hours{1};

uint64_t Path(const std::string& name) { return std::hash<std::string>{}(name); }
uint64_t Path(uint64_t number) { return Path("/page/" + std::to_string(number)); }

void ObserveOthers(PageSizes& sizes, uint64_t count, uint64_t bytes, Time at = kNoon) {
  for (uint64_t i = 0; i < count; ++i) sizes.Observe(Path(i), bytes, at);
}

TEST(PageSizesTest, ThreeOtherPathsMakeACatchAll) {
  PageSizes sizes;
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon));
  ObserveOthers(sizes, 2, 5120);
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon));
  ObserveOthers(sizes, 3, 5120);
  EXPECT_TRUE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon));
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.env"), 5121, kNoon)) << "sizes count exactly";
}

TEST(PageSizesTest, ThePathItselfDoesNotCount) {
  PageSizes sizes;
  for (int i = 0; i < 100; ++i) sizes.Observe(Path("/.env"), 5120, kNoon);
  ObserveOthers(sizes, 2, 5120);
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon));
  EXPECT_TRUE(sizes.IsCatchAll(Path("/else"), 5120, kNoon));
}

TEST(PageSizesTest, AnEmptyBodyIsNoPage) {
  PageSizes sizes;
  ObserveOthers(sizes, 100, 0);
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.env"), 0, kNoon));
  EXPECT_FALSE(sizes.IsUsual(Path(0), 0, kNoon));
}

// {"ok":true} of three services must not cover a /.git/HEAD of the same 21 bytes.
TEST(PageSizesTest, SmallAnswersNeedMore) {
  PageSizes sizes;
  ObserveOthers(sizes, 3, 21);
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.git/HEAD"), 21, kNoon));
  ObserveOthers(sizes, 9, 21);
  EXPECT_TRUE(sizes.IsCatchAll(Path("/.git/HEAD"), 21, kNoon));
}

TEST(PageSizesTest, PathsAreForgottenAfterHours) {
  PageSizes sizes;
  ObserveOthers(sizes, 8, 5120);
  EXPECT_TRUE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon + 6 * kHour));
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon + 12 * kHour));
  ObserveOthers(sizes, 1, 5120, kNoon + 12 * kHour);
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon + 12 * kHour));
}

TEST(PageSizesTest, APageThatIsStillServedIsRemembered) {
  PageSizes sizes;
  for (int hour = 0; hour < 100; ++hour) ObserveOthers(sizes, 4, 5120, kNoon + hour * kHour);
  EXPECT_TRUE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon + 100 * kHour));
}

TEST(PageSizesTest, TheUsualPageOfAPath) {
  PageSizes sizes;
  sizes.Observe(Path("/"), 7000, kNoon);
  EXPECT_TRUE(sizes.IsUsual(Path("/"), 7000, kNoon));
  EXPECT_FALSE(sizes.IsUsual(Path("/"), 7001, kNoon));
  EXPECT_FALSE(sizes.IsUsual(Path("/a"), 7000, kNoon));
}

// He fills the table with sizes of his own; the catch-all page that eight paths had stays.
TEST(PageSizesTest, NobodyMakesItForgetACatchAll) {
  PageSizes sizes;
  ObserveOthers(sizes, 8, 1U << 20U);
  std::mt19937_64 random(1);
  for (int i = 0; i < 100000; ++i) {
    const uint64_t bytes = random() % 100000 + 64;
    for (int k = 0; k < 4; ++k) sizes.Observe(random(), bytes, kNoon);
  }
  EXPECT_TRUE(sizes.IsCatchAll(Path("/.env"), 1U << 20U, kNoon));
}

// One that three paths had is safe from sizes that were met once or twice.
TEST(PageSizesTest, ASprayOfSizesPushesOutItself) {
  PageSizes sizes;
  ObserveOthers(sizes, 3, 1U << 20U);
  std::mt19937_64 random(1);
  for (int i = 0; i < 100000; ++i) sizes.Observe(random(), random() | (1ULL << 40U), kNoon);
  EXPECT_TRUE(sizes.IsCatchAll(Path("/.env"), 1U << 20U, kNoon));
}

// On a site of many pages sizes meet by chance: a leak must not be lost among them.
TEST(PageSizesTest, CrowdedSizesProveNothing) {
  PageSizes sizes;
  std::mt19937_64 random(1);
  for (uint64_t page = 0; page < 50000; ++page) {
    sizes.Observe(Path(page), 2000 + random() % 20000, kNoon);
  }
  int covered = 0;
  for (uint64_t bytes = 2100; bytes < 12000; ++bytes) {
    covered += sizes.IsCatchAll(Path("/.env"), bytes, kNoon) ? 1 : 0;
  }
  EXPECT_LT(covered, 10) << "of 9,900 sizes";
  ObserveOthers(sizes, 40, 4321);
  EXPECT_TRUE(sizes.IsCatchAll(Path("/.env"), 4321, kNoon)) << "forty paths are no chance";
}

TEST(PageSizesTest, FromFewPathsOneCannotMakeMany) {
  PageSizes sizes;
  for (int i = 0; i < 1000; ++i) ObserveOthers(sizes, 2, 5120, kNoon + i * std::chrono::seconds{1});
  EXPECT_FALSE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon + kHour));
}

TEST(PageSizesTest, LateLinesCountAsNow) {
  PageSizes sizes;
  sizes.Observe(Path(9), 5120, kNoon);
  ObserveOthers(sizes, 3, 5120, kNoon - 24 * kHour);
  EXPECT_TRUE(sizes.IsCatchAll(Path("/.env"), 5120, kNoon));
}

std::string SavedOf(const PageSizes& sizes) {
  ByteWriter writer;
  sizes.Save(writer);
  return writer.Take();
}

PageSizes Crowd(uint64_t seed) {
  PageSizes sizes;
  std::mt19937_64 random(seed);
  for (int i = 0; i < 5000; ++i) {
    sizes.Observe(random() % 300, random() % 500, kNoon + (i / 100) * kHour);
  }
  return sizes;
}

TEST(PageSizesTest, SavedAndLoadedItGoesOnAsBefore) {
  for (uint64_t seed = 1; seed < 20; ++seed) {
    PageSizes one = Crowd(seed);
    const std::string saved = SavedOf(one);
    PageSizes other;
    ByteReader reader(saved);
    ASSERT_TRUE(other.Load(reader));
    EXPECT_TRUE(reader.IsDone());
    EXPECT_EQ(SavedOf(other), saved);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 2000; ++i) {
      const uint64_t path = random() % 300;
      const uint64_t bytes = random() % 500;
      const Time at = kNoon + (50 + i / 100) * kHour;
      ASSERT_EQ(one.IsCatchAll(path, bytes, at), other.IsCatchAll(path, bytes, at));
      one.Observe(path, bytes, at);
      other.Observe(path, bytes, at);
    }
    EXPECT_EQ(SavedOf(one), SavedOf(other));
  }
}

// Damaged bytes are refused, or make an object that works and can be saved again.
TEST(PageSizesTest, DamagedBytes) {
  const std::string saved = SavedOf(Crowd(1));
  std::mt19937_64 random(7);
  int refused = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string damaged = saved;
    for (uint64_t k = random() % 4; k < 4; ++k)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    if (random() % 4 == 0) damaged.resize(random() % damaged.size());
    PageSizes sizes;
    ByteReader reader(damaged);
    if (!sizes.Load(reader)) {
      ++refused;
      continue;
    }
    ObserveOthers(sizes, 50, random() % 1000, kNoon);
    PageSizes again;
    const std::string bytes = SavedOf(sizes);
    ByteReader second(bytes);
    EXPECT_TRUE(again.Load(second));
  }
  EXPECT_GT(refused, 300);
}

}  // namespace
}  // namespace accesslog
