#include "parse/client_field.h"

#include <gtest/gtest.h>

#include <string>

namespace accesslog {
namespace {

TEST(IsHostName, AcceptsNames) {
  for (const char* name :
       {"localhost", "example.com", "a", "host-7.isp_a.example.com", "EXAMPLE.COM",
        "1.2.0.192.in-addr.arpa.", "xn--bcher-kva.example", "0x7f.1"}) {
    EXPECT_TRUE(IsHostName(name)) << name;
  }
}

TEST(IsHostName, RefusesAllElse) {
  for (const char* text : {"", "-", "_", ".", "192.0.2.1", "192.0.2", "1234", "1.2.3.4.5", "a b",
                           "a:80", "a/b", "a\"b",
                           "b\xC3\xBC"
                           "cher.example",
                           "a\x1b[2J", "a,b", "[a]", "a%b"}) {
    EXPECT_FALSE(IsHostName(text)) << text;
  }
}

TEST(IsHostName, RefusesNul) { EXPECT_FALSE(IsHostName(std::string("a\0b", 3))); }

TEST(IsHostName, BoundsTheName) {
  EXPECT_TRUE(IsHostName(std::string(253, 'a')));
  EXPECT_FALSE(IsHostName(std::string(254, 'a')));
}

// The address in canonical form, "name" for a host name, "nothing" for neither.
std::string Kind(std::string_view text) {
  std::optional<IpAddress> address = IpAddress::Parse("203.0.113.99");
  if (!ParseClientField(text, address)) return "nothing";
  return address ? address->ToString() : "name";
}

TEST(ParseClientField, TellsAddressesFromNames) {
  EXPECT_EQ(Kind("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Kind("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(Kind("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Kind("[2001:db8::1]"), "2001:db8::1");
  EXPECT_EQ(Kind("fe80::1%eth0"), "fe80::1");
  EXPECT_EQ(Kind("client.example.com"), "name");
}

TEST(ParseClientField, RefusesWhatIsNeither) {
  for (const char* text : {"", "-", "192.0.2.256", "192.0.2.1:1234", "example.com:443",
                           "unix:", "2001:db8", "192.0.2.1,", "\"192.0.2.1", "a b"}) {
    EXPECT_EQ(Kind(text), "nothing") << text;
  }
}

TEST(WithoutPort, TakesThePortOff) {
  EXPECT_EQ(WithoutPort("192.0.2.1:80"), "192.0.2.1");
  EXPECT_EQ(WithoutPort("[2001:db8::1]:80"), "[2001:db8::1]");
  EXPECT_EQ(WithoutPort("2001:db8:0:0:0:0:0:1:80"), "2001:db8:0:0:0:0:0:1");
  EXPECT_EQ(WithoutPort("example.com:80"), "example.com");
  EXPECT_EQ(WithoutPort("example.com:"), "example.com");
}

TEST(WithoutPort, LeavesWhatHasNone) {
  for (const char* host : {"192.0.2.1", "[2001:db8::1]", "2001:db8::1", "2001:db8:0:0:0:0:0:1",
                           "::1", "::ffff:192.0.2.1", "example.com", "", "-"}) {
    EXPECT_EQ(WithoutPort(host), host);
  }
}

TEST(ClientOfHops, IsTheLastThatIsNoProxyOfOurs) {
  EXPECT_EQ(ClientOfHops("203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(ClientOfHops("198.51.100.1, 203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(ClientOfHops("198.51.100.1, 203.0.113.9, 10.0.0.1, 192.168.1.1"), "203.0.113.9");
  EXPECT_EQ(ClientOfHops("198.51.100.1,2001:db8::9,fd00::1,::1,fe80::1"), "2001:db8::9");
  EXPECT_EQ(ClientOfHops("203.0.113.9, 100.64.0.1, 127.0.0.1, 169.254.1.1, 172.31.0.1"),
            "203.0.113.9");
  EXPECT_EQ(ClientOfHops("203.0.113.9, ::ffff:10.0.0.1"), "203.0.113.9");
}

TEST(ClientOfHops, IsTheFirstWhereAllAreOurs) {
  EXPECT_EQ(ClientOfHops("10.0.0.1, 192.168.1.1"), "10.0.0.1");
}

TEST(ClientOfHops, IsReadWithPortsBlanksAndQuotes) {
  EXPECT_EQ(ClientOfHops("198.51.100.1:5, 203.0.113.9:80"), "203.0.113.9");
  EXPECT_EQ(ClientOfHops("\"[2001:db8::9]:80\" , 10.0.0.1"), "[2001:db8::9]");
  EXPECT_EQ(ClientOfHops(" 203.0.113.9\t"), "203.0.113.9");
  EXPECT_EQ(ClientOfHops("198.51.100.1,+203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(ClientOfHops("198.51.100.1,%20203.0.113.9"), "203.0.113.9");
}

// In front of it may stand what the client sent.
TEST(ClientOfHops, EndsAtWhatIsNoAddress) {
  EXPECT_EQ(ClientOfHops("203.0.113.9, unknown, "), "unknown");
  EXPECT_EQ(ClientOfHops("198.51.100.7, unknown, 10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(ClientOfHops(", ,203.0.113.9,"), "203.0.113.9");
  EXPECT_EQ(ClientOfHops("unknown"), "unknown");
  EXPECT_EQ(ClientOfHops("-"), "-");
  EXPECT_EQ(ClientOfHops(""), "");
  EXPECT_EQ(ClientOfHops(","), "");
}

TEST(ClientOfHops, IsNotTheFirstOfALongList) {
  std::string list = "198.51.100.1";
  for (int i = 0; i < 100000; ++i) list += ", x";
  EXPECT_EQ(ClientOfHops(list), "x");
  list = "198.51.100.1";
  for (int i = 0; i < 10000; ++i) list += ", 10.0.0.1";
  EXPECT_EQ(ClientOfHops(list), "10.0.0.1");
}

TEST(ClientOfHops, IsReadOutOfForwarded) {
  EXPECT_EQ(ClientOfHops("for=198.51.100.7, for=\"[2001:db8::9]:4711\";proto=https, for=10.0.0.1"),
            "[2001:db8::9]");
  EXPECT_EQ(ClientOfHops("for=198.51.100.7, for=_hidden"), "_hidden");
}

}  // namespace
}  // namespace accesslog
