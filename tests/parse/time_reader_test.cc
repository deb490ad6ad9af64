#include "parse/time_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>

#include "base/time_format.h"

namespace accesslog {
namespace {

std::string Utc(const std::optional<Time>& time) {
  return time ? FormatUtc(*time, true) : "nothing";
}

std::string Iso(std::string_view text) {
  const TimeMatch match = ReadIsoTime(text);
  return Utc(match.time) + " of " + std::to_string(match.length);
}

TEST(ReadIsoTime, ReadsRfc3339) {
  EXPECT_EQ(Iso("2023-09-08T12:26:56Z"), "2023-09-08T12:26:56.000Z of 20");
  EXPECT_EQ(Iso("2023-09-08T12:26:56+02:00"), "2023-09-08T10:26:56.000Z of 25");
  EXPECT_EQ(Iso("2023-09-08T12:26:56-0400"), "2023-09-08T16:26:56.000Z of 24");
  EXPECT_EQ(Iso("2023-09-08T12:26:56.123456789Z"), "2023-09-08T12:26:56.123Z of 30");
}

TEST(ReadIsoTime, ReadsItsRelatives) {
  EXPECT_EQ(Iso("2023-09-08 12:26:56"), "2023-09-08T12:26:56.000Z of 19");
  EXPECT_EQ(Iso("2023-09-08 12:26:56,5 x"), "2023-09-08T12:26:56.500Z of 21");
  EXPECT_EQ(Iso("2023-09-08t12:26:56. x"), "2023-09-08T12:26:56.000Z of 19");
  EXPECT_EQ(Iso("2023-09-08T12:26:56."), "2023-09-08T12:26:56.000Z of 19");
  EXPECT_EQ(Iso("2023-09-08T12:26:56+"), "2023-09-08T12:26:56.000Z of 19");
}

TEST(ReadIsoTime, AgreesWithGmtimeOnRandomTimes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto seconds = static_cast<std::time_t>(random() % 253402300800);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 40> text{};
    const size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    ASSERT_EQ(ReadIsoTime({text.data(), length}).time, Time{std::chrono::seconds{seconds}});
    ASSERT_EQ(ReadAnyTime({text.data(), length}), Time{std::chrono::seconds{seconds}});
  }
}

TEST(ReadIsoTime, KnowsWhenTheTextIsNoMoment) {
  for (const char* text :
       {"2023-02-31T12:26:56Z", "0000-01-01T00:00:00Z", "2023-00-08T12:26:56Z",
        "2023-09-08T24:00:00Z", "2023-09-08T12:60:00Z", "2023-09-08T12:26:61Z"}) {
    EXPECT_EQ(Iso(text), "nothing of 20") << text;
  }
  EXPECT_EQ(Iso("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00.000Z of 20");
}

TEST(ReadIsoTime, RefusesOtherShapes) {
  for (const char* text :
       {"", "2023-09-08", "2023-09-08_12:26:56", "2023/09/08 12:26:56", "2023-09-08T12:26:5",
        "x2023-09-08T12:26:56", "2023-0a-08T12:26:56", "-023-09-08T12:26:56"}) {
    EXPECT_EQ(Iso(text), "nothing of 0") << text;
  }
}

TEST(ReadEpoch, ReadsNumbers) {
  EXPECT_EQ(Utc(ReadEpoch("1694190416", 1)), "2023-09-08T16:26:56.000Z");
  EXPECT_EQ(Utc(ReadEpoch("1694190416.123", 1)), "2023-09-08T16:26:56.123Z");
  EXPECT_EQ(Utc(ReadEpoch("1694190416123", 1e3)), "2023-09-08T16:26:56.123Z");
  EXPECT_EQ(Utc(ReadEpoch("1694190416123456", 1e6)), "2023-09-08T16:26:56.123Z");
  EXPECT_EQ(Utc(ReadEpoch("0", 1)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(Utc(ReadEpoch("1.694190416E+09", 1)), "2023-09-08T16:26:56.000Z");
}

TEST(ReadEpoch, RefusesWhatIsNoMoment) {
  for (const char* text :
       {"", "-1", "x", "253402300801", "1e300", "inf", "99999999999999999999", "1 "}) {
    EXPECT_EQ(ReadEpoch(text, 1), std::nullopt) << text;
  }
}

TEST(ReadEpoch, AgreesWithPrintfOnRandomMilliseconds) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto milliseconds = static_cast<int64_t>(random() % 4102444800000);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%lld.%03d",
                  static_cast<long long>(milliseconds / 1000),
                  static_cast<int>(milliseconds % 1000));
    ASSERT_EQ(ReadEpoch(text.data(), 1), Time{Duration{milliseconds}}) << text.data();
  }
}

TEST(ReadAnyTime, TellsTheShapesApart) {
  for (const char* text :
       {"08/Sep/2023:12:26:56 -0400", "[08/Sep/2023:12:26:56 -0400]", "2023-09-08T16:26:56Z",
        "2023-09-08 16:26:56", "[2023-09-08T18:26:56+02:00]", "1694190416", "1694190416000",
        "1694190416000000", "1694190416000000000", "1694190416.0", "1.694190416e9"}) {
    EXPECT_EQ(Utc(ReadAnyTime(text)), "2023-09-08T16:26:56.000Z") << text;
  }
}

TEST(ReadAnyTime, RefusesAllElse) {
  for (const char* text :
       {"", "-", "[", "[]", "yesterday", "08/Sep/2023", "2023-09-08", "2023-09-08T16:26:56Zx",
        "31/Feb/2023:12:26:56 -0400", "-1694190416", "1e30", "[1694190416"}) {
    EXPECT_EQ(ReadAnyTime(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace accesslog
