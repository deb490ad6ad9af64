// Memory and series stay bounded whatever is sprayed.
#include <gmock/gmock.h>

#include <set>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

DetectOptions FailedOnly() {
  DetectOptions options;
  options.thresholds = {{Signal::kFailedRequests, kWindow5m, 5}};
  return options;
}

std::string Address(int number) { return "198.51.100." + std::to_string(number); }

std::set<std::string> VisibleAt(const WatchedSite& site, Time now) {
  std::set<std::string> clients;
  for (const ShownSignal& signal : site.SignalsAt(now)) clients.insert(signal.client);
  return clients;
}

TEST(DetectorBounds, WatchNoMoreClientsThanAllowed) {
  DetectOptions options = FailedOnly();
  options.max_clients = 3;
  WatchedSite site(options);
  for (int i = 0; i < 200; ++i) site.See({.client = Address(i), .status = 404}, kStart);
  EXPECT_THAT(VisibleAt(site, kStart),
              UnorderedElementsAre(Address(197), Address(198), Address(199)));
}

TEST(DetectorBounds, ForgetTheClientQuietForLongest) {
  DetectOptions options = FailedOnly();
  options.max_clients = 2;
  WatchedSite site(options);
  for (const int client : {1, 2, 1, 3}) {
    site.See({.client = Address(client), .status = 404}, kStart);
  }
  EXPECT_THAT(VisibleAt(site, kStart), UnorderedElementsAre(Address(1), Address(3)));
}

TEST(DetectorBounds, KeepTheEpisodeOfAForgottenClient) {
  DetectOptions options = FailedOnly();
  options.max_clients = 1;
  WatchedSite site(options);
  site.SeeMany({.client = Address(1), .status = 404}, 5, kStart);
  site.See({.client = Address(2), .status = 404}, kStart);
  ASSERT_THAT(site.detector().episodes(), SizeIs(1));
  EXPECT_EQ(site.detector().episodes()[0].client, Address(1));
}

TEST(DetectorBounds, KeepTheNewestEpisodesAndCountTheOthers) {
  DetectOptions options = FailedOnly();
  options.max_episodes = 2;
  WatchedSite site(options);
  for (int i = 0; i < 3; ++i) {
    site.SeeMany({.client = Address(i), .status = 404}, 5, kStart + minutes{i});
  }
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(2));
  EXPECT_EQ(episodes[0].client, Address(1));
  EXPECT_EQ(episodes[1].client, Address(2));
  EXPECT_EQ(site.detector().forgotten_episodes(), 1U);
}

// Half of the hour's allowance is kept for clients that reached a threshold.
TEST(DetectorBounds, ShowNoMoreHarmlessClientsThanHalfTheAllowance) {
  DetectOptions options = FailedOnly();
  options.max_new_clients_per_hour = 4;
  WatchedSite site(options);
  for (int i = 0; i < 100; ++i) site.See({.client = Address(i), .status = 404}, kStart);
  EXPECT_THAT(VisibleAt(site, kStart), UnorderedElementsAre(Address(0), Address(1)));
}

TEST(DetectorBounds, ShowAClientThatReachedItsThresholdInTheMiddleOfASpray) {
  DetectOptions options = FailedOnly();
  options.max_new_clients_per_hour = 4;
  WatchedSite site(options);
  for (int i = 0; i < 100; ++i) site.See({.client = Address(i), .status = 404}, kStart);
  site.SeeMany({.status = 404}, 5, kStart);
  EXPECT_THAT(VisibleAt(site, kStart), UnorderedElementsAre(Address(0), Address(1), kAttacker));
}

TEST(DetectorBounds, ShowNoMoreClientsAnHourThanAllowedWhateverTheyDo) {
  DetectOptions options;
  options.max_new_clients_per_hour = 4;
  WatchedSite site(options);
  for (int i = 0; i < 100; ++i) site.SeeMany({.client = Address(i), .status = 401}, 9, kStart);
  EXPECT_THAT(VisibleAt(site, kStart), SizeIs(4));
}

TEST(DetectorBounds, ShowANewClientAgainInTheNextHour) {
  DetectOptions options = FailedOnly();
  options.max_new_clients_per_hour = 2;
  WatchedSite site(options);
  site.See({.client = Address(1), .status = 404}, kStart);
  site.See({.client = Address(2), .status = 404}, kStart);
  const Time later = kStart + minutes{61};
  site.See({.client = Address(2), .status = 404}, later);
  site.detector().GoLive();
  EXPECT_THAT(VisibleAt(site, later), ElementsAre(Address(2)));
}

}  // namespace
}  // namespace accesslog
