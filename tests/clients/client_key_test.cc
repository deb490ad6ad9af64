#include "clients/client_key.h"

#include <gtest/gtest.h>

#include "clients/network.h"
#include "clients/saved.h"

#include <string>

namespace accesslog {
namespace {

Record From(std::string_view client) {
  Record record;
  record.client = client;
  record.address = IpAddress::Parse(client);
  return record;
}

std::string LabelOf(std::string_view client, const ClientOptions& options = {}) {
  const Record record = From(client);
  const ClientNamer namer(options);
  const Client identified = namer.Identify(record);
  return identified.other ? "(other)" : namer.Label(identified.key, identified.host_name);
}

bool Same(std::string_view a, std::string_view b, const ClientOptions& options = {}) {
  const ClientNamer namer(options);
  const Record first = From(a);
  const Record second = From(b);
  return namer.Identify(first).key == namer.Identify(second).key;
}

TEST(ClientNamer, NamesAnIpv4AddressInFull) { EXPECT_EQ(LabelOf("192.0.2.17"), "192.0.2.17"); }

TEST(ClientNamer, NamesTheSixtyFourOfAnIpv6Address) {
  EXPECT_EQ(LabelOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
}

TEST(ClientNamer, ChargesAllOfASixtyFourToOneClient) {
  EXPECT_TRUE(Same("2001:db8:1:2::1", "2001:db8:1:2:ffff::1"));
  EXPECT_FALSE(Same("2001:db8:1:2::1", "2001:db8:1:3::1"));
}

TEST(ClientNamer, TakesAMappedAddressForTheIpv4AddressItIs) {
  EXPECT_TRUE(Same("::ffff:192.0.2.17", "192.0.2.17"));
  EXPECT_EQ(LabelOf("::ffff:192.0.2.17"), "192.0.2.17");
}

TEST(ClientNamer, CutsIpv4WhereConfigured) {
  ClientOptions options;
  options.ipv4_prefix = 24;
  EXPECT_EQ(LabelOf("192.0.2.17", options), "192.0.2.0/24");
  EXPECT_TRUE(Same("192.0.2.17", "192.0.2.200", options));
}

TEST(ClientNamer, CutsIpv6WhereConfigured) {
  ClientOptions options;
  options.ipv6_prefix = 48;
  EXPECT_EQ(LabelOf("2001:db8:1:2::1", options), "2001:db8:1::/48");
}

TEST(ClientNamer, NamesAnIpv6AddressInFullWhereNothingIsCut) {
  ClientOptions options;
  options.ipv6_prefix = 128;
  EXPECT_EQ(LabelOf("2001:db8:1:2::1", options), "2001:db8:1:2::1");
}

TEST(ClientNamer, KeepsHostNames) {
  EXPECT_EQ(LabelOf("crawler.example.com"), "crawler.example.com");
}

TEST(ClientNamer, TellsHostNamesApart) {
  EXPECT_FALSE(Same("a.example.com", "b.example.com"));
  EXPECT_FALSE(Same("12345678", "123456789"));
  EXPECT_TRUE(Same("a.example.com", "a.example.com"));
}

TEST(ClientNamer, CutsAHostNameThatIsTooLong) {
  EXPECT_EQ(LabelOf(std::string(300, 'a')), std::string(253, 'a'));
}

TEST(ClientNamer, RefusesWhatCouldBeNoNameOfAHost) {
  const ClientNamer namer(ClientOptions{});
  for (const std::string_view text :
       {std::string_view("a b"), std::string_view("a\"b"), std::string_view("a{b}"), std::string_view("a\nb"),
        std::string_view("a\0b", 3), std::string_view("\xFF"), std::string_view("b\xC3\xBC"
                                                                                  "cher.example"),
        std::string_view("<script>"), std::string_view("unix:"), std::string_view("other"),
        std::string_view("")}) {
    const Record record = From(text);
    const Client client = namer.Identify(record);
    EXPECT_TRUE(client.refused && client.other) << text;
    EXPECT_EQ(client.host_name, "") << text;
  }
  EXPECT_FALSE(namer.Identify(From("host-7.isp_a.example.com")).refused);
  EXPECT_FALSE(namer.Identify(From("192.0.2.1")).refused);
}

TEST(ClientNamer, RefusesNoNameForTheSakeOfPrivacy) {
  ClientOptions options;
  options.privacy = Privacy::kMasked;
  EXPECT_FALSE(ClientNamer(options).Identify(From("crawler.example.com")).refused);
}

TEST(ClientNamer, ChargesAZoneToItsAddress) {
  EXPECT_TRUE(Same("fe80::1%eth0", "fe80::1%wlan0"));
  EXPECT_EQ(LabelOf("fe80::1%eth0"), "fe80::/64");
}

TEST(ClientNamer, KnowsTheLastAddressOfAClient) {
  ClientOptions options;
  options.ipv4_prefix = 24;
  const ClientNamer namer(options);
  EXPECT_EQ(namer.LastAddress(namer.Identify(From("192.0.2.17")).key).ToString(), "192.0.2.255");
  EXPECT_EQ(namer.LastAddress(namer.Identify(From("2001:db8:1:2::1")).key).ToString(),
            "2001:db8:1:2:ffff:ffff:ffff:ffff");
}

// Anybody may give his address the name "other"; it must not look like the table's own.
TEST(ClientNamer, ChargesAHostCalledOtherToOther) { EXPECT_EQ(LabelOf("other"), "(other)"); }

TEST(ClientNamer, ChargesAMissingClientToOther) { EXPECT_EQ(LabelOf(""), "(other)"); }

TEST(ClientNamer, MasksAddresses) {
  ClientOptions options;
  options.privacy = Privacy::kMasked;
  EXPECT_EQ(LabelOf("192.0.2.17", options), "192.0.2.0/24");
  EXPECT_EQ(LabelOf("2001:db8:1:2::1", options), "2001:db8:1::/48");
}

TEST(ClientNamer, MasksNoLessThanThePrefixesDo) {
  ClientOptions options;
  options.privacy = Privacy::kMasked;
  options.ipv4_prefix = 16;
  options.ipv6_prefix = 32;
  EXPECT_EQ(LabelOf("192.0.2.17", options), "192.0.0.0/16");
  EXPECT_EQ(LabelOf("2001:db8:1:2::1", options), "2001:db8::/32");
}

TEST(ClientNamer, HasNoHostNamesWhereAddressesAreMasked) {
  ClientOptions options;
  options.privacy = Privacy::kMasked;
  EXPECT_EQ(LabelOf("crawler.example.com", options), "(other)");
}

TEST(ClientNamer, HasNoClientsWherePrivacyIsOff) {
  ClientOptions options;
  options.privacy = Privacy::kOff;
  EXPECT_EQ(LabelOf("192.0.2.17", options), "(other)");
  EXPECT_EQ(LabelOf("crawler.example.com", options), "(other)");
}

class HashedNames : public ::testing::Test {
 protected:
  static ClientOptions Options() {
    ClientOptions options;
    options.privacy = Privacy::kHashed;
    options.internal = {*IpPrefix::Parse("10.0.0.0/8")};
    return options;
  }
  std::string LabelOfClient(std::string_view client) const {
    const Client identified = namer_.Identify(From(client));
    EXPECT_EQ(identified.host_name, "");
    return identified.other ? "(other)" : namer_.Label(identified.key, "");
  }

  ClientNamer namer_{Options()};
};

TEST_F(HashedNames, TellNothingOfTheAddress) {
  SipKey key{};
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  namer_.SetHashKey(key);
  for (const char* client : {"192.0.2.17", "2001:db8::1", "crawler.example.com"}) {
    const std::string label = LabelOfClient(client);
    EXPECT_EQ(label.size(), 18U) << client;
    EXPECT_EQ(label.substr(0, 2), "h-");
    EXPECT_EQ(label.find_first_not_of("0123456789abcdef", 2), std::string::npos) << label;
    EXPECT_EQ(LabelOfClient(client), label);
  }
  EXPECT_EQ(LabelOfClient("192.0.2.17"), LabelOfClient("::ffff:192.0.2.17"));
  EXPECT_EQ(LabelOfClient("2001:db8::1"), LabelOfClient("2001:db8::2")) << "of one /64";
  EXPECT_NE(LabelOfClient("192.0.2.17"), LabelOfClient("192.0.2.18"));
  EXPECT_EQ(LabelOfClient("other"), "(other)");
}

TEST_F(HashedNames, AreOthersWithAnotherKey) {
  const std::string before = LabelOfClient("192.0.2.17");
  namer_.DrawHashKey();
  EXPECT_NE(LabelOfClient("192.0.2.17"), before);
  EXPECT_NE(ClientNamer(Options()).hash_key(), ClientNamer(Options()).hash_key());
}

TEST_F(HashedNames, KnowTheirNetwork) {
  const auto network = [&](std::string_view client) {
    return NetworkOf(namer_.Identify(From(client)).key, {});
  };
  EXPECT_EQ(network("10.1.2.3"), Network::kInternal);
  EXPECT_EQ(network("192.0.2.17"), Network::kExternal);
  EXPECT_EQ(network("intern.example.com"), Network::kExternal);
}

TEST_F(HashedNames, KnowCrawlersWhileTheyKnowTheAddress) {
  const auto crawlers = std::make_shared<const Crawlers>(
      Crawlers{{"bot", {"bot"}, IpRanges({*IpPrefix::Parse("192.0.2.0/28")})}});
  const ClientKey before = namer_.Identify(From("192.0.2.7")).key;
  namer_.SetCrawlers(crawlers);
  const ClientKey bot = namer_.Identify(From("192.0.2.7")).key;
  EXPECT_TRUE(namer_.Makes(bot));
  // Two clients to the table, so two labels.
  EXPECT_NE(bot, before);
  EXPECT_NE(namer_.Label(bot, ""), namer_.Label(before, ""));
  EXPECT_EQ(NetworkOf(bot, {}, "curl", {}, *crawlers), Network::kCrawler);
  EXPECT_EQ(NetworkOf(namer_.Identify(From("192.0.2.17")).key, {}, "bot/1", {}, *crawlers),
            Network::kCrawlerUnverified);
}

TEST_F(HashedNames, AreMadeByNobodyElse) {
  const ClientKey hashed = namer_.Identify(From("10.1.2.3")).key;
  const ClientKey clear = ClientNamer(ClientOptions{}).Identify(From("10.1.2.3")).key;
  EXPECT_TRUE(namer_.Makes(hashed));
  EXPECT_FALSE(namer_.Makes(clear));
  EXPECT_FALSE(ClientNamer(ClientOptions{}).Makes(hashed));
  EXPECT_FALSE(namer_.Makes({1, 3, false, true})) << "no address proves that";
}

TEST_F(HashedNames, ComeBackWithTheirRule) {
  ByteWriter writer;
  SaveKeyRule(writer, Options());
  SaveClient(writer, namer_.Identify(From("10.1.2.3")).key, "");
  ByteReader reader(writer.bytes());
  EXPECT_TRUE(LoadKeyRule(reader, Options()));
  EXPECT_EQ(LoadClient(reader).key, namer_.Identify(From("10.1.2.3")).key);
  EXPECT_TRUE(reader.IsDone());
  // The network is in the key, so other ranges make other keys.
  ClientOptions others = Options();
  others.internal.clear();
  ByteReader again(writer.bytes());
  EXPECT_FALSE(LoadKeyRule(again, others));
}

TEST(SavedKeyRule, GivesTheOptionsBack) {
  for (const Privacy privacy :
       {Privacy::kFull, Privacy::kMasked, Privacy::kOff, Privacy::kHashed}) {
    ClientOptions options;
    options.privacy = privacy;
    options.ipv4_prefix = 24;
    options.internal = {*IpPrefix::Parse("10.0.0.0/8"), *IpPrefix::Parse("fc00::/7")};
    ByteWriter writer;
    SaveKeyRule(writer, options);
    ByteReader reader(writer.bytes());
    const ClientOptions loaded = LoadOptionsOfRule(reader);
    EXPECT_TRUE(reader.IsDone());
    ByteReader again(writer.bytes());
    EXPECT_TRUE(LoadKeyRule(again, loaded));
  }
  ByteWriter writer;
  writer.Text("hashed 10.0.0.0/8 nonsense");
  writer.Signed(32);
  writer.Signed(64);
  ByteReader reader(writer.bytes());
  LoadOptionsOfRule(reader);
  EXPECT_FALSE(reader.ok());
}

TEST(AddressOf, IsTheInverseOfAKey) {
  ClientOptions options;
  options.ipv6_prefix = 128;
  const ClientNamer namer(options);
  for (const char* text : {"192.0.2.17", "2001:db8:1:2:3:4:5:6", "::1", "203.0.113.255"}) {
    EXPECT_EQ(AddressOf(namer.Identify(From(text)).key).ToString(), text);
  }
}

TEST(HashKey, DependsOnTheSecret) {
  const ClientKey key{1, 2, false};
  EXPECT_EQ(HashKey(key, 7), HashKey(key, 7));
  EXPECT_NE(HashKey(key, 7), HashKey(key, 8));
}

TEST(HashKey, TellsANameFromAnAddress) {
  EXPECT_NE(HashKey({1, 2, false}, 7), HashKey({1, 2, true}, 7));
}

}  // namespace
}  // namespace accesslog
