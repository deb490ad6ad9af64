// The large families, as text of our own.
#include "expose/client_series.h"

#include <gmock/gmock.h>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;

std::string Escaped(std::string_view value) {
  std::string out;
  AppendEscaped(value, out);
  return out;
}

TEST(AppendEscaped, EscapesWhatEndsAValue) {
  EXPECT_EQ(Escaped(""), "");
  EXPECT_EQ(Escaped("plain"), "plain");
  EXPECT_EQ(Escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
  EXPECT_EQ(Escaped("\"\""), "\\\"\\\"");
}

// More digits than a double has: none of them is lost, and none is written as 1e+18.
TEST(ClientSeries, WriteLargeNumbersWhole) {
  ExposedSite site;
  site.Count("192.0.2.1", 200, Method::kGet, 12345678901234567890U);
  EXPECT_THAT(Scrape(site), ::testing::HasSubstr("accesslog_client_response_bytes_total{site=\"shop\","
                                                 "client=\"192.0.2.1\"} 12345678901234567890\n"));
}

TEST(ClientSeries, ComeThroughInPiecesAsOneText) {
  ExposedSite site;
  for (int i = 0; i < 3000; ++i) {
    site.Count("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250), 404);
  }
  const Cut cut = CutOf({site.View()});
  size_t pieces = 0;
  size_t longest = 0;
  Write(cut, Format::kText, [&](std::string_view piece) {
    ++pieces;
    longest = std::max(longest, piece.size());
  });
  EXPECT_GT(pieces, 3U);
  EXPECT_LT(longest, 100000U);
  const Exposition parsed = ParseExposition(TextOf(cut));
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(SamplesOf(parsed, "accesslog_client_requests_total").size(), 3000U);
}

TEST(ClientSeries, OfEachSiteNameIt) {
  ExposedSite shop("shop");
  ExposedSite blog("a \"blog\"");
  shop.Count("192.0.2.1", 401);
  blog.Count("192.0.2.2", 404);
  const std::string scrape = Scrape({shop.View(), blog.View()});
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_requests_total"),
              ElementsAre("client=\"192.0.2.1\",site=\"shop\",status=\"401\" 1",
                          "client=\"192.0.2.2\",site=\"a \"blog\"\",status=\"404\" 1"));
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_signal").size(), 5U);
}

// The namer is the one of the cut: a reload may have changed it since.
TEST(ClientSeries, NameHostsAndNetworks) {
  ClientOptions options = ShownAtOnce();
  options.ipv4_prefix = 24;
  ExposedSite site("shop", options);
  site.Count("crawler.example.com", 404);
  site.Count("192.0.2.7", 200);
  site.Count("crawler-2.example.com", 200);
  const std::string scrape = Scrape(site);
  EXPECT_THAT(SamplesOf(scrape, "accesslog_client_requests_total"),
              ElementsAre("client=\"crawler.example.com\",site=\"shop\",status=\"404\" 1",
                          "client=\"192.0.2.0/24\",site=\"shop\",status=\"200\" 1",
                          "client=\"crawler-2.example.com\",site=\"shop\",status=\"200\" 1"));
}

}  // namespace
}  // namespace accesslog
