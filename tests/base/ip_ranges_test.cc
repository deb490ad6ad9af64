#include "base/ip_ranges.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace accesslog {
namespace {

IpRanges Ranges(const std::vector<std::string>& texts) {
  std::vector<IpPrefix> prefixes;
  for (const std::string& text : texts) prefixes.push_back(*IpPrefix::Parse(text));
  return IpRanges(prefixes);
}

bool Has(const IpRanges& ranges, std::string_view address) {
  return ranges.Contains(*IpAddress::Parse(address));
}

TEST(IpRanges, AreEmptyAtFirst) {
  EXPECT_TRUE(IpRanges().empty());
  EXPECT_FALSE(Has(IpRanges(), "192.0.2.1"));
  EXPECT_FALSE(Has(IpRanges(), "::"));
}

TEST(IpRanges, HoldTheFirstAndTheLastOfARange) {
  const IpRanges ranges = Ranges({"192.0.2.64/26", "2001:db8:1::/48"});
  EXPECT_FALSE(Has(ranges, "192.0.2.63"));
  EXPECT_TRUE(Has(ranges, "192.0.2.64"));
  EXPECT_TRUE(Has(ranges, "192.0.2.127"));
  EXPECT_FALSE(Has(ranges, "192.0.2.128"));
  EXPECT_FALSE(Has(ranges, "2001:db8:0:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_TRUE(Has(ranges, "2001:db8:1::"));
  EXPECT_TRUE(Has(ranges, "2001:db8:1:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_FALSE(Has(ranges, "2001:db8:2::"));
}

TEST(IpRanges, KeepTheFamiliesApart) {
  EXPECT_FALSE(Has(Ranges({"::/0"}), "192.0.2.1"));
  EXPECT_FALSE(Has(Ranges({"0.0.0.0/0"}), "2001:db8::1"));
  EXPECT_TRUE(Has(Ranges({"0.0.0.0/0"}), "255.255.255.255"));
  EXPECT_TRUE(Has(Ranges({"::/0"}), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_TRUE(Has(Ranges({"192.0.2.0/24"}), "::ffff:192.0.2.1"));
}

TEST(IpRanges, MergeNeighboursDoublesAndWhatLiesInside) {
  EXPECT_EQ(Ranges({"10.0.0.0/25", "10.0.0.128/25"}).size(), 1U);
  EXPECT_EQ(Ranges({"10.0.0.0/8", "10.0.0.0/8", "10.3.0.0/16"}).size(), 1U);
  EXPECT_EQ(Ranges({"10.0.0.0/24", "10.0.2.0/24"}).size(), 2U);
  EXPECT_EQ(Ranges({"255.0.0.0/8", "255.255.255.255"}).size(), 1U);
  // The inner one must not shorten the outer one.
  EXPECT_TRUE(Has(Ranges({"10.0.0.0/8", "10.3.0.0/16"}), "10.200.0.1"));
}

TEST(IpRanges, HoldARangeOnlyIfTheyHoldAllOfIt) {
  const IpRanges ranges = Ranges({"10.0.0.0/25", "10.0.0.128/25", "10.0.2.0/24"});
  const auto all = [&](const char* text) {
    const IpPrefix prefix = *IpPrefix::Parse(text);
    return ranges.ContainsAll(prefix.base(), prefix.Last());
  };
  EXPECT_TRUE(all("10.0.0.0/24"));
  EXPECT_TRUE(all("10.0.2.64/26"));
  EXPECT_FALSE(all("10.0.0.0/23"));
  EXPECT_FALSE(all("10.0.0.0/22"));
}

// Against a look at each prefix.
TEST(IpRanges, AgreeWithALinearSearch) {
  std::mt19937 random(7);
  std::vector<IpPrefix> prefixes;
  const auto text = [&] {
    return random() % 2 == 0
               ? "10." + std::to_string(random() % 4) + "." + std::to_string(random() % 256) + "." +
                     std::to_string(random() % 256)
               : "2001:db8:" + std::to_string(random() % 10) + "::" + std::to_string(random() % 10);
  };
  for (int i = 0; i < 60; ++i) {
    const std::string base = text();
    const bool v4 = base.find(':') == std::string::npos;
    const unsigned bits = v4 ? 18 + random() % 15 : 40 + random() % 89;
    prefixes.push_back(*IpPrefix::Parse(base + "/" + std::to_string(bits)));
  }
  const IpRanges ranges(prefixes);
  for (int i = 0; i < 20000; ++i) {
    const IpAddress address = *IpAddress::Parse(text());
    bool found = false;
    for (const IpPrefix& prefix : prefixes) found = found || prefix.Contains(address);
    EXPECT_EQ(ranges.Contains(address), found) << address.ToString();
  }
}

}  // namespace
}  // namespace accesslog
