// The process ends at any moment, the server writes on, logs are rotated meanwhile; the next process
// goes on behind the last line that was counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// Log lines are long enough to tell files apart.
std::string Line(int number) {
  return "192.0.2." + std::to_string(number % 250) + " request number " + std::to_string(number);
}
std::string Text(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += Line(i) + "\n";
  return text;
}
Lines All(int first, int last) {
  Lines lines;
  for (int i = first; i <= last; ++i) lines.push_back(Line(i));
  return lines;
}

TEST(TailerRestart, GoesOnBehindTheLastLine) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  EXPECT_EQ(log.Poll(), All(1, 3));
  log.Restart();
  EXPECT_EQ(log.Poll(), Lines{});
  log.files().Append(kLog, Text(4, 5));
  EXPECT_EQ(log.Poll(), All(4, 5));
  EXPECT_EQ(log.stats().lost_files, 0U);
}

TEST(TailerRestart, ReadsAgainWhatWasReadAfterTheSnapshot) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Append(kLog, Text(4, 5));
  EXPECT_EQ(log.Poll(), All(4, 5));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(4, 5));
}

TEST(TailerRestart, StartingAtTheEndPassesOverNothing) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, Text(1, 3));
  EXPECT_EQ(log.Poll(), Lines{});
  log.files().Append(kLog, Text(4, 5));
  const std::string kept = log.Save();
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(4, 5));
}

TEST(TailerRestart, TakesAHalfLineWhole) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3) + Line(4).substr(0, 9));
  EXPECT_EQ(log.Poll(), All(1, 3));
  log.Restart();
  log.files().Append(kLog, Line(4).substr(9) + "\n");
  EXPECT_EQ(log.Poll(), All(4, 4));
}

TEST(TailerRestart, CountsALineOverTheLimitOnce) {
  FollowedLog log({.start = StartAt::kBeginning, .max_line_bytes = 100});
  log.files().Create(kLog, Text(1, 2) + std::string(300, 'x'));
  EXPECT_EQ(log.Poll(), All(1, 2));
  log.Restart();
  log.files().Append(kLog, "xxx\n" + Text(3, 3));
  EXPECT_EQ(log.Poll(), All(3, 3));
  EXPECT_EQ(log.oversized(), 1U);
}

TEST(TailerRestart, KeepsItsFigures) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  log.files().Truncate(kLog);
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog);
  log.Poll();
  const TailStats before = log.stats();
  log.Restart();
  log.Poll();
  EXPECT_EQ(log.stats(), before);
}

// --- Rotations while nobody looked ---

TEST(TailerRestart, FindsTheRenamedFile) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  auto server = log.files().OpenForWriting(kLog);
  server.Append(Text(4, 5));
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Text(7, 9));
  server.Append(Text(6, 6));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(4, 9));
  EXPECT_EQ(log.stats().rotations, 1U);
  // The server still writes to it.
  server.Append(Text(10, 10));
  EXPECT_EQ(log.Poll(), All(10, 10));
}

TEST(TailerRestart, FindsAFileThatWasMovedToAnyName) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Append(kLog, Text(4, 5));
  log.files().Rename(kLog, "/var/log/saved-by-hand");
  log.files().Create(kLog, Text(6, 7));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(4, 7));
}

TEST(TailerRestart, ReadsAllGenerationsThatItMissed) {
  FollowedLog log;
  log.files().Create("/var/log/access.log.9", "older than all\n");
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Append(kLog, Text(4, 5));
  log.files().Rename(kLog, "/var/log/access.log.3");
  log.files().Create("/var/log/access.log.2", Text(6, 7));
  log.files().Create("/var/log/access.log.1", Text(8, 9));
  log.files().Create(kLog, Text(10, 10));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(4, 10));
  EXPECT_EQ(log.stats().rotations, 3U);
}

TEST(TailerRestart, ReadsNoGenerationTwiceWhenRestartedAgain) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  log.files().Rename(kLog, "/var/log/access.log.2");
  log.files().Create("/var/log/access.log.1", Text(4, 5));
  log.files().Create(kLog, Text(6, 7));
  log.Restart();
  EXPECT_EQ(log.Poll(), All(4, 7));
  for (int i = 0; i < 3; ++i) {
    log.Restart();
    EXPECT_EQ(log.Poll(), Lines{});
    log.clock().Advance(std::chrono::minutes{11});
    EXPECT_EQ(log.Poll(), Lines{});
  }
}

TEST(TailerRestart, LeavesFilesAloneThatWereRotatedBeforeItStarted) {
  FollowedLog log(FromEnd());
  log.files().Create(kRotated, Text(90, 99));
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  log.Restart();
  log.files().Append(kLog, Text(4, 4));
  log.files().Rename(kRotated, "/var/log/access.log.2");
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Text(5, 5));
  log.Restart();
  EXPECT_EQ(log.Poll(), All(4, 5));
}

TEST(TailerRestart, SaysWhenTheFileIsGone) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll(1);
  const std::string kept = log.Save();
  log.files().Create(kLog, Text(6, 7));
  log.TakeLog();
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(6, 7));
  EXPECT_EQ(log.stats().lost_files, 1U);
  EXPECT_GT(log.stats().lost_bytes, 0U);
  EXPECT_TRUE(log.tailer().lost_at_restore());
  EXPECT_THAT(log.TakeLog(), Contains(HasSubstr("is gone")));
}

TEST(TailerRestart, MissesNothingOfAFinishedFileThatWasDeleted) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Text(4, 5));
  log.Poll();
  log.files().Remove(kRotated);
  log.Restart();
  EXPECT_EQ(log.Poll(), Lines{});
  EXPECT_EQ(log.stats().lost_files, 0U);
}

// As when it was compressed: what came of it has its content only.
TEST(TailerRestart, KnowsAFileOfWhichNothingWasReadYet) {
  for (const std::string& written : {std::string(), Text(1, 3)}) {
    FollowedLog log;
    log.files().Create(kLog, written);
    log.Open();
    const std::string kept = log.Save();
    log.files().Append(kLog, Text(4, 5));
    log.files().Copy(kLog, "/var/log/access.log.2");
    log.files().Remove(kLog);
    log.files().Create(kRotated, Text(6, 7));
    log.files().Create(kLog, Text(8, 9));
    log.RestartFrom(kept);
    EXPECT_EQ(log.Poll(), written.empty() ? All(4, 9) : All(1, 9));
    EXPECT_EQ(log.stats().lost_files, 0U);
    EXPECT_FALSE(log.tailer().lost_at_restore());
  }
}

TEST(TailerRestart, KnowsARenamedFileOfWhichNothingWasReadYet) {
  FollowedLog log;
  log.files().Create(kLog);
  log.Open();
  log.files().Append(kLog, Text(1, 3));
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Text(4, 5));
  log.Restart();
  log.Open();
  const std::string kept = log.Save();
  log.files().Copy(kRotated, "/var/log/x");
  log.files().Remove(kRotated);
  log.files().Rename("/var/log/x", "/var/log/access.log.2");
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Text(6, 7));
  log.RestartFrom(kept);
  Lines lines = log.Poll();
  std::sort(lines.begin(), lines.end());
  EXPECT_EQ(lines, All(1, 7));
  EXPECT_EQ(log.stats().lost_files, 0U);
}

TEST(TailerRestart, TakesNoOtherFileForOneOfWhichNothingWasReadYet) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Open();
  const std::string kept = log.Save();
  log.files().Remove(kLog);
  log.files().Create(kRotated, Text(6, 7));
  log.files().Create(kLog, Text(8, 9));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(6, 9));
  EXPECT_EQ(log.stats().lost_files, 1U);
  EXPECT_TRUE(log.tailer().lost_at_restore());
}

// --- copytruncate while nobody looked ---

TEST(TailerRestart, ReadsTheRestFromTheCopy) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Append(kLog, Text(4, 5));
  log.files().Copy(kLog, kRotated);
  log.files().Truncate(kLog);
  log.files().Append(kLog, Text(6, 7));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(4, 7));
  EXPECT_EQ(log.stats().lost_files, 0U);
}

TEST(TailerRestart, SeesATruncatedFileThatGrewPastTheOldPlace) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Truncate(kLog);
  log.files().Append(kLog, Text(11, 20));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(11, 20));
  EXPECT_EQ(log.stats().truncations, 1U);
  EXPECT_EQ(log.stats().lost_files, 1U);
}

// --- Identity ---

TEST(TailerRestart, IsNotDeceivedByAnInodeThatIsUsedAgain) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  const uint64_t inode = log.files().InodeOf(kLog);
  log.files().Remove(kLog);
  log.files().ReuseInode(inode);
  log.files().Create(kLog, Text(11, 20));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(11, 20));
}

TEST(TailerRestart, TellsFilesWithTheSameFirstLinesApart) {
  const std::string head = "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n";
  const Lines head_lines = {head.substr(0, head.find('\n')), "#Version: 1.0"};
  FollowedLog log;
  log.files().Create(kLog, head);
  EXPECT_EQ(log.Poll(), head_lines);
  const std::string kept = log.Save();
  log.files().Append(kLog, Text(1, 2));
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, head);
  log.RestartFrom(kept);
  Lines expected = All(1, 2);
  expected.insert(expected.end(), head_lines.begin(), head_lines.end());
  EXPECT_EQ(log.Poll(), expected);
}

// As on a device that has another number since the machine was started anew.
TEST(TailerRestart, KnowsAFileByItsContentAlone) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Copy(kLog, "/var/log/x");
  log.files().Rename("/var/log/x", kLog);
  log.files().Append(kLog, Text(4, 4));
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(4, 4));
}

// --- Names and permissions ---

TEST(TailerRestart, WaitsForAFileThatMayNotBeReadNow) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Append(kLog, Text(4, 4));
  log.files().Forbid(kLog);
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), Lines{});
  // What is kept meanwhile is no worse.
  log.Restart();
  EXPECT_EQ(log.Poll(), Lines{});
  log.files().Allow(kLog);
  EXPECT_EQ(log.Poll(), All(4, 4));
}

TEST(TailerRestart, WaitsForAFileThatIsAway) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Append(kLog, Text(4, 4));
  log.files().Rename(kLog, "/elsewhere/access.log");
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), Lines{});
  log.files().Rename("/elsewhere/access.log", kLog);
  EXPECT_EQ(log.Poll(), All(4, 4));
}

TEST(TailerRestart, FollowsTheNextFileWhenOnlyTheRotatedOneIsThere) {
  FollowedLog log;
  log.files().Create(kLog, Text(1, 3));
  log.Poll();
  const std::string kept = log.Save();
  log.files().Append(kLog, Text(4, 4));
  log.files().Rename(kLog, kRotated);
  log.RestartFrom(kept);
  EXPECT_EQ(log.Poll(), All(4, 4));
  log.files().Create(kLog, Text(5, 5));
  EXPECT_EQ(log.Poll(), All(5, 5));
}

// --- A new configuration ---

TEST(TailerReload, KeepsAFileThatHasNoNameAnyMore) {
  FollowedLog log;
  auto server = log.files().Create(kLog, Text(1, 3));
  log.Poll();
  log.files().Remove(kLog);
  log.Reload();
  server.Append(Text(4, 5));
  EXPECT_EQ(log.Poll(), All(4, 5));
  log.files().Create(kLog, Text(6, 6));
  EXPECT_EQ(log.Poll(), All(6, 6));
  EXPECT_EQ(log.stats().lost_files, 0U);
}

TEST(TailerReload, KeepsEveryGeneration) {
  FollowedLog log;
  auto old_server = log.files().Create(kLog, Text(1, 3));
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, Text(4, 5));
  log.Poll();
  log.files().Remove(kRotated);
  log.Reload();
  old_server.Append(Text(6, 6));
  log.files().Append(kLog, Text(7, 7));
  EXPECT_EQ(log.Poll(), All(6, 7));
}

// So little of it is known that its copy is not; but the copy is read as one that nobody has seen.
TEST(TailerRestart, LosesNothingOfATruncatedFileOfWhichNoLineWasRead) {
  FollowedLog log;
  log.files().Create(kLog, "198.51");
  EXPECT_EQ(log.Poll(), Lines{});
  const std::string state = log.Save();
  log.files().Append(kLog, ".100.7 one\n");
  log.files().Copy(kLog, kRotated);
  log.files().Truncate(kLog);
  log.files().Append(kLog, "198.51.100.7 two\n");
  log.RestartFrom(state);
  EXPECT_EQ(log.Poll(), (Lines{"198.51.100.7 one", "198.51.100.7 two"}));
  EXPECT_FALSE(log.tailer().lost_at_restore());
  EXPECT_EQ(log.stats().lost_bytes, 0U);
}

TEST(TailerRestart, LosesNothingOfAnEmptyFileThatWasCompressed) {
  FollowedLog log;
  log.files().Create(kLog);
  log.Poll();
  const std::string state = log.Save();
  log.files().Remove(kLog);
  log.files().Create(kRotated, "one\n");  // another inode, as gzip makes it
  log.files().Create(kLog, "two\n");
  log.RestartFrom(state);
  EXPECT_EQ(log.Poll(), (Lines{"one", "two"}));
  EXPECT_FALSE(log.tailer().lost_at_restore());
}

}  // namespace
}  // namespace accesslog
