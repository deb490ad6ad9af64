#include "record/hop_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace accesslog {
namespace {

// The hops from right to left; "!" and the text where no address stands.
std::vector<std::string> Hops(std::string_view header) {
  std::vector<std::string> hops;
  HopList list(header);
  while (const auto hop = list.Next()) {
    hops.push_back(hop->address ? hop->address->ToString() : "!" + std::string(hop->text));
  }
  return hops;
}

std::string One(std::string_view element) {
  const Hop hop = ReadHop(element);
  return hop.address ? hop.address->ToString() : "";
}

using List = std::vector<std::string>;

TEST(HopList, IsReadFromTheRight) {
  EXPECT_EQ(Hops("198.51.100.1, 203.0.113.9,2001:db8::1"),
            (List{"2001:db8::1", "203.0.113.9", "198.51.100.1"}));
}

TEST(HopList, IsEmptyWhereNothingStands) {
  EXPECT_EQ(Hops(""), List{});
  EXPECT_EQ(Hops(" , ,\t,"), List{});
}

TEST(HopList, PassesOverEmptyPlaces) {
  EXPECT_EQ(Hops(", ,192.0.2.1,, 192.0.2.2,"), (List{"192.0.2.2", "192.0.2.1"}));
}

TEST(HopList, ReadsBlanksAsIisAndCloudFrontWriteThem) {
  EXPECT_EQ(Hops("192.0.2.1,+192.0.2.2,%20192.0.2.3"),
            (List{"192.0.2.3", "192.0.2.2", "192.0.2.1"}));
}

TEST(HopList, ReadsForwarded) {
  EXPECT_EQ(Hops("for=192.0.2.43, for=\"[2001:db8:cafe::17]:4711\";proto=https;by=203.0.113.43"),
            (List{"2001:db8:cafe::17", "192.0.2.43"}));
  EXPECT_EQ(Hops("For=192.0.2.1;host=\"a,b;c\", proto=http;FOR=192.0.2.2"),
            (List{"192.0.2.2", "192.0.2.1"}));
}

// What the client left open must not swallow what the proxy wrote behind it.
TEST(HopList, ReadsTheRightmostBehindAHalfQuote) {
  EXPECT_EQ(Hops("for=198.51.100.7, for=\"x, for=192.0.2.2").front(), "192.0.2.2");
  EXPECT_EQ(Hops("\", 192.0.2.2").front(), "192.0.2.2");
  EXPECT_EQ(Hops("\\x22, for=192.0.2.2;by=\\x22[2001:db8::1]\\x22").front(), "192.0.2.2");
}

TEST(HopList, IsBounded) {
  std::string list = "198.51.100.1";
  for (int i = 0; i < 10000; ++i) list += ", 10.0.0.1";
  EXPECT_EQ(Hops(list).size(), kMaxHops);
  EXPECT_EQ(Hops(std::string(100000, ',')), List{});
}

TEST(ReadHop, TakesPortsAndQuotesOff) {
  for (const char* text : {"192.0.2.1", "192.0.2.1:80", "\"192.0.2.1:80\"", "\"192.0.2.1\"",
                           "for=192.0.2.1", "for=\"192.0.2.1:4711\"", "for=192.0.2.1:_hidden",
                           "\\\"192.0.2.1\\\"", "\\x22192.0.2.1:80\\x22", "::ffff:192.0.2.1",
                           "[::ffff:192.0.2.1]:80", " 192.0.2.1\t"}) {
    EXPECT_EQ(One(text), "192.0.2.1") << text;
  }
  for (const char* text : {"2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80", "\"[2001:db8::1]:80\"",
                           "for=\"[2001:db8::1]:4711\"", "for=\\x22[2001:db8::1]\\x22",
                           "2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:1:80", "2001:db8::1%eth0",
                           "[2001:db8::1%eth0]:80"}) {
    EXPECT_EQ(One(text), "2001:db8::1") << text;
  }
}

TEST(ReadHop, KnowsNoOtherText) {
  for (const char* text :
       {"unknown", "_hidden", "for=unknown", "for=_SEVKISEK", "for=\"_gazonk\"", "localhost",
        "example.com", "192.0.2.1:", "192.0.2.1:http", "192.0.2.1:123456", "192.0.2.256",
        "192.0.2.1 192.0.2.2", "\"192.0.2.1", "192.0.2.1\"", "[2001:db8::1", "2001:db8::1]",
        "[2001:db8::1]x", "[2001:db8::1]:x", "[[2001:db8::1]]", "for=", "for", "=192.0.2.1",
        "by=192.0.2.1", "for=192.0.2.1;for=192.0.2.2", "for=192.0.2.1;x", "fore=192.0.2.1",
        "for=192.0.2.1=", "-", "", "<script>", "\xE2\x91\xA0.0.2.1", "\xFF\xFE", "192.0.2.1/24"}) {
    EXPECT_EQ(One(text), "") << text;
  }
}

TEST(ReadHop, SeesANul) {
  EXPECT_EQ(One(std::string("192.0.2.1\0", 10)), "");
  EXPECT_EQ(One(std::string("2001:db8::1\0x", 13)), "");
  EXPECT_EQ(One(std::string("\0", 1)), "");
}

}  // namespace
}  // namespace accesslog
