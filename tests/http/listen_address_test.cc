#include "http/listen_address.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

std::string Parsed(std::string_view text) {
  const auto address = ParseListenAddress(text);
  return address ? address->ToString() : address.error().message;
}

TEST(ParseListenAddress, TakesHostAndPort) {
  EXPECT_EQ(Parsed("127.0.0.1:9517"), "127.0.0.1:9517");
  EXPECT_EQ(Parsed("192.0.2.1:80"), "192.0.2.1:80");
}

TEST(ParseListenAddress, TakesAPortAloneForAllAddresses) {
  EXPECT_EQ(Parsed(":9517"), "0.0.0.0:9517");
}

TEST(ParseListenAddress, KnowsLocalhost) { EXPECT_EQ(Parsed("localhost:9517"), "127.0.0.1:9517"); }

TEST(ParseListenAddress, TakesEveryPort) {
  EXPECT_EQ(Parsed("127.0.0.1:0"), "127.0.0.1:0");
  EXPECT_EQ(Parsed("127.0.0.1:65535"), "127.0.0.1:65535");
}

TEST(ParseListenAddress, MissesAPort) {
  EXPECT_EQ(Parsed("127.0.0.1"),
            "listen address \"127.0.0.1\" has no port; write host:port, as in 127.0.0.1:9517");
  EXPECT_EQ(Parsed(""), "listen address \"\" has no port; write host:port, as in 127.0.0.1:9517");
}

TEST(ParseListenAddress, RefusesWhatIsNoPort) {
  for (const std::string text : {"127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1",
                                 "127.0.0.1: 80", "127.0.0.1:99999999999999999999"}) {
    EXPECT_EQ(Parsed(text),
              "listen address \"" + text + "\" has no port between 0 and 65535 behind the colon");
  }
}

TEST(ParseListenAddress, RefusesIpv6AndHostNames) {
  for (const std::string text : {"[::1]:9517", "::1:9517", "example.com:9517", "256.0.0.1:9517",
                                 "192.0.2:9517", " 127.0.0.1:9517"}) {
    EXPECT_EQ(Parsed(text), "listen address \"" + text +
                                "\" does not begin with an IPv4 address; IPv6 and host names are "
                                "not supported, 0.0.0.0 stands for all addresses");
  }
}

TEST(ParseListenAddress, EscapesWhatItQuotes) {
  EXPECT_EQ(Parsed("\x1b[2J"),
            "listen address \"\\x1b[2J\" has no port; write host:port, as in 127.0.0.1:9517");
}

}  // namespace
}  // namespace accesslog
