// A writer whose buffer ends in the middle of a line.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::IsEmpty;

TEST(TailerHalfLine, WaitsForTheEnd) {
  FollowedLog log;
  log.files().Create(kLog, "a\nhal");
  EXPECT_EQ(log.Poll(), Lines{"a"});
  EXPECT_THAT(log.Poll(), IsEmpty());
}

TEST(TailerHalfLine, IsGivenOnceAndWhole) {
  FollowedLog log;
  log.files().Create(kLog, "h");
  for (const char* piece : {"a", "l", "f", "\n"}) {
    EXPECT_THAT(log.Poll(), IsEmpty());
    log.files().Append(kLog, piece);
  }
  EXPECT_EQ(log.Poll(), Lines{"half"});
}

TEST(TailerHalfLine, IsNotBehind) {
  FollowedLog log;
  log.files().Create(kLog, "hal");
  log.Poll();
  EXPECT_EQ(log.stats().bytes_behind, 0U);
  EXPECT_FALSE(log.more());
}

}  // namespace
}  // namespace accesslog
