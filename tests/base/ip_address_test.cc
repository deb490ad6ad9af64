#include "base/ip_address.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace accesslog {
namespace {

using ::testing::Optional;

// The canonical form of what `text` parses to; "nothing" if it does not.
std::string Canonical(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  return address ? address->ToString() : "nothing";
}

IpAddress Address(std::string_view text) { return IpAddress::Parse(text).value(); }

// As IpAddress::Masked, one bit at a time.
IpAddress MaskedBitByBit(const IpAddress& address, int bits) {
  std::array<uint8_t, 16> bytes = address.bytes();
  const int first_cleared = bits + (address.is_v4() ? 96 : 0);
  for (int bit = first_cleared; bit < 128; ++bit) {
    const int weight = 1 << (7 - bit % 8);
    uint8_t& byte = bytes[static_cast<size_t>(bit / 8)];
    byte = static_cast<uint8_t>(byte & ~weight);
  }
  return IpAddress::FromBytes(bytes);
}

std::vector<IpAddress> MixedAddresses() {
  std::vector<IpAddress> addresses = {Address("255.255.255.255"), Address("0.0.0.0"), Address("::"),
                                      Address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")};
  std::mt19937 random(20230908);
  for (int i = 0; i < 20; ++i) {
    std::array<uint8_t, 16> bytes{};
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    addresses.push_back(IpAddress::FromBytes(bytes));
    std::array<uint8_t, 16> mapped = Address("0.0.0.0").bytes();
    for (size_t j = 12; j < 16; ++j) mapped[j] = static_cast<uint8_t>(random());
    addresses.push_back(IpAddress::FromBytes(mapped));
  }
  return addresses;
}

TEST(IpAddressParse, ReadsIpv4) { EXPECT_EQ(Canonical("192.0.2.1"), "192.0.2.1"); }

TEST(IpAddressParse, ReadsTheEndsOfTheIpv4Range) {
  EXPECT_EQ(Canonical("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(Canonical("255.255.255.255"), "255.255.255.255");
}

TEST(IpAddressParse, ReadsLeadingZerosAsDecimal) {
  EXPECT_EQ(Canonical("192.000.002.010"), "192.0.2.10");
}

TEST(IpAddressParse, RefusesWhatIsNoIpv4) {
  for (const char* text :
       {"", ".", "192", "192.0.2", "192.0.2.", "192.0.2.1.", ".192.0.2.1", "192.0.2.1.5",
        "192..2.1", "256.0.0.1", "192.0.2.256", "192.0.2.0001", "192.0.2.-1", "+192.0.2.1",
        " 192.0.2.1", "192.0.2.1 ", "192.0.2.a", "0x7f.0.0.1", "192.0.2.1%eth0"}) {
    EXPECT_EQ(Canonical(text), "nothing") << text;
  }
}

TEST(IpAddressParse, AgreesWithTheSystemOnRandomIpv4) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    const uint32_t number = static_cast<uint32_t>(random());
    in_addr system{htonl(number)};
    std::array<char, INET_ADDRSTRLEN> text{};
    inet_ntop(AF_INET, &system, text.data(), text.size());
    EXPECT_EQ(Canonical(text.data()), text.data());
  }
}

TEST(IpAddressParse, ShortensIpv6AsRfc5952) {
  EXPECT_EQ(Canonical("2001:0DB8:0:0:0:0:0:0001"), "2001:db8::1");
  EXPECT_EQ(Canonical("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(Canonical("0:0:0:0:0:0:0:0"), "::");
}

TEST(IpAddressParse, TakesAMappedAddressForTheIpv4Address) {
  EXPECT_EQ(Canonical("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Canonical("::FFFF:c000:0201"), "192.0.2.1");
  EXPECT_EQ(Canonical("0:0:0:0:0:ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(IpAddress::Parse("::ffff:192.0.2.1"), IpAddress::Parse("192.0.2.1"));
}

TEST(IpAddressParse, LeavesACompatibleAddressIpv6) {
  EXPECT_EQ(Canonical("::192.0.2.1"), "::192.0.2.1");
  EXPECT_FALSE(Address("::192.0.2.1").is_v4());
}

TEST(IpAddressParse, DropsTheZone) {
  EXPECT_EQ(Canonical("fe80::1%eth0"), "fe80::1");
  EXPECT_EQ(Canonical("[fe80::1%eth0.100]"), "fe80::1");
  EXPECT_EQ(Canonical("fe80::1%17"), "fe80::1");
}

TEST(IpAddressParse, RefusesWhatIsNoZone) {
  for (const char* text :
       {"fe80::1%", "fe80::1%<b>", "fe80::1%et h0", "fe80::1%eth0%eth1", "%eth0", "fe80%eth0::1",
        "fe80::1%\x1b[2J", "fe80::1%longer-than-any-interface"}) {
    EXPECT_EQ(Canonical(text), "nothing") << text;
  }
}

TEST(IpAddressParse, TakesBracketsOff) {
  EXPECT_EQ(Canonical("[2001:db8::1]"), "2001:db8::1");
  EXPECT_EQ(Canonical("[192.0.2.1]"), "192.0.2.1");
  EXPECT_EQ(Canonical("[::ffff:192.0.2.1]"), "192.0.2.1");
}

TEST(IpAddressParse, RefusesOddBrackets) {
  for (const char* text : {"[", "]", "[]", "[2001:db8::1", "2001:db8::1]", "[[2001:db8::1]]",
                           "[2001:db8::1]:80", "[2001:db8::1]%eth0"}) {
    EXPECT_EQ(Canonical(text), "nothing") << text;
  }
}

TEST(IpAddressParse, RefusesWhatIsNoIpv6) {
  for (const char* text : {":", ":::", "2001:db8", "2001:db8:::1", "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9", "g::1", "12345::", "::192.0.2",
                           "::ffff:192.0.2.256", "::1/128", " ::1", "::1 ", "example.com:80"}) {
    EXPECT_EQ(Canonical(text), "nothing") << text;
  }
}

TEST(IpAddressParse, RefusesTextBehindANul) {
  using namespace std::string_view_literals;
  EXPECT_EQ(Canonical("::1\0"sv), "nothing");
  EXPECT_EQ(Canonical("2001:db8::1\0.example.com"sv), "nothing");
  EXPECT_EQ(Canonical("192.0.2.1\0"sv), "nothing");
}

TEST(IpAddressParse, RefusesLongText) {
  EXPECT_EQ(Canonical(std::string(1000, '1')), "nothing");
  EXPECT_EQ(Canonical(std::string(1000, ':')), "nothing");
}

TEST(ParseIpv4, KnowsNoIpv6) {
  EXPECT_EQ(ParseIpv4("::1"), std::nullopt);
  EXPECT_EQ(ParseIpv4("[192.0.2.1]"), std::nullopt);
}

TEST(IpAddress, IsAllZerosByDefault) { EXPECT_EQ(IpAddress().ToString(), "::"); }

TEST(IpAddress, ParsesBackFromItsOwnText) {
  for (const IpAddress& address : MixedAddresses()) {
    EXPECT_THAT(IpAddress::Parse(address.ToString()), Optional(address)) << address.ToString();
  }
}

TEST(IpAddress, OrdersIpv4ByNumber) {
  EXPECT_LT(Address("9.0.0.0"), Address("10.0.0.0"));
  EXPECT_LT(Address("10.0.0.1"), Address("10.0.0.2"));
}

TEST(IpAddressMasked, AgreesWithClearingBitByBit) {
  for (const IpAddress& address : MixedAddresses()) {
    for (int bits = 0; bits <= (address.is_v4() ? 32 : 128); ++bits) {
      EXPECT_EQ(address.Masked(bits), MaskedBitByBit(address, bits))
          << address.ToString() << "/" << bits;
    }
  }
}

TEST(IpAddressMasked, KeepsTheFamily) {
  EXPECT_EQ(Address("192.0.2.1").Masked(0).ToString(), "0.0.0.0");
  EXPECT_EQ(Address("2001:db8::1").Masked(0).ToString(), "::");
}

// What IpPrefix::Parse makes of `text`; "nothing" if it is no prefix.
std::string CanonicalPrefix(std::string_view text) {
  const auto prefix = IpPrefix::Parse(text);
  return prefix ? prefix->ToString() : "nothing";
}

TEST(IpPrefix, ClearsTheBitsBehindItsLength) {
  EXPECT_EQ(CanonicalPrefix("198.51.100.77/24"), "198.51.100.0/24");
  EXPECT_EQ(CanonicalPrefix("2001:db8:1:2:3::4/32"), "2001:db8::/32");
}

TEST(IpPrefix, TakesABareAddressForARangeOfOne) {
  EXPECT_EQ(CanonicalPrefix("192.0.2.1"), "192.0.2.1/32");
  EXPECT_EQ(CanonicalPrefix("2001:db8::1"), "2001:db8::1/128");
}

TEST(IpPrefix, TakesTheWholeRange) {
  EXPECT_EQ(CanonicalPrefix("192.0.2.1/0"), "0.0.0.0/0");
  EXPECT_EQ(CanonicalPrefix("::/0"), "::/0");
}

TEST(IpPrefix, RefusesWhatIsNone) {
  for (const char* text : {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/ 8",
                           "10.0.0.0/8 ", "10.0.0.0/8/8", "10.0.0/8", "::/129", "::/",
                           "example.com/8", "10.0.0.0/18446744073709551624"}) {
    EXPECT_EQ(CanonicalPrefix(text), "nothing") << text;
  }
}

TEST(IpPrefix, ContainsItsFirstAndLastAddressAndNotTheirNeighbours) {
  const IpPrefix prefix = IpPrefix::Parse("172.16.0.0/12").value();
  EXPECT_FALSE(prefix.Contains(Address("172.15.255.255")));
  EXPECT_TRUE(prefix.Contains(Address("172.16.0.0")));
  EXPECT_TRUE(prefix.Contains(Address("172.31.255.255")));
  EXPECT_FALSE(prefix.Contains(Address("172.32.0.0")));
}

TEST(IpPrefix, ContainsAMappedAddress) {
  EXPECT_TRUE(IpPrefix::Parse("192.0.2.0/24").value().Contains(Address("::ffff:192.0.2.1")));
}

TEST(IpPrefix, KeepsTheFamiliesApart) {
  EXPECT_FALSE(IpPrefix::Parse("::/0").value().Contains(Address("192.0.2.1")));
  EXPECT_FALSE(IpPrefix::Parse("0.0.0.0/0").value().Contains(Address("2001:db8::1")));
  EXPECT_FALSE(IpPrefix::Parse("2001:db8::/64").value().Contains(Address("192.0.2.1")));
}

}  // namespace
}  // namespace accesslog
