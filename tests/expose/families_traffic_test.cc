#include <gmock/gmock.h>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

// The samples of requests_total that are not 0.
std::vector<std::string> Requests(const std::string& scrape) {
  std::vector<std::string> samples = SamplesOf(scrape, "accesslog_requests_total");
  std::erase_if(samples, [](const std::string& sample) { return sample.ends_with(" 0"); });
  return samples;
}

TEST(TrafficFamilies, CountRequestsByMethodAndStatus) {
  ExposedSite site;
  site.Count("192.0.2.1", 200);
  site.Count("192.0.2.1", 200);
  site.Count("192.0.2.1", 404, Method::kPost);
  site.Count("192.0.2.1", kInvalidStatus, Method::kOther);
  EXPECT_THAT(Requests(Scrape(site)),
              ElementsAre("method=\"GET\",site=\"shop\",status=\"200\" 2",
                          "method=\"POST\",site=\"shop\",status=\"404\" 1",
                          "method=\"other\",site=\"shop\",status=\"invalid\" 1"));
}

TEST(TrafficFamilies, SumBytes) {
  ExposedSite site;
  site.Count("192.0.2.1", 200, Method::kGet, 1000);
  site.Count("192.0.2.2", 200, Method::kGet, 234);
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_response_bytes_total"),
              ElementsAre("site=\"shop\" 1234"));
}

TEST(TrafficFamilies, CountLines) {
  ExposedSite site;
  site.Count("192.0.2.1", 200);
  site.lines_read = 3;
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_lines_read_total"),
              ElementsAre("site=\"shop\" 3"));
  // Known label sets are there from the start.
  EXPECT_THAT(SamplesOf(Scrape(site), "accesslog_unparsed_lines_total"),
              ElementsAre("reason=\"empty\",site=\"shop\" 0", "reason=\"status\",site=\"shop\" 2"));
}

TEST(TrafficFamilies, HaveNoDurationsWhereTheFormatHasNone) {
  ExposedSite site;
  site.Count("192.0.2.1", 200);
  EXPECT_THAT(ParseExposition(Scrape(site)).types,
              Not(Contains(Key("accesslog_request_duration_seconds"))));
}

TEST(TrafficFamilies, HaveAHistogramOfDurations) {
  ExposedSite site;
  for (const double seconds : {0.003, 0.2, 100.0}) {
    Record record;
    record.client = "192.0.2.1";
    record.status = 200;
    record.duration = seconds;
    site.Count(record);
  }
  const std::string scrape = Scrape(site);
  EXPECT_EQ(ParseExposition(scrape).types["accesslog_request_duration_seconds"], "histogram");
  EXPECT_THAT(SamplesOf(scrape, "accesslog_request_duration_seconds_count"),
              ElementsAre("site=\"shop\" 3"));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_request_duration_seconds_sum"),
              ElementsAre("site=\"shop\" 100.203"));
  const auto buckets = SamplesOf(scrape, "accesslog_request_duration_seconds_bucket");
  ASSERT_EQ(buckets.size(), kDurationBounds.size() + 1);
  EXPECT_EQ(buckets.front(), "le=\"0.005\",site=\"shop\" 1");
  EXPECT_EQ(buckets[5], "le=\"0.25\",site=\"shop\" 2");
  EXPECT_EQ(buckets.back(), "le=\"+Inf\",site=\"shop\" 3");
}

TEST(TrafficFamilies, KeepSitesApart) {
  ExposedSite shop("shop");
  ExposedSite wiki("wiki");
  shop.Count("192.0.2.1", 200);
  wiki.Count("192.0.2.1", 404);
  EXPECT_THAT(Requests(Scrape({shop.View(), wiki.View()})),
              ElementsAre("method=\"GET\",site=\"shop\",status=\"200\" 1",
                          "method=\"GET\",site=\"wiki\",status=\"404\" 1"));
}

// So that the first burst of errors is no birth, which increase() would not see.
TEST(TrafficFamilies, HaveTheUsualAnswersFromTheStart) {
  const auto samples = SamplesOf(Scrape(ExposedSite()), "accesslog_requests_total");
  EXPECT_EQ(samples.size(), 3U * 17U);
  EXPECT_THAT(samples, Contains("method=\"GET\",site=\"shop\",status=\"500\" 0"));
  EXPECT_THAT(samples, Contains("method=\"POST\",site=\"shop\",status=\"401\" 0"));
}

TEST(TrafficFamilies, LeaveOutTheUnusualWhereThereIsNothingToSay) {
  const auto samples = SamplesOf(Scrape(ExposedSite()), "accesslog_requests_total");
  EXPECT_THAT(samples, Not(Contains(HasSubstr("418"))));
  EXPECT_THAT(samples, Not(Contains(HasSubstr("invalid"))));
}

}  // namespace
}  // namespace accesslog
