#include "clients/proxy_share.h"

#include <gtest/gtest.h>

#include <string>

#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::minutes;

constexpr Time kStart = ManualClock::kStart;
constexpr Time kBehind = kStart + minutes{10};

class ProxyShareTest : public ::testing::Test {
 protected:
  void See(const std::string& client, int count, Time at = kStart) {
    Record record;
    record.client = client;
    record.address = IpAddress::Parse(client);
    const Client identified = ClientNamer(options_).Identify(record);
    for (int i = 0; i < count; ++i) share_.Observe(++number_, identified, at);
  }

  ClientOptions options_;
  ProxyShare share_{options_};
  uint64_t number_ = 0;
};

TEST_F(ProxyShareTest, IsNothingAtFirst) {
  EXPECT_EQ(share_.At(kStart), 0);
  See("127.0.0.1", 300);
  EXPECT_EQ(share_.At(kStart + minutes{9}), 0);
}

TEST_F(ProxyShareTest, IsThatOfOneAddress) {
  See("127.0.0.1", 150);
  See("203.0.113.9", 150);
  EXPECT_DOUBLE_EQ(share_.At(kBehind), 0.5);
}

TEST_F(ProxyShareTest, NeedsTwoHundredRequests) {
  See("10.0.0.1", 199);
  EXPECT_EQ(share_.At(kBehind), 0);
}

TEST_F(ProxyShareTest, IsSmallWhereManyInternalClientsHaveTheirs) {
  for (int round = 0; round < 10; ++round) {
    for (int i = 1; i <= 30; ++i) See("10.0.0." + std::to_string(i), 2);
  }
  EXPECT_LT(share_.At(kBehind), 0.15);
}

TEST_F(ProxyShareTest, IsSmallWhereOneOfThePublicHasMost) {
  See("203.0.113.9", 500);
  See("10.0.0.1", 10);
  EXPECT_LT(share_.At(kBehind), 0.05);
}

TEST_F(ProxyShareTest, AddsUpTheAddressesOfACdn) {
  for (int i = 1; i <= 100; ++i) See("172.64.0." + std::to_string(i), 2);
  for (int i = 1; i <= 50; ++i) See("2a04:4e42:0:" + std::to_string(i) + "::1", 2);
  EXPECT_DOUBLE_EQ(share_.At(kBehind), 1);
}

TEST_F(ProxyShareTest, KnowsHostNamesForNoProxies) {
  See("proxy.example.com", 300);
  EXPECT_EQ(share_.At(kBehind), 0);
}

TEST_F(ProxyShareTest, SeesATrustedProxyOfWhichNoHeaderTold) {
  options_.trusted_proxies = {*IpPrefix::Parse("198.51.100.0/24")};
  share_ = ProxyShare(options_);
  See("198.51.100.2", 300);
  EXPECT_DOUBLE_EQ(share_.At(kBehind), 1);
}

TEST_F(ProxyShareTest, IsTheTruthOnABusySite) {
  for (int i = 0; i < 20000; ++i) {
    See("10.0.0.1", i % 5 == 0 ? 0 : 1);
    See("203.0.113." + std::to_string(i % 200), i % 5 == 0 ? 1 : 0);
  }
  EXPECT_NEAR(share_.At(kBehind), 0.8, 0.03);
}

TEST_F(ProxyShareTest, IsOfTheLastWholeTenMinutes) {
  See("127.0.0.1", 300);
  See("203.0.113.9", 300, kBehind);
  EXPECT_DOUBLE_EQ(share_.At(kBehind + minutes{9}), 1);
  EXPECT_EQ(share_.At(kBehind + minutes{10}), 0);
}

TEST_F(ProxyShareTest, EndsWithTheRequests) {
  See("127.0.0.1", 300);
  EXPECT_DOUBLE_EQ(share_.At(kStart + minutes{19}), 1);
  EXPECT_EQ(share_.At(kStart + minutes{20}), 0);
}

TEST_F(ProxyShareTest, BearsAClockThatIsSetBack) {
  See("127.0.0.1", 300, kBehind);
  See("127.0.0.1", 300, kStart);
  EXPECT_LE(share_.At(kStart + minutes{1}), 1);
}

}  // namespace
}  // namespace accesslog
