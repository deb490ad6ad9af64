// A disk or a network share that fails while a file is open.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TailerReadError, IsTriedAgainLaterNotAtOnce) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.files().FailReads(kLog, "Input/output error");
  EXPECT_THAT(log.Poll(), IsEmpty());
  EXPECT_FALSE(log.more());
  EXPECT_EQ(log.stats().bytes_behind, 2U);
}

TEST(TailerReadError, LosesNothingOnceItIsOver) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.files().FailReads(kLog, "Input/output error");
  log.Poll();
  log.files().FailReads(kLog, "");
  EXPECT_EQ(log.Poll(), Lines{"a"});
}

TEST(TailerReadError, IsSaidOnce) {
  FollowedLog log;
  log.files().Create(kLog, "a\n");
  log.Poll();
  log.TakeLog();
  log.files().Append(kLog, "b\n");
  log.files().FailReads(kLog, "Input/output error");
  log.Poll();
  log.Poll();
  EXPECT_THAT(log.TakeLog(), ElementsAre("warning: cannot read /var/log/access.log: Input/output "
                                         "error; trying again"));
}

}  // namespace
}  // namespace accesslog
