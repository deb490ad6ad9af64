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

TEST(NetworkName, IsTheLabelValue) {
  EXPECT_EQ(NetworkName(Network::kInternal), "internal");
  EXPECT_EQ(NetworkName(Network::kExternal), "external");
}

}  // namespace
}  // namespace accesslog
