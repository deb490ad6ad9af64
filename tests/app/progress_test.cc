#include "app/progress.h"

#include <gmock/gmock.h>

#include <sstream>

#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr uint64_t kMega = 1000000;

class ProgressTest : public ::testing::Test {
 protected:
  // What was written since the last call.
  std::string Written() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }
  std::string After(Duration elapsed) {
    progress_.Update(work_, ManualClock::kStart + elapsed);
    return Written();
  }

  std::ostringstream out_;
  size_t columns_ = 80;
  Progress::Work work_{100 * kMega, 400 * kMega, 2000000};
  Progress progress_{Terminal{out_, [this] { return columns_; }}, ManualClock::kStart};
};

TEST_F(ProgressTest, SaysHowFarAndHowLong) {
  EXPECT_EQ(After(seconds{2}), "\r\x1b[K100.0 MB of 400.0 MB, 25 %, 1,000,000 lines/s, 6 s left");
}

TEST_F(ProgressTest, IsSilentAtFirst) {
  EXPECT_EQ(After(milliseconds{0}), "");
  EXPECT_EQ(After(milliseconds{500}), "");
  EXPECT_NE(After(milliseconds{501}), "");
}

TEST_F(ProgressTest, IsDrawnAtMostEightTimesASecond) {
  int drawings = 0;
  for (int ms = 1000; ms < 2000; ++ms) drawings += After(milliseconds{ms}).empty() ? 0 : 1;
  EXPECT_EQ(drawings, 8);
}

TEST_F(ProgressTest, IsErasedOnce) {
  After(seconds{1});
  progress_.Erase();
  EXPECT_EQ(Written(), "\r\x1b[K");
  progress_.Erase();
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressTest, ErasesNothingThatWasNotDrawn) {
  After(milliseconds{10});
  progress_.Erase();
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressTest, IsErasedAtTheEnd) {
  {
    Progress progress(Terminal{out_, [] { return size_t{80}; }}, ManualClock::kStart);
    progress.Update(work_, ManualClock::kStart + seconds{1});
    Written();
  }
  EXPECT_EQ(Written(), "\r\x1b[K");
}

TEST_F(ProgressTest, ReturnsAfterItWasErased) {
  After(seconds{1});
  progress_.Erase();
  Written();
  EXPECT_THAT(After(seconds{2}), HasSubstr("lines/s"));
}

TEST_F(ProgressTest, FitsTheTerminalOfTheMoment) {
  columns_ = 20;
  EXPECT_EQ(After(seconds{1}), "\r\x1b[K100.0 MB of 400.0 M");
  columns_ = 1;
  EXPECT_EQ(After(seconds{2}), "\r\x1b[K");
}

TEST_F(ProgressTest, SurvivesAClockThatIsSetBack) {
  After(seconds{10});
  EXPECT_NE(After(seconds{5}), "");
  EXPECT_EQ(After(-seconds{5}), "");
}

TEST(ProgressWithoutTerminal, WritesNothing) {
  Progress progress(std::nullopt, ManualClock::kStart);
  EXPECT_FALSE(progress.shown_at_all());
  progress.Update({1, 2, 3}, ManualClock::kStart + seconds{9});
  progress.Erase();
}

TEST(TerminalOfTest, IsNoneForAnythingButStderr) {
  std::ostringstream out;
  EXPECT_FALSE(TerminalOf(out).has_value());
}

TEST(ProgressTextTest, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(ProgressText({1500, std::nullopt, 10}, seconds{1}), "1.5 kB, 10 lines/s");
  EXPECT_EQ(ProgressText({0, 1000, 0}, seconds{1}), "0.0 kB of 1.0 kB, 0 %, 0 lines/s");
  EXPECT_EQ(ProgressText({0, 0, 0}, seconds{0}), "0.0 kB");
  EXPECT_EQ(ProgressText({5000, 0, 1}, seconds{1}), "5.0 kB, 1 lines/s");
}

// The file may grow while it is read.
TEST(ProgressTextTest, NeverPassesTheEnd) {
  EXPECT_EQ(ProgressText({3000, 2000, 100}, seconds{10}),
            "3.0 kB of 2.0 kB, 100 %, 10 lines/s, 0 s left");
}

TEST(ProgressTextTest, IsNeverNegative) {
  const std::string text = ProgressText({500, 1000, 7}, -seconds{10});
  EXPECT_THAT(text, Not(HasSubstr("-")));
  EXPECT_EQ(text, "0.5 kB of 1.0 kB, 50 %");
}

TEST(ProgressTextTest, ChoosesUnits) {
  EXPECT_EQ(ProgressText({999949, std::nullopt, 0}, {}), "999.9 kB");
  EXPECT_EQ(ProgressText({999950, std::nullopt, 0}, {}), "1.0 MB");
  EXPECT_EQ(ProgressText({364 * kMega, std::nullopt, 0}, {}), "364.0 MB");
  EXPECT_EQ(ProgressText({~uint64_t{0}, std::nullopt, 0}, {}), "18446.7 PB");
}

TEST(ProgressTextTest, TellsLongTimes) {
  EXPECT_THAT(ProgressText({1, 60, 1}, seconds{1}), EndsWith(" 59 s left"));
  EXPECT_THAT(ProgressText({1, 126, 1}, seconds{1}), EndsWith(" 2 min 5 s left"));
  EXPECT_THAT(ProgressText({1, 5, 1}, hours{1}), EndsWith(" 4 h 0 min left"));
  EXPECT_THAT(ProgressText({1, ~uint64_t{0}, 1}, hours{1}), EndsWith(" 100,000 h 0 min left"));
}

TEST(ProgressTextTest, RoundsTheRate) {
  EXPECT_THAT(ProgressText({1, std::nullopt, 1234567}, seconds{1}), EndsWith(" 1,230,000 lines/s"));
  EXPECT_THAT(ProgressText({1, std::nullopt, 42}, seconds{1}), EndsWith(" 42 lines/s"));
}

}  // namespace
}  // namespace accesslog
