// A file that is not there at the start.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TailerLateFile, IsMissedOnceAloudAndEachTimeInTheCount) {
  FollowedLog log;
  log.Poll();
  log.Poll();
  log.Poll();
  EXPECT_EQ(log.stats().open_errors, 3U);
  EXPECT_FALSE(log.stats().open);
  EXPECT_THAT(log.TakeLog(),
              ElementsAre("warning: cannot open /var/log/access.log: No such file or directory; "
                          "trying again until it can be read"));
}

TEST(TailerLateFile, IsNothingToReadYet) {
  FollowedLog log;
  EXPECT_THAT(log.Poll(), IsEmpty());
  EXPECT_FALSE(log.more());
}

// Nothing of a file that came into being while we ran may be passed over.
TEST(TailerLateFile, IsReadFromItsBeginningEvenWhereFilesStartAtTheirEnd) {
  FollowedLog log(FromEnd());
  log.Poll();
  log.TakeLog();
  log.files().Create(kLog, "a\n");
  EXPECT_EQ(log.Poll(), Lines{"a"});
  EXPECT_TRUE(log.stats().open);
  EXPECT_THAT(log.TakeLog(), ElementsAre("info: following /var/log/access.log from its beginning"));
}

}  // namespace
}  // namespace accesslog
