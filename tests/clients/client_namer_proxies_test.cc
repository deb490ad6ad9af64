// Who is charged behind proxies: only what a trusted proxy says is believed, and of that only what no
// client can have written.
#include <gtest/gtest.h>

#include <string>

#include "clients/client_key.h"

namespace accesslog {
namespace {

struct Line {
  std::string peer = "10.0.0.1";
  std::string x_forwarded_for{};
  std::string forwarded{};
  std::string cf_connecting_ip{};
  std::string x_real_ip{};
};

ClientOptions Trusting(const std::vector<std::string>& proxies) {
  ClientOptions options;
  for (const std::string& proxy : proxies) options.trusted_proxies.push_back(*IpPrefix::Parse(proxy));
  return options;
}

ClientOptions Usual() { return Trusting({"10.0.0.0/8", "2001:db8:10::/48"}); }

std::string LabelOf(const Record& record, const ClientOptions& options) {
  const ClientNamer namer(options);
  const Client client = namer.Identify(record);
  if (client.refused) return "(refused)";
  return client.other ? "(other)" : namer.Label(client.key, client.host_name);
}

std::string Charged(const Line& line, const ClientOptions& options = Usual()) {
  Record record;
  record.client = line.peer;
  record.address = IpAddress::Parse(line.peer);
  HopHeaders hops;
  hops.texts = {line.x_forwarded_for, line.forwarded, line.cf_connecting_ip, line.x_real_ip};
  record.hops = &hops;
  return LabelOf(record, options);
}

// A format that tells no peer.
std::string ChargedByListAlone(const std::string& list, const ClientOptions& options = Usual()) {
  Record record;
  HopHeaders hops;
  hops.client_list = list;
  record.hops = &hops;
  return LabelOf(record, options);
}

std::string Behind(const std::string& x_forwarded_for) {
  return Charged({.x_forwarded_for = x_forwarded_for});
}

TEST(ClientBehindProxies, IsThePeerWhereNobodyIsTrusted) {
  EXPECT_EQ(Charged({.x_forwarded_for = "198.51.100.7"}, ClientOptions{}), "10.0.0.1");
}

TEST(ClientBehindProxies, IsThePeerWhereThatIsNoProxy) {
  EXPECT_EQ(Charged({.peer = "203.0.113.9",
                     .x_forwarded_for = "198.51.100.7",
                     .forwarded = "for=198.51.100.7",
                     .cf_connecting_ip = "198.51.100.7",
                     .x_real_ip = "198.51.100.7"}),
            "203.0.113.9");
}

TEST(ClientBehindProxies, IsTheRightmostUntrustedHop) {
  EXPECT_EQ(Behind("203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(Behind("203.0.113.9, 10.0.0.2, 10.0.0.3"), "203.0.113.9");
  EXPECT_EQ(Behind("203.0.113.9, 2001:db8:10::7"), "203.0.113.9");
  EXPECT_EQ(Behind("203.0.113.9, ::ffff:10.0.0.2"), "203.0.113.9");
  EXPECT_EQ(Charged({.peer = "::ffff:10.0.0.1", .x_forwarded_for = "203.0.113.9"}), "203.0.113.9");
}

TEST(ClientBehindProxies, IsNeverWhomTheClientClaimsToAskFor) {
  EXPECT_EQ(Behind("198.51.100.7, 203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(Behind("198.51.100.7, 10.0.0.9, 203.0.113.9, 10.0.0.2"), "203.0.113.9");
  EXPECT_EQ(Behind("for=198.51.100.7, \", 203.0.113.9"), "203.0.113.9");
}

TEST(ClientBehindProxies, IsTheNearestGoodHopWhereTheNextIsNone) {
  for (const char* hop : {"unknown", "_hidden", "evil.example.com", "<script>", "192.0.2.256", "\"",
                          "[", "for=", "\xF0\x9F\x98\x80", "-"}) {
    EXPECT_EQ(Behind(std::string("198.51.100.7, ") + hop), "10.0.0.1") << hop;
    EXPECT_EQ(Behind(std::string("198.51.100.7, ") + hop + ", 10.0.0.2"), "10.0.0.2") << hop;
  }
  EXPECT_EQ(Behind(std::string("198.51.100.7\0", 13)), "10.0.0.1");
}

TEST(ClientBehindProxies, IsTheFirstProxyWhereAllAreTrusted) {
  EXPECT_EQ(Behind("10.0.0.5, 10.0.0.2"), "10.0.0.5");
  EXPECT_EQ(Behind("10.0.0.2"), "10.0.0.2");
}

TEST(ClientBehindProxies, IsThePeerWithoutAHeader) {
  EXPECT_EQ(Charged({}), "10.0.0.1");
  EXPECT_EQ(Behind(" , ,"), "10.0.0.1");
}

TEST(ClientBehindProxies, IsFoundBehindTenThousandHops) {
  std::string list = "198.51.100.7";
  for (int i = 0; i < 10000; ++i) list += ", 10.0.0.2";
  EXPECT_EQ(Behind(list), "10.0.0.2");
  EXPECT_EQ(Behind(list + ", 203.0.113.9"), "203.0.113.9");
}

TEST(ClientBehindProxies, IsReadOutOfEachHeader) {
  EXPECT_EQ(Charged({.forwarded = "for=198.51.100.7, for=\"[2001:db8:1::9]:4711\";proto=https"}),
            "2001:db8:1::/64");
  EXPECT_EQ(Charged({.cf_connecting_ip = "203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(Charged({.x_real_ip = "203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(Charged({.forwarded = "for=_SEVKISEK"}), "10.0.0.1");
  EXPECT_EQ(Charged({.forwarded = "for=unknown;proto=http"}), "10.0.0.1");
}

TEST(ClientBehindProxies, IsDecidedByTheFirstHeaderThatIsThere) {
  const Line line = {.x_forwarded_for = "203.0.113.1",
                     .forwarded = "for=203.0.113.2",
                     .cf_connecting_ip = "203.0.113.3",
                     .x_real_ip = "203.0.113.4"};
  EXPECT_EQ(Charged(line), "203.0.113.1");
  ClientOptions options = Usual();
  options.client_headers = {HopHeader::kCfConnectingIp, HopHeader::kXForwardedFor};
  EXPECT_EQ(Charged(line, options), "203.0.113.3");
  // Not by the next one where that is broken: the client may have sent the next one.
  EXPECT_EQ(Charged({.x_forwarded_for = "unknown", .x_real_ip = "198.51.100.7"}), "10.0.0.1");
}

TEST(ClientBehindProxies, IgnoresHeadersThatAreNotAskedFor) {
  ClientOptions options = Usual();
  options.client_headers = {HopHeader::kXRealIp};
  EXPECT_EQ(Charged({.x_forwarded_for = "198.51.100.7", .x_real_ip = "203.0.113.9"}, options),
            "203.0.113.9");
  EXPECT_EQ(Charged({.x_forwarded_for = "198.51.100.7"}, options), "10.0.0.1");
}

TEST(ClientBehindProxies, TrustsNoPeerForItsName) {
  EXPECT_EQ(Charged({.peer = "proxy.example.com", .x_forwarded_for = "198.51.100.7"}),
            "proxy.example.com");
  EXPECT_EQ(Charged({.peer = "", .x_forwarded_for = "198.51.100.7"}), "(refused)");
}

TEST(ClientBehindProxies, IsMaskedAndCutAsAnyOther) {
  ClientOptions options = Usual();
  options.privacy = Privacy::kMasked;
  EXPECT_EQ(Charged({.x_forwarded_for = "203.0.113.9"}, options), "203.0.113.0/24");
  options.privacy = Privacy::kOff;
  EXPECT_EQ(Charged({.x_forwarded_for = "203.0.113.9"}, options), "(other)");
}

TEST(ClientOfAListAlone, IsTheRightmostUntrustedHop) {
  EXPECT_EQ(ChargedByListAlone("198.51.100.7, 203.0.113.9, 10.0.0.2"), "203.0.113.9");
  // 192.168.0.9 is private, but nobody's proxy.
  EXPECT_EQ(ChargedByListAlone("198.51.100.7, 192.168.0.9, 10.0.0.2"), "192.168.0.9");
  EXPECT_EQ(ChargedByListAlone("10.0.0.2"), "10.0.0.2");
}

TEST(ClientOfAListAlone, IsNobodyWhereNoAddressStands) {
  EXPECT_EQ(ChargedByListAlone("198.51.100.7, unknown"), "(refused)");
  EXPECT_EQ(ChargedByListAlone("evil.example.com"), "(refused)");
  EXPECT_EQ(ChargedByListAlone("evil.example.com", ClientOptions{}), "(refused)");
}

}  // namespace
}  // namespace accesslog
