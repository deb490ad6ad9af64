// Where a file begins that was there before we were.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TailerStart, AtTheEndCountsNothingThatWasThere) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, "old\n");
  EXPECT_THAT(log.Poll(), IsEmpty());
  log.files().Append(kLog, "new\n");
  EXPECT_EQ(log.Poll(), Lines{"new"});
}

TEST(TailerStart, AtTheEndSaysWhatItPassedOver) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, "old\n");
  log.Poll();
  EXPECT_THAT(
      log.TakeLog(),
      ElementsAre("info: following /var/log/access.log from its end; what it held before is "
                  "not counted: 4 bytes"));
}

TEST(TailerStart, AtTheEndInTheMiddleOfALineTakesThatLineWhole) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, "old\nhal");
  EXPECT_THAT(log.Poll(), IsEmpty());
  log.files().Append(kLog, "f\n");
  EXPECT_EQ(log.Poll(), Lines{"half"});
}

TEST(TailerStart, AtTheEndOfAFileThatIsOneHalfLineTakesItWhole) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, "hal");
  log.Poll();
  log.files().Append(kLog, "f\n");
  EXPECT_EQ(log.Poll(), Lines{"half"});
}

TEST(TailerStart, FindsTheStartOfAHalfLineThatIsLong) {
  FollowedLog log(FromEnd());
  const std::string half(10000, 'x');
  log.files().Create(kLog, "old\n" + half);
  log.Poll();
  log.files().Append(kLog, "y\n");
  EXPECT_EQ(log.Poll(), Lines{half + "y"});
}

// Its rest must not be taken for a line of its own.
TEST(TailerStart, AtTheEndInTheMiddleOfALineOverTheLimitSkipsThatLine) {
  FollowedLog log({.start = StartAt::kEnd, .max_line_bytes = 5000});
  log.files().Create(kLog, "old\n" + std::string(20000, 'x'));
  log.Poll();
  log.files().Append(kLog, "rest\nnew\n");
  EXPECT_EQ(log.Poll(), Lines{"new"});
  EXPECT_EQ(log.oversized(), 1U);
}

TEST(TailerStart, AtTheEndOfAnEmptyFile) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog);
  log.Poll();
  log.files().Append(kLog, "new\n");
  EXPECT_EQ(log.Poll(), Lines{"new"});
}

// Only what was there at the first look may be passed over.
TEST(TailerStart, AtTheEndReadsTheNextFileFromItsBeginning) {
  FollowedLog log(FromEnd());
  log.files().Create(kLog, "old\n");
  log.Poll();
  log.files().Rename(kLog, kRotated);
  log.files().Create(kLog, "first\n");
  EXPECT_EQ(log.Poll(), Lines{"first"});
}

}  // namespace
}  // namespace accesslog
