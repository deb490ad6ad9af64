// The file loses its name, and later another one has it.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TailerDeletion, ReadsOnWhatTheWriterStillHolds) {
  FollowedLog log;
  auto server = log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Remove(kLog);
  server.Append("b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
}

TEST(TailerDeletion, IsNoError) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.TakeLog();
  log.files().Remove(kLog);
  log.Poll();
  EXPECT_EQ(log.stats().open_errors, 0U);
  EXPECT_TRUE(log.stats().open);
  EXPECT_THAT(log.TakeLog(), IsEmpty());
}

TEST(TailerDeletion, IsSaidOnceWhenItLasts) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Remove(kLog);
  log.Poll();
  log.TakeLog();
  log.clock().Advance(std::chrono::seconds{10});
  log.Poll();
  EXPECT_FALSE(log.stats().open);
  EXPECT_THAT(log.TakeLog(), ElementsAre("warning: /var/log/access.log is gone: No such file or "
                                         "directory; waiting for it, and reading on what was "
                                         "opened"));
  log.Poll();
  EXPECT_THAT(log.TakeLog(), IsEmpty());
  log.files().Create(kLog, "b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_TRUE(log.stats().open);
}

TEST(TailerDeletion, ReadsTheReturnedFileFromItsBeginning) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Remove(kLog);
  log.Poll();
  log.files().Create(kLog, "b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_EQ(log.stats().rotations, 1U);
  EXPECT_EQ(log.stats().truncations, 0U);
}

TEST(TailerDeletion, ReadsTheRestOfTheDeletedFileFirst) {
  FollowedLog log;
  auto server = log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Remove(kLog);
  log.files().Create(kLog, "c\n");
  server.Append("b\n");
  EXPECT_EQ(log.Poll(), (Lines{"b", "c"}));
}

}  // namespace
}  // namespace accesslog
