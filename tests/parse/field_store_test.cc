#include "parse/field_store.h"

#include <gtest/gtest.h>

#include "base/time_format.h"

namespace accesslog {
namespace {

// A record of which one field after the other is stored.
class Stored {
 public:
  bool Put(Field field, std::string_view value) {
    return StoreField(field, value, nullptr, state, record);
  }

  std::string Time() const { return record.time ? FormatUtc(*record.time, true) : "nothing"; }

  ParseState state;
  Record record;
};

std::optional<double> Duration(Field field, std::string_view value) {
  Stored stored;
  EXPECT_TRUE(stored.Put(field, value));
  return stored.record.duration;
}

std::string Client(Field field, std::string_view value) {
  Stored stored;
  return stored.Put(field, value) ? std::string(stored.record.client) : "refused";
}

TEST(OrMissing, TakesADashForNothing) {
  EXPECT_EQ(OrMissing("-"), "");
  EXPECT_EQ(OrMissing("--"), "--");
  EXPECT_EQ(OrMissing(""), "");
}

TEST(StoreField, RefusesABadClientOnly) {
  EXPECT_EQ(Client(Field::kClient, "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Client(Field::kClient, "192.0.2.1:80"), "refused");
  EXPECT_EQ(Client(Field::kClient, "-"), "refused");
  EXPECT_EQ(Client(Field::kClient, ""), "refused");
  EXPECT_EQ(Client(Field::kForwardedFor, "192.0.2.1, 10.0.0.1"), "192.0.2.1");
  EXPECT_EQ(Client(Field::kForwardedFor, ""), "refused");
}

TEST(StoreField, TakesAWordForAClientOnlyWithItsPort) {
  EXPECT_EQ(Client(Field::kClientPort, "192.0.2.1:80"), "192.0.2.1");
  EXPECT_EQ(Client(Field::kClientPort, "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(Client(Field::kClientPort, "[2001:db8::1]:80"), "[2001:db8::1]");
  EXPECT_EQ(Client(Field::kClientPort, "client.example.com:80"), "client.example.com");
  EXPECT_EQ(Client(Field::kClientPort, "GET"), "refused");
  EXPECT_EQ(Client(Field::kClientPort, "unix:"), "unix");
}

TEST(StoreField, KnowsALineOfAnotherFormat) {
  Stored stored;
  EXPECT_TRUE(stored.Put(Field::kIgnoredNumber, "12"));
  EXPECT_TRUE(stored.Put(Field::kIgnoredNumber, "-"));
  EXPECT_FALSE(stored.Put(Field::kIgnoredNumber, "a"));
  EXPECT_FALSE(stored.Put(Field::kIgnoredNumber, ""));
  EXPECT_TRUE(stored.Put(Field::kIdent, "-"));
  EXPECT_TRUE(stored.Put(Field::kIdent, "name"));
  EXPECT_FALSE(stored.Put(Field::kIdent, "192.0.2.1"));
}

TEST(StoreField, ReadsDurationsInTheirUnit) {
  EXPECT_EQ(Duration(Field::kDurationS, "1.5"), 1.5);
  EXPECT_EQ(Duration(Field::kDurationMs, "500"), 0.5);
  EXPECT_EQ(Duration(Field::kDurationUs, "500000"), 0.5);
  EXPECT_EQ(Duration(Field::kDurationNs, "2000000000"), 2);
  EXPECT_EQ(Duration(Field::kDurationText, "1m"), 60);
  EXPECT_EQ(Duration(Field::kDurationMs, "+500"), 0.5);
}

TEST(StoreField, AddsDurationsUp) {
  Stored stored;
  stored.Put(Field::kDurationS, "0.25");
  stored.Put(Field::kDurationS, "-1");
  stored.Put(Field::kDurationMs, "500");
  EXPECT_EQ(stored.record.duration, 0.75);
}

TEST(StoreField, IgnoresDurationsThatCannotBe) {
  for (const char* value : {"-", "", "-1", "1e300", "1e10", "nan", "inf", "a"}) {
    EXPECT_EQ(Duration(Field::kDurationS, value), std::nullopt) << value;
  }
}

TEST(StoreField, PutsDayAndTimeTogether) {
  Stored stored;
  stored.Put(Field::kTimeOfDay, "12:26:56");
  EXPECT_EQ(stored.Time(), "nothing");
  stored.Put(Field::kDate, "2023-09-08");
  stored.Put(Field::kTimeOfDay, "12:26:56");
  EXPECT_EQ(stored.Time(), "2023-09-08T12:26:56.000Z");
}

TEST(StoreField, ReadsDatesStrictly) {
  for (const char* date :
       {"2023-9-08", "2023/09/08", "2023-02-31", "0000-01-01", "", "-", "2023-09-081"}) {
    Stored stored;
    stored.Put(Field::kDate, date);
    EXPECT_FALSE(stored.state.date.has_value()) << date;
  }
}

TEST(StoreField, ReadsOnlyATimeThatIsTheWholeValue) {
  Stored stored;
  stored.Put(Field::kTimeIso, "2023-09-08T12:26:56Zx");
  EXPECT_EQ(stored.Time(), "nothing");
  stored.Put(Field::kTimeIso, "2023-09-08T12:26:56Z");
  EXPECT_EQ(stored.Time(), "2023-09-08T12:26:56.000Z");
}

TEST(StoreField, KeepsTheHostThatIsKnown) {
  Stored stored;
  stored.Put(Field::kHostPort, "example.com:443");
  stored.Put(Field::kHostPort, "-");
  EXPECT_EQ(stored.record.host, "example.com");
}

TEST(StoreField, TakesTheQuestionMarkOffAQuery) {
  Stored stored;
  stored.Put(Field::kQuery, "?a=b");
  EXPECT_EQ(stored.record.query, "a=b");
  stored.Put(Field::kQuery, "?");
  EXPECT_EQ(stored.record.query, "");
}

TEST(StoreField, TakesHostAndPathOutOfARequestForAUrl) {
  Stored stored;
  stored.Put(Field::kRequestUrl, "GET https://example.com:443/a?b HTTP/1.1");
  EXPECT_EQ(stored.record.host, "example.com");
  EXPECT_EQ(stored.record.path, "/a");
  EXPECT_EQ(stored.record.query, "b");
  EXPECT_EQ(stored.record.method, Method::kGet);
}

}  // namespace
}  // namespace accesslog
