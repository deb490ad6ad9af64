#include <gmock/gmock.h>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;

ClientOptions Small(uint32_t max_series) {
  ClientOptions options = ShownAtOnce();
  options.max_series = max_series;
  return options;
}

TEST(ClientFamilies, CountByClientAndStatus) {
  ExposedSite site;
  site.Count("192.0.2.1", 200);
  site.Count("192.0.2.1", 200);
  site.Count("2001:db8:1:2::1", 404);
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_client_requests_total"),
              ElementsAre("client=\"192.0.2.1\",site=\"shop\",status=\"200\" 2",
                          "client=\"2001:db8:1:2::/64\",site=\"shop\",status=\"404\" 1"));
}

TEST(ClientFamilies, SumBytesByClient) {
  ExposedSite site;
  site.Count("192.0.2.1", 200, Method::kGet, 100);
  site.Count("192.0.2.1", 404, Method::kGet, 7);
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_client_response_bytes_total"),
              ElementsAre("client=\"192.0.2.1\",site=\"shop\" 107"));
}

TEST(ClientFamilies, NameOther) {
  ExposedSite site("shop", Small(1));
  site.Count("192.0.2.1", 200);
  site.Count("192.0.2.2", 200);
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_client_requests_total"),
              ElementsAre("client=\"other\",site=\"shop\",status=\"200\" 1"));
}

TEST(ClientFamilies, CountWhatWasEvicted) {
  ExposedSite site("shop", Small(1));
  site.Count("192.0.2.1", 200);
  site.Count("192.0.2.2", 200);
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_client_evicted_requests_total"),
              Contains("site=\"shop\",status=\"200\" 1"));
}

TEST(ClientFamilies, ShowANewSeriesAsZeroAndItsCountAsPending) {
  ExposedSite site("shop", ClientOptions{});
  site.Count("192.0.2.1", 200);
  site.Count("192.0.2.2", 200);
  const std::string scrape = Scrape(site, kStart + seconds{29});
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_requests_total"),
              ElementsAre("client=\"192.0.2.1\",site=\"shop\",status=\"200\" 0",
                          "client=\"192.0.2.2\",site=\"shop\",status=\"200\" 0"));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_pending_requests"),
              Contains("site=\"shop\",status=\"200\" 2"));
}

TEST(ClientFamilies, ShowTheCountAfterTheHold) {
  ExposedSite site("shop", ClientOptions{});
  site.Count("192.0.2.1", 200);
  const std::string scrape = Scrape(site, kStart + seconds{30});
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_requests_total"),
              ElementsAre("client=\"192.0.2.1\",site=\"shop\",status=\"200\" 1"));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_pending_requests"),
              Contains("site=\"shop\",status=\"200\" 0"));
}

// A status that was seen once stays, or its counter would end and begin again.
TEST(ClientFamilies, KeepTheSumsOfAStatusWhoseClientsAreGone) {
  ExposedSite site;
  site.Count("192.0.2.1", 200);
  site.clients.Expire(kStart + hours{1});
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_client_evicted_requests_total"),
              Contains("site=\"shop\",status=\"200\" 1"));
}

TEST(ClientFamilies, DescribeTheTable) {
  ExposedSite site("shop", Small(2));
  site.Count("192.0.2.1", 200);
  site.Count("192.0.2.2", 200);
  site.Count("192.0.2.3", 200);
  const std::string scrape = Scrape(site);
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_series"), ElementsAre("site=\"shop\" 2"));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_series_limit"), ElementsAre("site=\"shop\" 2"));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_admissions_total"),
              ElementsAre("site=\"shop\" 2"));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_rejections_total"),
              ElementsAre("site=\"shop\" 1"));
}

}  // namespace
}  // namespace accesslog
