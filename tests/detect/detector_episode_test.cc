// One detection from its first to its last moment.
#include <gmock/gmock.h>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

DetectOptions FailedOnly() {
  DetectOptions options;
  options.thresholds = {{Signal::kFailedRequests, kWindow5m, 5}};
  return options;
}

// Just one window a detection, to tell its value apart.
DetectOptions LoginPerMinute() {
  DetectOptions options;
  options.thresholds = {{Signal::kLoginFailures, kWindow1m, 6}};
  return options;
}

TEST(Episode, LastsFromTheFirstFailureToTheLast) {
  WatchedSite site(FailedOnly());
  site.SeeMany({.status = 404}, 8, kStart, seconds{10});
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].client, kAttacker);
  EXPECT_EQ(episodes[0].network, Network::kExternal);
  EXPECT_EQ(episodes[0].first, kStart);
  EXPECT_EQ(episodes[0].last, kStart + seconds{70});
}

TEST(Episode, HoldsItsPeak) {
  WatchedSite site(LoginPerMinute());
  site.SeeMany({}, 9, kStart);
  site.SeeMany({}, 1, kStart + minutes{1} + seconds{5});
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].value, 9U);
  EXPECT_EQ(episodes[0].threshold, 6U);
}

// 12 failures are twice the threshold of a minute, but only a fifth above that of five.
TEST(Episode, NamesTheWindowThatWentFurthestBeyondItsThreshold) {
  DetectOptions options;
  options.thresholds = {{Signal::kLoginFailures, kWindow5m, 10},
                        {Signal::kLoginFailures, kWindow1m, 6}};
  WatchedSite site(options);
  site.SeeMany({}, 12, kStart, seconds{1});
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].window.name, "1m");
  EXPECT_EQ(episodes[0].value, 12U);
  EXPECT_EQ(episodes[0].threshold, 6U);
}

TEST(Episode, StaysOpenWhileTheClientGoesOn) {
  WatchedSite site(FailedOnly());
  site.SeeMany({.status = 404}, 50, kStart, seconds{30});
  EXPECT_THAT(site.detector().episodes(), IsEmpty());
  EXPECT_THAT(site.Finish(), SizeIs(1));
}

TEST(Episode, EndsOnceTheWindowIsBelowTheThreshold) {
  WatchedSite site(FailedOnly());
  site.SeeMany({.status = 404}, 5, kStart);
  site.See({.status = 404}, kStart + hours{2});
  EXPECT_THAT(site.detector().episodes(), SizeIs(1));
  EXPECT_EQ(site.detector().episodes()[0].last, kStart);
}

TEST(Episode, IsFollowedByAnotherWhenTheClientReturns) {
  WatchedSite site(FailedOnly());
  site.SeeMany({.status = 404}, 5, kStart);
  site.SeeMany({.status = 404}, 5, kStart + hours{2});
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(2));
  EXPECT_EQ(episodes[0].first, kStart);
  EXPECT_EQ(episodes[1].first, kStart + hours{2});
}

// A server writes a line when the answer is sent, with the time at which the request came.
TEST(Episode, IsNotEndedByALateLine) {
  WatchedSite site(LoginPerMinute());
  site.SeeMany({}, 6, kStart + seconds{9}, seconds{2});
  site.See({}, kStart + seconds{8});
  site.See({}, kStart + seconds{20});
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].value, 8U);
  EXPECT_EQ(episodes[0].last, kStart + seconds{20});
}

TEST(Episode, BeginsWithALateLine) {
  WatchedSite site(LoginPerMinute());
  site.See({}, kStart + seconds{9});
  site.See({}, kStart);
  site.SeeMany({}, 4, kStart + seconds{9});
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].first, kStart);
}

TEST(Episode, KeepsItsFirstLines) {
  WatchedSite site(FailedOnly());
  for (const char* line : {"one", "two", "three", "four", "five"}) {
    site.See({.status = 404, .line = line}, kStart);
  }
  EXPECT_THAT(site.Finish()[0].samples, ElementsAre("one", "two", "three"));
}

TEST(Episode, KeepsNoLinesOfAnEarlierVisit) {
  WatchedSite site(FailedOnly());
  site.See({.status = 404, .line = "long ago"}, kStart - hours{2});
  site.SeeMany({.status = 404, .line = "now"}, 5, kStart);
  EXPECT_THAT(site.Finish()[0].samples, ElementsAre("now", "now", "now"));
}

TEST(Episode, EscapesItsLines) {
  WatchedSite site(FailedOnly());
  site.SeeMany({.status = 404, .line = "\x1b[2J\xff\r"}, 5, kStart);
  EXPECT_EQ(site.Finish()[0].samples[0], "\\x1b[2J\\xff\\x0d");
}

TEST(Episode, CutsItsLines) {
  DetectOptions options = FailedOnly();
  options.max_sample_bytes = 10;
  options.max_samples = 1;
  WatchedSite site(options);
  site.SeeMany({.status = 404, .line = std::string(1000, 'x')}, 5, kStart);
  EXPECT_THAT(site.Finish()[0].samples, ElementsAre("xxxxxxxxxx…"));
}

TEST(Episode, OfEachDetectionIsItsOwn) {
  WatchedSite site(OldSignals());
  site.SeeMany({}, 6, kStart);
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(2));
  EXPECT_EQ(episodes[0].detection, Detection::kLoginBruteForce);
  EXPECT_EQ(episodes[1].detection, Detection::kFailedRequests);
}

TEST(ForgottenSuspects, LeaveNoTraceWhereTheyAreErased) {
  const ClientNamer namer{ClientOptions{}};
  Detector detector(OldSignals(), namer, 42);
  Classified classified(OldSignals());
  Record record;
  record.status = 401;
  record.line = "a line";
  const auto see = [&](const char* client) {
    record.client = client;
    record.address = IpAddress::Parse(client);
    record.time = kStart;
    classified.Observe(detector, record, namer.Identify(record), kStart);
    return namer.Identify(record).key;
  };
  ClientKey key;
  ClientKey other;
  for (int i = 0; i < 8; ++i) {
    key = see("203.0.113.7");
    other = see("203.0.113.8");
  }
  detector.ForgetAll();
  EXPECT_EQ(detector.episodes().size(), 4U);
  key = see("203.0.113.7");
  EXPECT_TRUE(detector.Erase(key, "203.0.113.7"));
  EXPECT_FALSE(detector.Erase(key, "203.0.113.7"));
  ASSERT_EQ(detector.episodes().size(), 2U);
  for (const Episode& episode : detector.episodes()) EXPECT_EQ(episode.client, "203.0.113.8");
  EXPECT_THAT(ShownBy(detector, kStart), IsEmpty());
}

}  // namespace
}  // namespace accesslog
