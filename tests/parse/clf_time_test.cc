#include "parse/clf_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>

#include "base/time_format.h"

namespace accesslog {
namespace {

using ::testing::Optional;

// What `text` parses to, in UTC; "nothing" if it does not.
std::string Utc(std::string_view text) {
  const auto time = ParseClfTime(text);
  return time ? FormatUtc(*time, true) : "nothing";
}

std::string Clf(const std::tm& parts, const char* zone = "+0000") {
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%d/%b/%Y:%H:%M:%S ", &parts);
  return std::string(text.data()) + zone;
}

std::tm Day(int year, int month, int day) {
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  return parts;
}

Time FromSeconds(std::time_t seconds) { return Time{std::chrono::seconds{seconds}}; }

TEST(ParseClfTime, ReadsATime) {
  EXPECT_EQ(Utc("08/Sep/2023:12:26:56 -0400"), "2023-09-08T16:26:56.000Z");
}

TEST(ParseClfTime, AgreesWithTimegmOnTheDaysAroundEveryMonthEnd) {
  for (int year = 1970; year <= 2120; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 27; day <= 31; ++day) {
        std::tm parts = Day(year, month, day);
        const std::string text = Clf(parts);
        const std::time_t expected =
            timegm(&parts);  // makes another day of one that does not exist
        if (parts.tm_mday == day) {
          ASSERT_THAT(ParseClfTime(text), Optional(FromSeconds(expected))) << text;
        } else {
          ASSERT_EQ(ParseClfTime(text), std::nullopt) << text;
        }
      }
    }
  }
}

TEST(ParseClfTime, AgreesWithGmtimeOnRandomTimes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto seconds = static_cast<std::time_t>(random() % 253402300800);  // up to the year 9999
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    ASSERT_THAT(ParseClfTime(Clf(parts)), Optional(FromSeconds(seconds))) << Clf(parts);
  }
}

TEST(ParseClfTime, KnowsLeapYears) {
  EXPECT_EQ(Utc("29/Feb/2000:00:00:00 +0000"), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(Utc("29/Feb/2024:00:00:00 +0000"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(Utc("29/Feb/2023:00:00:00 +0000"), "nothing");
  EXPECT_EQ(Utc("29/Feb/2100:00:00:00 +0000"), "nothing");
}

TEST(ParseClfTime, CountsALeapSecondAsTheNextMinute) {
  EXPECT_EQ(Utc("31/Dec/2016:23:59:60 +0000"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(Utc("31/Dec/2016:18:59:60 -0500"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(Utc("31/Dec/2016:23:59:61 +0000"), "nothing");
}

TEST(ParseClfTime, TakesTimeZonesOff) {
  EXPECT_EQ(Utc("01/Jan/2024:00:00:00 +0000"), "2024-01-01T00:00:00.000Z");
  EXPECT_EQ(Utc("01/Jan/2024:00:00:00 -0000"), "2024-01-01T00:00:00.000Z");
  EXPECT_EQ(Utc("01/Jan/2024:00:00:00 +0330"), "2023-12-31T20:30:00.000Z");
  EXPECT_EQ(Utc("01/Jan/2024:00:00:00 +1400"), "2023-12-31T10:00:00.000Z");
  EXPECT_EQ(Utc("31/Dec/2023:23:59:59 -1200"), "2024-01-01T11:59:59.000Z");
  EXPECT_EQ(Utc("31/Dec/2023:23:59:59 -0930"), "2024-01-01T09:29:59.000Z");
}

TEST(ParseClfTime, ReadsTheFirstSecondOfTheEpoch) {
  EXPECT_EQ(Utc("01/Jan/1970:00:00:00 +0000"), "1970-01-01T00:00:00.000Z");
}

TEST(ParseClfTime, RefusesYearsBeforeTheEpoch) {
  EXPECT_EQ(Utc("31/Dec/1969:23:59:59 +0000"), "nothing");
  EXPECT_EQ(Utc("08/Sep/0000:12:26:56 +0000"), "nothing");
}

TEST(ParseClfTime, RefusesNumbersOutOfRange) {
  for (const char* text :
       {"00/Sep/2023:12:26:56 -0400", "32/Sep/2023:12:26:56 -0400", "31/Sep/2023:12:26:56 -0400",
        "08/Sep/2023:24:26:56 -0400", "08/Sep/2023:12:60:56 -0400", "08/Sep/2023:12:26:99 -0400",
        "08/Sep/2023:12:26:56 -0460"}) {
    EXPECT_EQ(Utc(text), "nothing") << text;
  }
}

TEST(ParseClfTime, RefusesOtherMonthNames) {
  for (const char* text : {"08/sep/2023:12:26:56 -0400", "08/SEP/2023:12:26:56 -0400",
                           "08/Okt/2023:12:26:56 -0400", "08/09 /2023:12:26:56 -0400"}) {
    EXPECT_EQ(Utc(text), "nothing") << text;
  }
}

TEST(ParseClfTime, RefusesAnyOtherByteAtAnyPlace) {
  const std::string good = "08/Sep/2023:12:26:56 -0400";
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char c : {'x', '\0', '\xFF', '"'}) {
      std::string bad = good;
      bad[i] = c;
      EXPECT_EQ(Utc(bad), "nothing") << bad;
    }
  }
}

TEST(ParseClfTime, RefusesEveryOtherLength) {
  const std::string good = "08/Sep/2023:12:26:56 -0400";
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(Utc(good.substr(0, length)), "nothing") << length;
  }
  EXPECT_EQ(Utc(good + " "), "nothing");
}

TEST(ClfTimeCache, ReadsWhatParseClfTimeReads) {
  ClfTimeCache cache;
  for (const char* text :
       {"08/Sep/2023:12:26:56 -0400", "08/Sep/2023:12:26:56 -0400", "08/Sep/2023:12:26:57 -0400",
        "08/Sep/2023:12:26:57 -0500", "31/Feb/2023:12:26:57 -0400", "31/Feb/2023:12:26:57 -0400",
        "", "-", "08/Sep/2023:12:26:57 -0400"}) {
    EXPECT_EQ(cache.Parse(text), ParseClfTime(text)) << text;
  }
}

TEST(ClfTimeCache, KnowsNothingAtFirst) {
  EXPECT_EQ(ClfTimeCache().Parse(std::string(kClfTimeLength, '\0')), std::nullopt);
}

}  // namespace
}  // namespace accesslog
