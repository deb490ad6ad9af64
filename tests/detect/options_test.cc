#include "detect/options.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(DetectOptions, TakeADeniedRequestForAFailedLogin) {
  EXPECT_EQ(LoginOptions{}.failure, (std::vector<uint16_t>{401, 403}));
  EXPECT_TRUE(LoginOptions{}.paths.empty());
  EXPECT_TRUE(LoginOptions{}.methods.empty());
}

TEST(UnboundedDetectOptions, KeepEveryClientAndEpisodeOfAFile) {
  EXPECT_EQ(Unbounded(DetectOptions{}).max_clients, 1000000U);
  EXPECT_EQ(Unbounded(DetectOptions{}).max_episodes, 1000000U);
}

// A file is read the same whatever the clock of the reader says.
TEST(UnboundedDetectOptions, BelieveEveryTime) {
  EXPECT_EQ(DetectOptions{}.max_ahead, std::chrono::minutes{5});
  EXPECT_EQ(Unbounded(DetectOptions{}).max_ahead, Duration::max());
}

TEST(UnboundedDetectOptions, KeepTheThresholds) {
  DetectOptions options;
  options.thresholds = {{Signal::kFailedRequests, kWindow5m, 17}};
  ASSERT_EQ(Unbounded(options).thresholds.size(), 1U);
  EXPECT_EQ(Unbounded(options).thresholds[0].value, 17U);
}

}  // namespace
}  // namespace accesslog
