// The signals as a scrape shows them.
#include <gmock/gmock.h>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ShownSignal Login(const char* window, uint32_t value, uint32_t threshold) {
  return {kAttacker, "login_failures", window, value, threshold};
}
ShownSignal Failed(uint32_t value) { return {kAttacker, "failed_requests", "5m", value, 5}; }

TEST(DetectorSignals, ShowAtOnceInEveryWindow) {
  WatchedSite site(OldSignals());
  site.SeeMany({}, 2, kStart);
  EXPECT_THAT(site.SignalsAt(kStart),
              ElementsAre(Login("1m", 2, 6), Login("5m", 2, 10), Login("1h", 2, 30), Failed(2)));
}

TEST(DetectorSignals, LeaveOutWhatIsZero) {
  WatchedSite site(OldSignals());
  site.See({.status = 404}, kStart);
  EXPECT_THAT(site.SignalsAt(kStart), ElementsAre(Failed(1)));
}

TEST(DetectorSignals, EmptyWithTheWallClockWhileTheLogIsSilent) {
  WatchedSite site(OldSignals());
  site.detector().GoLive();
  site.SeeMany({}, 2, kStart);
  EXPECT_THAT(site.SignalsAt(kStart + minutes{1}),
              ElementsAre(Login("5m", 2, 10), Login("1h", 2, 30), Failed(2)));
  EXPECT_THAT(site.SignalsAt(kStart + minutes{5}), ElementsAre(Login("1h", 2, 30)));
  EXPECT_THAT(site.SignalsAt(kStart + hours{1}), IsEmpty());
}

// The server's clock is some seconds behind ours.
TEST(DetectorSignals, GoByTheClockOfTheLog) {
  WatchedSite site(OldSignals());
  site.detector().GoLive();
  site.See({.status = 404}, kStart - seconds{200}, kStart);
  EXPECT_THAT(site.SignalsAt(kStart + seconds{280}), ElementsAre(Failed(1)));
}

TEST(DetectorSignals, AreNoneForWhatHappenedLongBeforeTheStart) {
  WatchedSite site(OldSignals());
  for (int i = 0; i < 10; ++i) site.See({}, kStart - hours{48}, kStart);
  site.detector().GoLive();
  EXPECT_THAT(site.SignalsAt(kStart), IsEmpty());
}

TEST(DetectorSignals, AreThereForWhatHappenedJustBeforeTheStart) {
  WatchedSite site(OldSignals());
  site.See({.status = 404}, kStart - minutes{2}, kStart);
  site.detector().GoLive();
  EXPECT_THAT(site.SignalsAt(kStart), ElementsAre(Failed(1)));
}

TEST(DetectorSignals, CountALateLine) {
  WatchedSite site(OldSignals());
  site.detector().GoLive();
  site.See({.status = 404}, kStart, kStart);
  site.See({.status = 404}, kStart - minutes{1}, kStart);
  EXPECT_THAT(site.SignalsAt(kStart), ElementsAre(Failed(2)));
}

TEST(DetectorSignals, NameTheNetwork) {
  DetectOptions options = OldSignals();
  options.internal = {*IpPrefix::Parse("192.0.2.0/24")};
  WatchedSite site(options);
  site.See({.client = "192.0.2.1", .status = 404}, kStart);
  site.See({.client = "198.51.100.1", .status = 404}, kStart);
  std::vector<Network> networks;
  for (const ShownSignal& signal : site.SignalsAt(kStart)) networks.push_back(signal.network);
  EXPECT_THAT(networks, ElementsAre(Network::kInternal, Network::kExternal));
}

}  // namespace
}  // namespace accesslog
