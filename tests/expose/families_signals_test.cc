#include <gmock/gmock.h>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;

TEST(SignalFamilies, ShowEveryThreshold) {
  EXPECT_THAT(SamplesOf(Scrape(ExposedSite()), "accesslog_signal_threshold"),
              IsSupersetOf({"signal=\"login_failures\",site=\"shop\",window=\"1m\" 6",
                            "signal=\"login_failures\",site=\"shop\",window=\"5m\" 10",
                            "signal=\"login_failures\",site=\"shop\",window=\"1h\" 30",
                            "signal=\"error_paths\",site=\"shop\",window=\"5m\" 10",
                            "signal=\"server_error_ratio\",site=\"shop\",window=\"5m\" 0.05",
                            "signal=\"login_failures\",site=\"shop\",window=\"24h\" 50",
                            "signal=\"failed_requests\",site=\"shop\",window=\"5m\" 5"}));
}

TEST(SignalFamilies, ShowWhatIsOtherForANetwork) {
  DetectOptions detect;
  detect.network_thresholds = {{Network::kNat, {Signal::kLoginFailures, kWindow1m, 60}},
                               {Network::kInternal, {Signal::kRequests, kWindow1m, 0}}};
  EXPECT_THAT(
      SamplesOf(Scrape(ExposedSite("shop", ShownAtOnce(), detect)),
                "accesslog_network_signal_threshold"),
      ElementsAre("network=\"nat\",signal=\"login_failures\",site=\"shop\",window=\"1m\" 60",
                  "network=\"internal\",signal=\"requests\",site=\"shop\",window=\"1m\" -1"));
}

TEST(SignalFamilies, CountAttacksLoginsAndEpisodesFromTheStart) {
  const std::string scrape = Scrape(ExposedSite());
  EXPECT_THAT(SamplesOf(scrape, "accesslog_attack_requests_total"), SizeIs(2 * kAttackFamilyCount));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_login_attempts_total"), SizeIs(21));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_episodes_total"), SizeIs(kDetectionCount));
}

TEST(SignalFamilies, ShowWhatClientsDo) {
  ExposedSite site;
  site.Count("203.0.113.7", 404);
  site.Count("203.0.113.7", 404);
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_client_signal"),
              ElementsAre("client=\"203.0.113.7\",network=\"external\",signal=\"failed_requests\","
                          "site=\"shop\",window=\"5m\" 2"));
}

// A signal and its threshold share their labels, because rules compare them.
TEST(SignalFamilies, CarryTheLabelsOfTheirThreshold) {
  ExposedSite site;
  site.Count("203.0.113.7", 401);
  const Exposition exposition = ParseExposition(Scrape(site));
  for (const Sample& signal : exposition.samples) {
    if (signal.name != "accesslog_client_signal") continue;
    Sample threshold = signal;
    threshold.name = "accesslog_signal_threshold";
    threshold.labels.erase("client");
    threshold.labels.erase("network");
    const auto found = std::find_if(
        exposition.samples.begin(), exposition.samples.end(), [&](const Sample& sample) {
          return sample.name == threshold.name && sample.labels == threshold.labels;
        });
    EXPECT_NE(found, exposition.samples.end()) << signal.labels.at("window");
  }
}

TEST(SignalFamilies, EmptyWithTime) {
  ExposedSite site;
  site.detector.GoLive();
  site.Count("203.0.113.7", 401);
  EXPECT_THAT(SamplesOf(Scrape(site, kStart + hours{1}), "accesslog_client_signal"), IsEmpty());
}

}  // namespace
}  // namespace accesslog
