#include "parse/civil_time.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

// Minutes east of UTC, and how many characters the zone takes.
std::string Zone(std::string_view text) {
  int minutes = -1;
  const size_t length = ReadZone(text, minutes);
  return length == 0 ? "none" : std::to_string(minutes) + " of " + std::to_string(length);
}

TEST(ToTime, RefusesWhatDoesNotExist) {
  EXPECT_EQ(ToTime({}), Time{});
  EXPECT_EQ(ToTime({.year = 2023, .month = 2, .day = 29}), std::nullopt);
  EXPECT_EQ(ToTime({.year = 1969, .month = 12, .day = 31}), std::nullopt);
  EXPECT_EQ(ToTime({.year = 10000}), std::nullopt);
  EXPECT_EQ(ToTime({.month = 0}), std::nullopt);
  EXPECT_EQ(ToTime({.month = 13}), std::nullopt);
  EXPECT_EQ(ToTime({.day = 0}), std::nullopt);
  EXPECT_EQ(ToTime({.hour = -1}), std::nullopt);
  EXPECT_EQ(ToTime({.minute = 60}), std::nullopt);
  EXPECT_EQ(ToTime({.second = 61}), std::nullopt);
}

TEST(ReadDigits, WantsExactlySoMany) {
  EXPECT_EQ(ReadDigits("0123", 2), 1);
  EXPECT_EQ(ReadDigits("0123", 4), 123);
  EXPECT_EQ(ReadDigits("1", 2), -1);
  EXPECT_EQ(ReadDigits("1a", 2), -1);
  EXPECT_EQ(ReadDigits("-1", 2), -1);
}

TEST(MonthFromName, KnowsTheEnglishNames) {
  EXPECT_EQ(MonthFromName("Jan"), 1);
  EXPECT_EQ(MonthFromName("Dec"), 12);
  for (const char* name : {"", "jan", "JAN", "Janu", "Ja", "Okt"})
    EXPECT_EQ(MonthFromName(name), 0);
}

TEST(ReadZone, KnowsTheUsualShapes) {
  EXPECT_EQ(Zone("Z"), "0 of 1");
  EXPECT_EQ(Zone("+0200x"), "120 of 5");
  EXPECT_EQ(Zone("-04:30"), "-270 of 6");
  EXPECT_EQ(Zone("+02 x"), "120 of 3");
  for (const char* text : {"", "+", "+2", "+24", "+0260", "UTC", "0200", "+02:60"}) {
    EXPECT_EQ(Zone(text), "none") << text;
  }
}

TEST(ReadFraction, CountsAllDigitsAndKeepsThree) {
  int milliseconds = -1;
  EXPECT_EQ(ReadFraction("5x", milliseconds), 1U);
  EXPECT_EQ(milliseconds, 500);
  EXPECT_EQ(ReadFraction("1239999", milliseconds), 7U);
  EXPECT_EQ(milliseconds, 123);
  EXPECT_EQ(ReadFraction("", milliseconds), 0U);
  EXPECT_EQ(milliseconds, 0);
  EXPECT_EQ(ReadFraction(std::string(10000, '9'), milliseconds), 10000U);
  EXPECT_EQ(milliseconds, 999);
}

}  // namespace
}  // namespace accesslog
