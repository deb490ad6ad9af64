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

}  // namespace
}  // namespace accesslog
