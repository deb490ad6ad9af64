// Who does something for the first time in weeks.
#include "detect/newcomers.h"

#include <gtest/gtest.h>

#include <string>

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// The beginning of a day.
constexpr Time kDay{hours{480000}};
constexpr Duration kLearning = hours{14 * 24};

ClientKey Key(uint64_t number) { return {.high = 0, .low = 0xFFFF00000000U + number}; }
Time DayAfter(int days) { return kDay + hours{24 * days}; }

Newcomers AfterLearning() {
  Newcomers newcomers(28, kLearning, 42);
  newcomers.Visit(Key(1), kDay);
  return newcomers;
}

std::string Saved(const Newcomers& newcomers) {
  ByteWriter writer;
  newcomers.Save(writer);
  return writer.Take();
}

bool Load(Newcomers& newcomers, std::string_view bytes) {
  ByteReader reader(bytes);
  return newcomers.Load(reader) && reader.IsDone();
}

TEST(Newcomers, AreNoneWhileTheSiteIsLearned) {
  Newcomers newcomers(28, kLearning, 42);
  EXPECT_FALSE(newcomers.Visit(Key(1), kDay));
  EXPECT_FALSE(newcomers.Visit(Key(2), kDay + kLearning - seconds{1}));
  EXPECT_TRUE(newcomers.Visit(Key(3), kDay + kLearning));
}

TEST(Newcomers, AreNewOnce) {
  Newcomers newcomers = AfterLearning();
  EXPECT_FALSE(newcomers.Knows(Key(2)));
  EXPECT_TRUE(newcomers.Visit(Key(2), DayAfter(14)));
  EXPECT_TRUE(newcomers.Knows(Key(2)));
  EXPECT_FALSE(newcomers.Visit(Key(2), DayAfter(14)));
  EXPECT_FALSE(newcomers.Visit(Key(2), DayAfter(20)));
}

TEST(Newcomers, WhoCameWhileItWasLearnedAreKnown) {
  Newcomers newcomers = AfterLearning();
  EXPECT_FALSE(newcomers.Visit(Key(1), DayAfter(20)));
}

TEST(Newcomers, AreNewAgainAfterWeeks) {
  Newcomers newcomers = AfterLearning();
  EXPECT_FALSE(newcomers.Visit(Key(1), DayAfter(28)));
  EXPECT_TRUE(newcomers.Visit(Key(1), DayAfter(28 + 29)));
}

TEST(Newcomers, AreNoneWithoutLearningTimeToPass) {
  Newcomers newcomers(28, Duration{0}, 42);
  EXPECT_TRUE(newcomers.Visit(Key(1), kDay));
}

TEST(Newcomers, AreNotLookedForInLinesOfLongAgo) {
  Newcomers newcomers = AfterLearning();
  newcomers.Visit(Key(1), DayAfter(100));
  newcomers.Visit(Key(2), DayAfter(60));
  EXPECT_FALSE(newcomers.Knows(Key(2)));
}

TEST(Newcomers, CanBeForgotten) {
  Newcomers newcomers = AfterLearning();
  EXPECT_TRUE(newcomers.Forget(Key(1)));
  EXPECT_FALSE(newcomers.Forget(Key(1)));
  EXPECT_TRUE(newcomers.Visit(Key(1), DayAfter(14)));
}

TEST(Newcomers, AreLearnedAnewWhenAllAreForgotten) {
  Newcomers newcomers = AfterLearning();
  newcomers.Visit(Key(1), DayAfter(20));
  newcomers.ForgetAll();
  EXPECT_FALSE(newcomers.Knows(Key(1)));
  EXPECT_FALSE(newcomers.Visit(Key(1), DayAfter(20)));
  EXPECT_FALSE(newcomers.Visit(Key(2), DayAfter(33)));
  EXPECT_TRUE(newcomers.Visit(Key(3), DayAfter(34)));
}

// A flood of names that log in once takes nobody's place who came on several days.
TEST(Newcomers, AreBounded) {
  Newcomers newcomers = AfterLearning();
  newcomers.Visit(Key(1), DayAfter(1));
  const size_t full = uint64_t{1} << 16U;
  for (uint64_t i = 0; i < 200000; ++i) newcomers.Visit(Key(1000 + i), DayAfter(2));
  EXPECT_LE(Saved(newcomers).size(), full + 1024);
  EXPECT_TRUE(newcomers.Knows(Key(1)));
}

TEST(Newcomers, GoOnAfterTheyWereSaved) {
  Newcomers newcomers = AfterLearning();
  for (uint64_t i = 0; i < 100; ++i) newcomers.Visit(Key(i), DayAfter(3));
  Newcomers loaded(28, kLearning, 7);
  ASSERT_TRUE(Load(loaded, Saved(newcomers)));
  EXPECT_EQ(Saved(loaded), Saved(newcomers));
  for (uint64_t i = 0; i < 100; ++i) EXPECT_FALSE(loaded.Visit(Key(i), DayAfter(14)));
  EXPECT_TRUE(loaded.Visit(Key(200), DayAfter(14)));
}

TEST(Newcomers, HaveNotBegunWhereNobodyCame) {
  Newcomers loaded(28, kLearning, 7);
  ASSERT_TRUE(Load(loaded, Saved(Newcomers(28, kLearning, 42))));
  EXPECT_FALSE(loaded.Visit(Key(1), kDay));
}

TEST(Newcomers, AreRefusedInBytesThatEndTooEarly) {
  const std::string bytes = Saved(AfterLearning());
  for (size_t size = 0; size < bytes.size(); size += size < 200 ? 1 : 97) {
    Newcomers loaded(28, kLearning, 7);
    EXPECT_FALSE(Load(loaded, std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(Newcomers, AreRefusedWhereBytesMakeNoSense) {
  ByteWriter many;
  many.Number(42);
  many.Flag(false);
  many.Text("");
  many.Number(65);  // parts
  for (int i = 0; i < 130; ++i) many.Text("");
  ByteWriter far;
  far.Number(42);
  far.Flag(true);
  far.Signed(INT64_MAX);  // a moment
  far.Text("");
  far.Number(0);
  for (const ByteWriter& writer : {many, far}) {
    Newcomers loaded(28, kLearning, 7);
    EXPECT_FALSE(Load(loaded, writer.bytes()));
  }
}

}  // namespace
}  // namespace accesslog
