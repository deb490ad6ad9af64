// Lines over the limit: counted, skipped, and never kept in memory.
#include <gmock/gmock.h>

#include "input/followed_log.h"

namespace accesslog {
namespace {

using ::testing::IsEmpty;

TailerOptions WithLimit(size_t max_line_bytes) {
  return {.start = StartAt::kBeginning, .max_line_bytes = max_line_bytes};
}

TEST(TailerLongLine, IsSkippedAndCounted) {
  FollowedLog log(WithLimit(10));
  log.files().Create(kLog, "a\n" + std::string(11, 'x') + "\nb\n");
  EXPECT_EQ(log.Poll(), (Lines{"a", "b"}));
  EXPECT_EQ(log.oversized(), 1U);
}

TEST(TailerLongLine, IsCountedWhenItEnds) {
  FollowedLog log(WithLimit(10));
  log.files().Create(kLog, std::string(1000, 'x'));
  EXPECT_THAT(log.Poll(), IsEmpty());
  EXPECT_EQ(log.oversized(), 0U);
  log.files().Append(kLog, std::string(1000, 'x') + "\nb\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_EQ(log.oversized(), 1U);
}

TEST(TailerLongLine, CutOffByATruncationIsLostNotOversized) {
  FollowedLog log(WithLimit(10));
  log.files().Create(kLog, std::string(100, 'x'));
  log.Poll();
  log.files().Truncate(kLog);
  log.files().Append(kLog, "b\n");
  EXPECT_EQ(log.Poll(), Lines{"b"});
  EXPECT_EQ(log.oversized(), 0U);
  EXPECT_EQ(log.stats().lost_bytes, 100U);
}

}  // namespace
}  // namespace accesslog
