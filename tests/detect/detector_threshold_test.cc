// Each threshold just below and just at its value.
#include <gmock/gmock.h>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Login failures alone, so that the old scripts' rule does not speak as well.
DetectOptions LoginOnly() {
  DetectOptions options;
  std::erase_if(options.thresholds, [](const Threshold& threshold) {
    return threshold.signal != Signal::kLoginFailures;
  });
  return options;
}

struct WindowCase {
  const char* name;
  Window window;
  uint32_t threshold;
  Duration gap;  // so that no shorter window is reached
};

class LoginThreshold : public ::testing::TestWithParam<WindowCase> {};

TEST_P(LoginThreshold, IsNotReachedJustBelow) {
  WatchedSite site(LoginOnly());
  site.SeeMany({}, static_cast<int>(GetParam().threshold) - 1, kStart, GetParam().gap);
  EXPECT_THAT(site.Finish(), IsEmpty());
}

TEST_P(LoginThreshold, IsReachedExactlyThere) {
  WatchedSite site(LoginOnly());
  site.SeeMany({}, static_cast<int>(GetParam().threshold), kStart, GetParam().gap);
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].detection, Detection::kLoginBruteForce);
  EXPECT_EQ(episodes[0].window.name, GetParam().window.name);
  EXPECT_EQ(episodes[0].value, GetParam().threshold);
  EXPECT_EQ(episodes[0].threshold, GetParam().threshold);
}

INSTANTIATE_TEST_SUITE_P(Windows, LoginThreshold,
                         ::testing::Values(WindowCase{"Minute", kWindow1m, 6, seconds{5}},
                                           WindowCase{"FiveMinutes", kWindow5m, 10, seconds{30}},
                                           WindowCase{"Hour", kWindow1h, 30, seconds{120}}),
                         [](const auto& window) { return window.param.name; });

TEST(FailedRequestsThreshold, IsNotReachedByFour) {
  WatchedSite site(OldSignals());
  site.SeeMany({.status = 404}, 4, kStart, seconds{60});
  EXPECT_THAT(site.Finish(), IsEmpty());
}

TEST(FailedRequestsThreshold, IsReachedByFive) {
  WatchedSite site(OldSignals());
  site.SeeMany({.status = 404}, 5, kStart, seconds{60});
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].detection, Detection::kFailedRequests);
  EXPECT_EQ(episodes[0].value, 5U);
}

TEST(FailedRequestsThreshold, AddsUpAllFiveStatuses) {
  WatchedSite site(OldSignals());
  for (const uint16_t status : kFailedStatuses) site.See({.status = status}, kStart);
  EXPECT_THAT(site.Finish(), SizeIs(1));
}

TEST(FailedRequestsThreshold, CountsEachClientByItself) {
  WatchedSite site(OldSignals());
  site.SeeMany({.client = "192.0.2.1", .status = 404}, 4, kStart);
  site.SeeMany({.client = "192.0.2.2", .status = 404}, 4, kStart);
  EXPECT_THAT(site.Finish(), IsEmpty());
}

TEST(Thresholds, AreNotReachedByGoodRequests) {
  WatchedSite site(OldSignals());
  site.SeeMany({.status = 200, .path = "/page"}, 1000, kStart);
  site.SeeMany({.status = 500, .path = "/page"}, 1000, kStart);
  EXPECT_THAT(site.Finish(), IsEmpty());
  EXPECT_THAT(site.SignalsAt(kStart), IsEmpty());
}

// Privacy left nothing that could be told apart.
TEST(Thresholds, AreNotReachedByOther) {
  WatchedSite site(OldSignals());
  site.SeeMany({.client = ""}, 1000, kStart);
  EXPECT_THAT(site.Finish(), IsEmpty());
}

TEST(Thresholds, ThatAreTurnedOffAreNotReached) {
  DetectOptions options;
  options.thresholds.clear();
  WatchedSite site(options);
  site.SeeMany({}, 1000, kStart);
  EXPECT_THAT(site.Finish(), IsEmpty());
  EXPECT_THAT(site.SignalsAt(kStart), IsEmpty());
}

}  // namespace
}  // namespace accesslog
