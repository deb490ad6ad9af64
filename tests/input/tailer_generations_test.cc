// Rotations faster than their old files fall silent.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

// "…/access.log" becomes ".1", ".1" becomes ".2", and so on, as logrotate does it.
void Rotate(MemoryFileSystem& files, int old_files) {
  for (int i = old_files; i > 0; --i) {
    files.Rename(std::string(kLog) + "." + std::to_string(i),
                 std::string(kLog) + "." + std::to_string(i + 1));
  }
  files.Rename(kLog, kRotated);
}

TEST(TailerGenerations, FollowsThreeFilesAfterTwoRotations) {
  FollowedLog log;
  auto first = log.files().Create(kLog, "1\n");
  log.Poll();
  Rotate(log.files(), 0);
  auto second = log.files().Create(kLog, "2\n");
  log.Poll();
  Rotate(log.files(), 1);
  auto third = log.files().Create(kLog, "3\n");
  EXPECT_EQ(log.Poll(), Lines{"3"});
  third.Append("third\n");
  second.Append("second\n");
  first.Append("first\n");
  EXPECT_EQ(log.Poll(), (Lines{"first", "second", "third"}));
  EXPECT_EQ(log.stats().rotations, 2U);
}

TEST(TailerGenerations, GivesUpTheOldestBeyondTheLimit) {
  FollowedLog log({.start = StartAt::kBeginning, .max_generations = 1});
  auto first = log.files().Create(kLog, "1\n");
  log.Poll();
  Rotate(log.files(), 0);
  auto second = log.files().Create(kLog, "2\n");
  log.Poll();
  Rotate(log.files(), 1);
  log.files().Create(kLog, "3\n");
  log.Poll();
  first.Append("first\n");
  second.Append("second\n");
  EXPECT_EQ(log.Poll(), Lines{"second"});
}

TEST(TailerGenerations, EndsTheHalfLineOfAFileGivenUp) {
  FollowedLog log({.start = StartAt::kBeginning, .max_generations = 1});
  log.files().Create(kLog, "1\nhalf");
  log.Poll();
  Rotate(log.files(), 0);
  log.files().Create(kLog);
  log.Poll();
  Rotate(log.files(), 1);
  log.files().Create(kLog);
  EXPECT_EQ(log.Poll(), Lines{"half"});
}

// A file that waits to be read is no file to give up, however many wait.
TEST(TailerGenerations, KeepsFilesBeyondTheLimitThatWereNotRead) {
  FollowedLog log({.start = StartAt::kBeginning, .max_generations = 1});
  const std::string line(63, 'x');
  log.files().Create(kLog, line + "\n1234\n");
  log.Poll(64);
  Rotate(log.files(), 0);
  log.files().Create(kLog);
  log.Poll(0);
  Rotate(log.files(), 1);
  log.files().Create(kLog);
  EXPECT_EQ(log.Poll(), Lines{"1234"});
  EXPECT_EQ(log.stats().lost_bytes, 0U);
}

// What is given up before it was read is lost, and a torn line is no line.
TEST(TailerGenerations, CountsTheUnreadBytesOfAFileThatCannotBeReadAsLost) {
  FollowedLog log({.start = StartAt::kBeginning, .max_generations = 1});
  log.files().Create(kLog, "a\nb");
  log.Poll();
  log.files().Append(kLog, "1234\n");
  log.files().FailReads(kLog, "Input/output error");
  log.Poll();
  Rotate(log.files(), 0);
  log.files().Create(kLog);
  log.Poll();
  Rotate(log.files(), 1);
  log.files().Create(kLog);
  EXPECT_EQ(log.Poll(), Lines{});
  EXPECT_EQ(log.stats().lost_bytes, 6U);
}

}  // namespace
}  // namespace accesslog
