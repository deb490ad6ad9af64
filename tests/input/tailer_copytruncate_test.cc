// logrotate's other way: the file is copied and made empty while the server writes on.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TailerCopytruncate, ReadsAgainFromTheBeginning) {
  FollowedLog log;
  log.files().Create(kLog, "aaaa\nbbbb\n");
  log.Poll();
  log.files().Truncate(kLog);
  log.files().Append(kLog, "c\n");
  EXPECT_EQ(log.Poll(), Lines{"c"});
}

TEST(TailerCopytruncate, IsCountedAndSaid) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.TakeLog();
  log.files().Truncate(kLog);
  log.Poll();
  EXPECT_EQ(log.stats().truncations, 1U);
  EXPECT_EQ(log.stats().rotations, 0U);
  EXPECT_THAT(log.TakeLog(), ElementsAre("info: /var/log/access.log was truncated; reading it from "
                                         "its beginning, 0 bytes lost"));
}

TEST(TailerCopytruncate, IsCountedOnce) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Truncate(kLog);
  log.Poll();
  log.Poll();
  EXPECT_EQ(log.stats().truncations, 1U);
}

TEST(TailerCopytruncate, LosesNothingThatWasRead) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Truncate(kLog);
  log.Poll();
  EXPECT_EQ(log.stats().lost_bytes, 0U);
}

TEST(TailerCopytruncate, LosesAHalfLineWhoseRestIsGone) {
  FollowedLog log;
  log.files().Create(kLog, "a\nhal");
  log.Poll();
  log.files().Truncate(kLog);
  log.files().Append(kLog, "b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_EQ(log.stats().lost_bytes, 3U);
}

TEST(TailerCopytruncate, LosesWhatWasSeenButNotYetRead) {
  FollowedLog log;
  const std::string line(63, 'x');
  log.files().Create(kLog, line + "\n" + line + "\n");
  log.Poll(64);
  log.files().Truncate(kLog);
  log.Poll();
  EXPECT_EQ(log.stats().lost_bytes, 64U);
  EXPECT_EQ(log.stats().bytes_behind, 0U);
}

// The file is longer than what was read of it, but shorter than it was known to be.
TEST(TailerCopytruncate, IsSeenInAFileThatGrewAgainPastTheOffset) {
  FollowedLog log;
  const std::string line(63, 'x');
  log.files().Create(kLog, line + "\n" + line + "\n" + line + "\n");
  log.Poll(64);
  log.files().Truncate(kLog);
  const std::string other(99, 'y');
  log.files().Append(kLog, other + "\n");
  EXPECT_EQ(log.Poll(), Lines{other});
  EXPECT_EQ(log.stats().truncations, 1U);
  EXPECT_EQ(log.stats().lost_bytes, 128U);
  EXPECT_EQ(log.stats().bytes_behind, 0U);
}

TEST(TailerCopytruncate, OfARenamedFileIsSeenToo) {
  FollowedLog log;
  log.files().Create(kLog, "aaaa\n");
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog);
  log.Poll();
  log.files().Truncate(kRotated);
  log.files().Append(kRotated, "b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_EQ(log.stats().truncations, 1U);
}

TEST(TailerCopytruncate, OfAFileFollowedFromItsEnd) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, "aaaa\n");
  log.Poll();
  log.files().Truncate(kLog);
  EXPECT_THAT(log.Poll(), IsEmpty());
  log.files().Append(kLog, "b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
}

}  // namespace
}  // namespace accesslog
