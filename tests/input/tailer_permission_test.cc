// A file that may not be read for a while.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;

constexpr const char* kDenied =
    "warning: cannot open /var/log/access.log: Permission denied; trying again until it can be "
    "read";

TEST(TailerPermission, IsSaidOnceAndCountedEachTime) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.files().Forbid(kLog);
  log.Poll();
  log.Poll();
  log.Poll();
  EXPECT_EQ(log.stats().open_errors, 3U);
  EXPECT_THAT(log.TakeLog(), ElementsAre(kDenied));
}

TEST(TailerPermission, IsReadOnceItIsGranted) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.files().Forbid(kLog);
  log.Poll();
  log.files().Allow(kLog);
  EXPECT_EQ(log.Poll(), Lines{"a"});
  EXPECT_TRUE(log.stats().open);
  EXPECT_EQ(log.stats().open_errors, 1U);
}

TEST(TailerPermission, IsSaidAgainWhenTheReasonChanges) {
  FollowedLog log;
  log.Poll();
  log.files().Create(kLog, "a\n");
  log.files().Forbid(kLog);
  log.Poll();
  EXPECT_THAT(log.TakeLog(),
              ElementsAre("warning: cannot open /var/log/access.log: No such file or directory; "
                          "trying again until it can be read",
                          kDenied));
}

TEST(TailerPermission, IsSaidAgainWhenItIsLostAgain) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.files().Forbid(kLog);
  log.Poll();
  log.files().Allow(kLog);
  log.Poll();
  log.TakeLog();
  log.files().Create(kLog, "b\n");
  log.files().Forbid(kLog);
  log.Poll();
  EXPECT_THAT(log.TakeLog(), ElementsAre("info: /var/log/access.log was rotated", kDenied));
}

TEST(TailerPermission, LostWhileTheFileIsOpenChangesNothing) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.files().Forbid(kLog);
  log.files().Append(kLog, "b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_EQ(log.stats().open_errors, 0U);
}

}  // namespace
}  // namespace accesslog
