// logrotate's usual way: the file is renamed, and a new one takes its name.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TailerRotation, ReadsTheRestOfTheOldFileThenTheNewOne) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Append(kLog, "b\n");
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, "c\n");
  EXPECT_EQ(log.Poll(), (Lines{"b", "c"}));
}

TEST(TailerRotation, IsCountedAndSaid) {
  FollowedLog log;
  log.files().Create(kLog);
  log.Poll();
  log.TakeLog();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog);
  log.Poll();
  EXPECT_EQ(log.stats().rotations, 1U);
  EXPECT_THAT(log.TakeLog(), ElementsAre("info: /var/log/access.log was rotated",
                                         "info: following /var/log/access.log from its beginning"));
}

TEST(TailerRotation, LosesNothing) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Append(kLog, "b\n");
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, "c\n");
  log.Poll();
  EXPECT_EQ(log.stats().lost_bytes, 0U);
  EXPECT_EQ(log.stats().truncations, 0U);
}

// A server goes on writing to the renamed file until it is told to reopen its log.
TEST(TailerRotation, FollowsTheWriterThatStillHasTheOldFile) {
  FollowedLog log;
  auto server = log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Rename(kLog, kRotated);
  auto reopened = log.files().Create(kLog);
  log.Poll();
  server.Append("b\n");
  reopened.Append("c\n");
  EXPECT_EQ(log.Poll(), (Lines{"b", "c"}));
}

TEST(TailerRotation, FollowsTheOldFileWhileThereIsNoNewOne) {
  FollowedLog log;
  auto server = log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Rename(kLog, kRotated);
  server.Append("b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_EQ(log.stats().rotations, 0U);
  EXPECT_TRUE(log.stats().open);
}

TEST(TailerRotation, EndsAHalfLineInTheOldFile) {
  FollowedLog log;
  auto server = log.files().Create(kLog, "a\nhal");
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, "c\n");
  log.Poll();
  server.Append("f\n");
  EXPECT_EQ(log.Poll(), Lines{"half"});
}

TEST(TailerRotation, CountsALastHalfLineOnceTheOldFileIsQuiet) {
  FollowedLog log({.start = StartAt::kBeginning, .retire_after = minutes{10}});
  log.files().Create(kLog, "a\nhalf");
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog);
  log.Poll();
  log.clock().Advance(minutes{10} - seconds{2});
  EXPECT_THAT(log.Poll(), IsEmpty());
  EXPECT_EQ(log.Poll(), Lines{"half"});
  EXPECT_FALSE(log.tailer().has_renamed());
}

TEST(TailerRotation, KeepsAnOldFileThatStillGrows) {
  FollowedLog log({.start = StartAt::kBeginning, .retire_after = minutes{10}});
  auto server = log.files().Create(kLog);
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog);
  log.Poll();
  log.clock().Advance(minutes{9});
  server.Append("a\n");
  EXPECT_EQ(log.Poll(), Lines{"a"});
  log.clock().Advance(minutes{9});
  server.Append("b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
}

TEST(TailerRotation, GivesUpAnOldFileThatWasQuietForLong) {
  FollowedLog log({.start = StartAt::kBeginning, .retire_after = minutes{10}});
  auto server = log.files().Create(kLog);
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog);
  log.Poll();
  log.clock().Advance(minutes{10});
  log.Poll();
  server.Append("too late\n");
  EXPECT_THAT(log.Poll(), IsEmpty());
}

TEST(TailerRotation, WaitsForANewFileThatMayNotBeReadYet) {
  FollowedLog log;
  auto server = log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, "c\n");
  log.files().Forbid(kLog);
  server.Append("b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_FALSE(log.stats().open);
  log.files().Allow(kLog);
  EXPECT_EQ(log.Poll(), Lines{"c"});
  EXPECT_TRUE(log.stats().open);
  EXPECT_EQ(log.stats().rotations, 1U);
}

TEST(TailerRotation, ReadsTheOldFileFirstWhereItsShareIsSmall) {
  FollowedLog log;
  log.files().Create(kLog, std::string(63, 'x') + "\n1234567\n");
  log.Poll(64);
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, "12\n");
  EXPECT_EQ(log.Poll(1), Lines{"1234567"});
  EXPECT_EQ(log.stats().bytes_behind, 3U);
  EXPECT_TRUE(log.more());
}

}  // namespace
}  // namespace accesslog
