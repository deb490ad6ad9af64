#include "clients/network.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

Network NetworkOfText(std::string_view client) {
  const std::vector<IpPrefix> internal = {*IpPrefix::Parse("192.0.2.0/24"),
                                          *IpPrefix::Parse("2001:db8:1::/48")};
  Record record;
  record.client = client;
  record.address = IpAddress::Parse(client);
  return NetworkOf(ClientNamer(ClientOptions{}).Identify(record).key, internal);
}

TEST(NetworkOf, KnowsTheAdministratorsOwn) {
  EXPECT_EQ(NetworkOfText("192.0.2.17"), Network::kInternal);
  EXPECT_EQ(NetworkOfText("2001:db8:1::1"), Network::kInternal);
}

TEST(NetworkOf, TakesAllElseForExternal) {
  EXPECT_EQ(NetworkOfText("198.51.100.1"), Network::kExternal);
  EXPECT_EQ(NetworkOfText("2001:db8:2::1"), Network::kExternal);
}

// A name proves nothing about the address.
TEST(NetworkOf, TakesHostNamesForExternal) {
  EXPECT_EQ(NetworkOfText("intern.example.com"), Network::kExternal);
}

TEST(NetworkOf, HasNoInternalNetworkWithoutRanges) {
  EXPECT_EQ(NetworkOf(ClientKey{}, {}), Network::kExternal);
}

// --- Crawlers ---

const Crawlers& Known() {
  static const Crawlers kKnown = {
      {"googlebot", {"Googlebot"},
       IpRanges({*IpPrefix::Parse("66.249.64.0/27"), *IpPrefix::Parse("2001:4860:4801:10::/64")})},
      {"bing", {"bingbot", "BingPreview"}, IpRanges({*IpPrefix::Parse("157.55.39.0/24")})}};
  return kKnown;
}

std::string Crawling(std::string_view client, std::string_view user_agent,
                     const ClientOptions& options = {}, const Crawlers& crawlers = Known()) {
  Record record;
  record.client = client;
  record.address = IpAddress::Parse(client);
  const ClientNamer namer(options);
  const ClientKey key = namer.Identify(record).key;
  const std::vector<IpPrefix> internal = {*IpPrefix::Parse("10.0.0.0/8")};
  const IpAddress last = key.named ? IpAddress() : namer.LastAddress(key);
  return std::string(NetworkName(NetworkOf(key, last, user_agent, internal, crawlers)));
}

constexpr std::string_view kGooglebot =
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

TEST(NetworkOf, KnowsACrawlerByItsAddress) {
  EXPECT_EQ(Crawling("66.249.64.5", kGooglebot), "crawler");
  EXPECT_EQ(Crawling("66.249.64.5", "curl/8.0"), "crawler");
  EXPECT_EQ(Crawling("2001:4860:4801:10::17", kGooglebot), "crawler");
  EXPECT_EQ(Crawling("157.55.39.200", ""), "crawler");
}

TEST(NetworkOf, BelievesNoUserAgent) {
  EXPECT_EQ(Crawling("203.0.113.9", kGooglebot), "crawler_unverified");
  EXPECT_EQ(Crawling("66.249.64.32", kGooglebot), "crawler_unverified");
  EXPECT_EQ(Crawling("203.0.113.9", "GOOGLEBOT"), "crawler_unverified");
  EXPECT_EQ(Crawling("203.0.113.9", "BingPreview/1.0b"), "crawler_unverified");
  EXPECT_EQ(Crawling("203.0.113.9", "Googlebo"), "external");
  EXPECT_EQ(Crawling("203.0.113.9", ""), "external");
  EXPECT_EQ(Crawling("203.0.113.9", std::string(100000, 'G') + "Googlebot"), "external");
}

TEST(NetworkOf, BelievesNoName) {
  EXPECT_EQ(Crawling("crawl-66-249-64-5.googlebot.com", kGooglebot), "crawler_unverified");
  EXPECT_EQ(Crawling("crawl-66-249-64-5.googlebot.com", ""), "external");
}

// The rest of the /24 is anybody's.
TEST(NetworkOf, ProvesAllAddressesOfAClient) {
  ClientOptions options;
  options.privacy = Privacy::kMasked;
  EXPECT_EQ(Crawling("66.249.64.5", kGooglebot, options), "crawler_unverified");
  EXPECT_EQ(Crawling("157.55.39.200", "", options), "crawler");
  options = {};
  options.ipv6_prefix = 48;
  EXPECT_EQ(Crawling("2001:4860:4801:10::17", kGooglebot, options), "crawler_unverified");
}

TEST(NetworkOf, TakesTheAdministratorsOwnFirst) {
  EXPECT_EQ(Crawling("10.0.0.1", kGooglebot), "internal");
}

TEST(NetworkOf, KnowsNoCrawlerWhoseRangesAreNotKnown) {
  EXPECT_EQ(Crawling("66.249.64.5", kGooglebot, {}, {{"googlebot", {"googlebot"}, {}}}),
            "crawler_unverified");
  EXPECT_EQ(Crawling("66.249.64.5", kGooglebot, {}, {}), "external");
}

TEST(NetworkName, IsTheLabelValue) {
  EXPECT_EQ(NetworkName(Network::kInternal), "internal");
  EXPECT_EQ(NetworkName(Network::kExternal), "external");
  EXPECT_EQ(NetworkName(Network::kCrawler), "crawler");
  EXPECT_EQ(NetworkName(Network::kCrawlerUnverified), "crawler_unverified");
}

}  // namespace
}  // namespace accesslog
