// A file that only grows.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TailerAppend, ReadsWhatIsThere) {
  FollowedLog log;
  log.files().Create(kLog, "a\nb\n");
  EXPECT_EQ(log.Poll(), (Lines{"a", "b"}));
}

TEST(TailerAppend, ReadsWhatIsAppended) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Append(kLog, "b\nc\n");
  EXPECT_EQ(log.Poll(), (Lines{"b", "c"}));
}

TEST(TailerAppend, GivesNothingTwice) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  EXPECT_THAT(log.Poll(), IsEmpty());
  EXPECT_FALSE(log.more());
}

TEST(TailerAppend, ReadsMoreThanTheBufferHolds) {
  FollowedLog log;
  const std::string line(50, 'x');
  log.files().Create(kLog, line + "\n" + line + "\n" + line + "\n");
  EXPECT_EQ(log.Poll(), (Lines{line, line, line}));
}

TEST(TailerAppend, StopsAtItsShareAndSaysWhatIsBehind) {
  FollowedLog log;
  const std::string line(63, 'x');
  log.files().Create(kLog, line + "\n" + line + "\n" + line + "\n");
  EXPECT_EQ(log.Poll(64), (Lines{line}));
  EXPECT_TRUE(log.more());
  EXPECT_EQ(log.stats().bytes_behind, 128U);
}

TEST(TailerAppend, ReadsTheRestAfterItsShare) {
  FollowedLog log;
  const std::string line(63, 'x');
  log.files().Create(kLog, line + "\n" + line + "\n" + line + "\n");
  log.Poll(64);
  EXPECT_EQ(log.Poll(), (Lines{line, line}));
  EXPECT_FALSE(log.more());
  EXPECT_EQ(log.stats().bytes_behind, 0U);
}

TEST(TailerAppend, SaysThatTheFileIsOpen) {
  FollowedLog log;
  log.files().Create(kLog);
  EXPECT_FALSE(log.stats().open);
  log.Poll();
  EXPECT_TRUE(log.stats().open);
}

TEST(TailerAppend, SaysOnceWhatItFollows) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.Poll();
  EXPECT_THAT(log.TakeLog(), ElementsAre("info: following /var/log/access.log from its beginning"));
}

}  // namespace
}  // namespace accesslog
