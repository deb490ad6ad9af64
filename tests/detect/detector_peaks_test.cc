// What a scraper sees of what is over before it comes: a peak is shown for 90 seconds, what happened at
// once for five minutes.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The highest that is shown of the signal in this window; 0 for none.
uint32_t ShownAt(const WatchedSite& site, Time now, std::string_view signal, std::string_view window) {
  uint32_t value = 0;
  for (const ShownSignal& shown : site.SignalsAt(now, signal)) {
    if (shown.window == window) value = std::max(value, shown.value);
  }
  return value;
}

const Attempt kPage = {.status = 200, .method = "GET", .path = "/page"};
const Attempt kGuess = {.status = 401, .path = "/login"};

// 400 requests in a few seconds.
WatchedSite& Burst(WatchedSite& site, Time at) {
  site.detector().GoLive();
  site.SeeMany(kPage, 400, at, std::chrono::milliseconds{10});
  return site;
}

TEST(Peaks, AreSeenByWhoeverScrapesEveryMinute) {
  // Whenever within its minute it comes.
  for (int phase = 0; phase < 60; ++phase) {
    WatchedSite site;
    Burst(site, kStart);
    uint32_t most = 0;
    for (int second = 5 + phase; second < 180; second += 60) {
      most = std::max(most, ShownAt(site, kStart + seconds{second}, "dynamic_requests", "1m"));
    }
    EXPECT_EQ(most, 400U) << phase;
  }
}

TEST(Peaks, AreGoneAfterNinetySeconds) {
  WatchedSite site;
  Burst(site, kStart);
  const Time last = kStart + std::chrono::milliseconds{3990};
  EXPECT_EQ(ShownAt(site, last + seconds{89}, "dynamic_requests", "1m"), 400U);
  EXPECT_EQ(ShownAt(site, last + seconds{90}, "dynamic_requests", "1m"), 0U);
}

TEST(Peaks, OfFailedLoginsOutlastTheirWindow) {
  WatchedSite site;
  site.detector().GoLive();
  site.SeeMany(kGuess, 7, kStart);
  EXPECT_EQ(ShownAt(site, kStart + seconds{89}, "login_failures", "1m"), 7U);
  EXPECT_EQ(ShownAt(site, kStart + seconds{90}, "login_failures", "1m"), 0U);
  // Those that reached nothing are as long as their window.
  EXPECT_EQ(ShownAt(site, kStart + seconds{90}, "login_failures", "5m"), 7U);
}

TEST(Peaks, AreNotHeldBelowTheThreshold) {
  WatchedSite site;
  site.detector().GoLive();
  site.SeeMany(kGuess, 5, kStart);
  EXPECT_EQ(ShownAt(site, kStart + seconds{59}, "login_failures", "1m"), 5U);
  EXPECT_EQ(ShownAt(site, kStart + seconds{60}, "login_failures", "1m"), 0U);
}

TEST(Peaks, AreTheHighestUntilItIsOld) {
  WatchedSite site;
  site.detector().GoLive();
  site.SeeMany(kGuess, 12, kStart);
  site.SeeMany(kGuess, 7, kStart + seconds{70});
  EXPECT_EQ(ShownAt(site, kStart + seconds{80}, "login_failures", "1m"), 12U);
  EXPECT_EQ(ShownAt(site, kStart + seconds{100}, "login_failures", "1m"), 7U);
}

// The second is lower, and the first is too old when the second is seen.
TEST(Peaks, OfTheSecondBurstAreSeenToo) {
  WatchedSite site;
  site.detector().GoLive();
  site.SeeMany(kGuess, 12, kStart);
  site.SeeMany(kGuess, 7, kStart + seconds{100});
  EXPECT_EQ(ShownAt(site, kStart + seconds{170}, "login_failures", "1m"), 7U);
}

TEST(Peaks, EndWithTheEpisode) {
  WatchedSite site;
  site.detector().GoLive();
  site.SeeMany(kGuess, 7, kStart);
  site.detector().Advance(kStart + minutes{31});
  EXPECT_THAT(site.SignalsAt(kStart + minutes{31}, "failed_requests"), IsEmpty());
  EXPECT_EQ(ShownAt(site, kStart + minutes{31}, "login_failures", "1m"), 0U);
  EXPECT_EQ(ShownAt(site, kStart + minutes{31}, "login_failures", "1h"), 7U);
}

TEST(Moments, OfASuccessAfterFailuresAreShownFiveMinutes) {
  WatchedSite site;
  site.detector().GoLive();
  site.SeeMany({.status = 200, .path = "/wp-login.php"}, 6, kStart, seconds{10});
  const Time success = kStart + minutes{2};
  site.See({.status = 302, .path = "/wp-login.php"}, success);
  const char* signal = "login_success_after_failures";
  EXPECT_EQ(ShownAt(site, success, signal, "30m"), 6U);
  EXPECT_EQ(ShownAt(site, success + seconds{299}, signal, "30m"), 6U);
  EXPECT_EQ(ShownAt(site, success + seconds{300}, signal, "30m"), 0U);
  ASSERT_THAT(site.SignalsAt(success, signal), SizeIs(1));
}

TEST(Moments, OfANewClientAreShownFiveMinutes) {
  DetectOptions options;
  options.learning = Duration{0};
  WatchedSite site(options);
  site.detector().GoLive();
  site.See({.status = 302, .path = "/wp-login.php"}, kStart);
  EXPECT_EQ(ShownAt(site, kStart + seconds{299}, "unusual_client", "28d"), 1U);
  EXPECT_EQ(ShownAt(site, kStart + seconds{300}, "unusual_client", "28d"), 0U);
}

TEST(Moments, OfAnOffenceAreShownAnHour) {
  WatchedSite site;
  site.detector().GoLive();
  site.SeeMany(kGuess, 6, kStart);
  EXPECT_EQ(ShownAt(site, kStart + minutes{59}, "offense_kinds", "24h"), 1U);
  EXPECT_EQ(ShownAt(site, kStart + minutes{60}, "offense_kinds", "24h"), 0U);
}

}  // namespace
}  // namespace accesslog
