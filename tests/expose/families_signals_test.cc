#include <gmock/gmock.h>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SignalFamilies, ShowEveryThreshold) {
  EXPECT_THAT(SamplesOf(Scrape(ExposedSite()), "accesslog_signal_threshold"),
              ElementsAre("signal=\"login_failures\",site=\"shop\",window=\"1m\" 6",
                          "signal=\"login_failures\",site=\"shop\",window=\"5m\" 10",
                          "signal=\"login_failures\",site=\"shop\",window=\"1h\" 30",
                          "signal=\"failed_requests\",site=\"shop\",window=\"5m\" 5"));
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
