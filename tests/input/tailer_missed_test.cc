// What happened between two looks at a running log: two rotations, a truncation that hid itself, a
// copy that holds what was cut off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

std::string Row(int number) {
  return "198.51.100.7 asked for page number " + std::to_string(number) + "\n";
}
Lines Rows(std::initializer_list<int> numbers) {
  Lines lines;
  for (const int number : numbers) {
    lines.push_back(Row(number));
    lines.back().pop_back();
  }
  return lines;
}

TEST(TailerMissed, ReadsTheFileBetweenTwoRotations) {
  FollowedLog log;
  log.files().Create(kLog, Row(1));
  log.Poll();
  log.files().Append(kLog, Row(2));
  log.files().Rename(kLog, "/var/log/access.log.2");
  log.files().Create(kRotated, Row(3));
  log.files().Create(kLog, Row(4));
  EXPECT_EQ(log.Poll(), Rows({2, 3, 4}));
  EXPECT_EQ(log.stats().rotations, 2U);
}

TEST(TailerMissed, ReadsAFileThatWasRotatedBeforeItCouldBeOpened) {
  FollowedLog log;
  log.files().Create(kLog, Row(1));
  log.Poll();
  log.files().Rename(kLog, "/var/log/access.log.2");
  log.files().Create(kLog, Row(2));
  log.files().Forbid(kLog);
  EXPECT_EQ(log.Poll(), Lines{});
  log.files().Rename(kLog, kRotated);
  log.files().Allow(kLog);
  log.files().Create(kLog, Row(3));
  EXPECT_EQ(log.Poll(), Rows({2, 3}));
}

TEST(TailerMissed, LeavesOlderFilesAlone) {
  FollowedLog log;
  log.files().Create("/var/log/access.log.2", Row(91));
  log.files().Create(kRotated, Row(92));
  log.files().Create(kLog, Row(1));
  EXPECT_EQ(log.Poll(), Rows({1}));
  log.files().Rename("/var/log/access.log.2", "/var/log/access.log.3");
  log.files().Rename(kRotated, "/var/log/access.log.2");
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Row(2));
  EXPECT_EQ(log.Poll(), Rows({2}));
  EXPECT_EQ(log.stats().rotations, 1U);
}

// zcat access.log.3.gz > access.log.3
TEST(TailerMissed, LeavesAnOldFileAloneThatSomebodyUncompressed) {
  FollowedLog log;
  log.files().Create(kLog, Row(1));
  log.Poll();
  log.files().Create("/var/log/access.log.3", Row(91));
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Row(2));
  EXPECT_EQ(log.Poll(), Rows({2}));
  log.Restart();
  log.files().Create("/var/log/access.log.4", Row(92));
  log.files().Rename(kRotated, "/var/log/access.log.2");
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Row(3));
  log.Restart();
  EXPECT_EQ(log.Poll(), Rows({3}));
}

TEST(TailerMissed, LeavesACopyOfAFinishedFileAlone) {
  FollowedLog log;
  log.files().Create(kLog, Row(1) + Row(2));
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog);
  log.Poll();
  log.clock().Advance(std::chrono::minutes{11});
  log.Poll();
  // As compression leaves it, but younger.
  log.files().Copy(kRotated, "/var/log/access.log.2");
  log.files().Remove(kRotated);
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Row(3));
  EXPECT_EQ(log.Poll(), Rows({3}));
}

TEST(TailerMissed, SeesATruncationBehindWhichTheFileGrewPastTheOldPlace) {
  FollowedLog log;
  log.files().Create(kLog, Row(1));
  log.Poll();
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(2) + Row(3) + Row(4));
  EXPECT_EQ(log.Poll(), Rows({2, 3, 4}));
  EXPECT_EQ(log.stats().truncations, 1U);
}

TEST(TailerMissed, SeesItInAHalfLine) {
  FollowedLog log;
  log.files().Create(kLog, Row(1) + "half");
  log.Poll();
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(2) + Row(3) + Row(4));
  EXPECT_EQ(log.Poll(), Rows({2, 3, 4}));
  EXPECT_EQ(log.stats().lost_bytes, 4U);
}

TEST(TailerMissed, ReadsWhatWasCutOffFromTheCopy) {
  FollowedLog log;
  log.files().Create(kLog, Row(1));
  log.Poll();
  log.files().Append(kLog, Row(2) + Row(3));
  log.files().Copy(kLog, kRotated);
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(4));
  EXPECT_EQ(log.Poll(), Rows({2, 3, 4}));
  EXPECT_EQ(log.stats().lost_bytes, 0U);
  EXPECT_EQ(log.Poll(), Lines{});
}

TEST(TailerMissed, KnowsACopyBehindWhichMoreWasRead) {
  FollowedLog log;
  log.files().Create(kLog, Row(1) + Row(2));
  log.Poll();
  log.files().Copy(kLog, kRotated);
  log.files().Append(kLog, Row(3));
  EXPECT_EQ(log.Poll(), Rows({3}));
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(4));
  EXPECT_EQ(log.Poll(), Rows({4}));
}

// As compression leaves it.
void ReplaceByAYoungerCopy(MemoryFileSystem& files) {
  files.Copy(kRotated, "/var/log/access.log.2");
  files.Remove(kRotated);
}

TEST(TailerMissed, KnowsItAlsoOnceTheFileIsEmpty) {
  FollowedLog log;
  log.files().Create(kLog, Row(1) + Row(2));
  log.Poll();
  log.files().Copy(kLog, kRotated);
  log.files().Append(kLog, Row(3));
  EXPECT_EQ(log.Poll(), Rows({3}));
  log.files().Truncate(kLog);
  EXPECT_EQ(log.Poll(), Lines{});
  ReplaceByAYoungerCopy(log.files());
  log.files().Append(kLog, Row(4));
  EXPECT_EQ(log.Poll(), Rows({4}));
}

TEST(TailerMissed, KnowsAYoungCopyAfterARestart) {
  FollowedLog log;
  log.files().Create(kLog, Row(1) + Row(2));
  log.Poll();
  log.files().Copy(kLog, kRotated);
  log.files().Append(kLog, Row(3));
  EXPECT_EQ(log.Poll(), Rows({3}));
  const std::string state = log.Save();
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(4));
  ReplaceByAYoungerCopy(log.files());
  log.RestartFrom(state);
  EXPECT_EQ(log.Poll(), Rows({4}));
}

TEST(TailerMissed, KnowsItAfterARestart) {
  FollowedLog log;
  log.files().Create(kLog, Row(1) + Row(2));
  log.Poll();
  log.files().Copy(kLog, kRotated);
  log.files().Append(kLog, Row(3));
  EXPECT_EQ(log.Poll(), Rows({3}));
  const std::string state = log.Save();
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(4));
  log.RestartFrom(state);
  EXPECT_EQ(log.Poll(), Rows({4}));
}

TEST(TailerMissed, EndsAHalfLineInTheCopy) {
  FollowedLog log;
  log.files().Create(kLog, Row(1) + Row(2).substr(0, 10));
  EXPECT_EQ(log.Poll(), Rows({1}));
  log.files().Append(kLog, Row(2).substr(10) + Row(3));
  log.files().Copy(kLog, kRotated);
  log.files().Truncate(kLog);
  EXPECT_EQ(log.Poll(), Rows({2, 3}));
}

TEST(TailerMissed, ReadsTheFileBetweenTwoTruncations) {
  FollowedLog log;
  log.files().Create(kLog, Row(1));
  log.Poll();
  log.files().Append(kLog, Row(2));
  log.files().Copy(kLog, "/var/log/access.log.2");
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(3));
  log.files().Copy(kLog, kRotated);
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(4));
  EXPECT_EQ(log.Poll(), Rows({2, 3, 4}));
}

TEST(TailerMissed, KnowsTheCompressedCopyOfAFileOfWhichNothingWasRead) {
  FollowedLog log;
  log.files().Create(kLog);
  log.Poll();
  log.files().Append(kLog, Row(1) + Row(2));
  // As compression leaves it: another file with the same content.
  log.files().Copy(kLog, "/var/log/access.log.2");
  log.files().Remove(kLog);
  log.files().Create(kRotated, Row(3));
  log.files().Create(kLog, Row(4));
  EXPECT_EQ(log.Poll(), Rows({1, 2, 3, 4}));
}

TEST(TailerMissed, ReadsTheCopiesOfAFileOfWhichNothingWasRead) {
  FollowedLog log;
  log.files().Create(kLog);
  log.Poll();
  log.files().Append(kLog, Row(1) + Row(2));
  log.files().Copy(kLog, "/var/log/access.log.2");
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(3));
  log.files().Copy(kLog, kRotated);
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(4));
  EXPECT_EQ(log.Poll(), Rows({1, 2, 3, 4}));
  EXPECT_EQ(log.Poll(), Lines{});
}

TEST(TailerMissed, ReadsTheCopiesOfAFileThatWasEmptiedBefore) {
  FollowedLog log;
  log.files().Create(kLog, Row(1));
  log.Poll();
  log.files().Copy(kLog, kRotated);
  log.files().Truncate(kLog);
  EXPECT_EQ(log.Poll(), Lines{});
  log.files().Append(kLog, Row(2));
  log.files().Rename(kRotated, "/var/log/access.log.2");
  log.files().Copy(kLog, kRotated);
  log.files().Truncate(kLog);
  log.files().Append(kLog, Row(3));
  EXPECT_EQ(log.Poll(), Rows({2, 3}));
}

// A server that does not append writes on at its old place, behind a hole.
TEST(TailerMissed, ReadsBehindAHole) {
  FollowedLog log;
  log.files().Create(kLog, Row(1));
  log.Poll();
  log.files().Truncate(kLog);
  log.files().Append(kLog, std::string(2U << 20U, '\0') + Row(2));
  EXPECT_EQ(log.Poll(), Rows({2}));
  EXPECT_EQ(log.oversized(), 0U);
}

TEST(TailerMissed, ReadsNothingTwiceOfAFileThatWasAwayForLong) {
  FollowedLog log;
  log.files().Create(kLog, Row(1) + Row(2));
  log.Poll();
  log.files().Rename(kLog, "/elsewhere/access.log");
  for (int i = 0; i < 3; ++i) {
    log.clock().Advance(std::chrono::minutes{11});
    log.Poll();
  }
  EXPECT_TRUE(log.tailer().is_empty());
  log.files().Rename("/elsewhere/access.log", kLog);
  log.files().Append(kLog, Row(3));
  EXPECT_EQ(log.Poll(), Rows({3}));
}

// A file that was there at the start but might not be read yet is old, not new.
TEST(TailerMissed, PassesOverWhatStoodInAFileThatMightNotBeRead) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, Row(1));
  log.files().Forbid(kLog);
  log.Poll();
  log.files().Append(kLog, Row(2));
  log.files().Allow(kLog);
  EXPECT_EQ(log.Poll(), Rows({2}));
}

}  // namespace
}  // namespace accesslog
