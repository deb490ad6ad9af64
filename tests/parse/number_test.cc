#include "parse/number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace accesslog {
namespace {

using ::testing::DoubleNear;
using ::testing::Optional;

TEST(ParseDecimal, ReadsNumbers) {
  EXPECT_EQ(ParseDecimal("0"), 0);
  EXPECT_EQ(ParseDecimal("0.004"), 0.004);
  EXPECT_EQ(ParseDecimal("+5"), 5);
  EXPECT_EQ(ParseDecimal("-1"), -1);
  EXPECT_EQ(ParseDecimal(".5"), 0.5);
  EXPECT_EQ(ParseDecimal("5."), 5);
  EXPECT_EQ(ParseDecimal("1.5e-05"), 1.5e-05);
  EXPECT_EQ(ParseDecimal("1E3"), 1000);
  EXPECT_EQ(ParseDecimal("00001"), 1);
}

TEST(ParseDecimal, RefusesAllElse) {
  for (const char* text :
       {"",     "-",        "+",  ".",   "+-5",   "-+5",   "--5",    "++5",
        "1,5",  "1 ",       " 1", "1a",  "0x10",  "inf",   "nan",    "-inf",
        "-nan", "infinity", "1e", "1e+", "1.2.3", "1e999", "-1e999", "\xD9\xA1"}) {
    EXPECT_EQ(ParseDecimal(text), std::nullopt) << text;
  }
  EXPECT_EQ(ParseDecimal(std::string("1\0", 2)), std::nullopt);
  EXPECT_EQ(ParseDecimal(std::string(400, '9')), std::nullopt);
}

TEST(ParseDurationText, ReadsUnits) {
  const auto near = [](double seconds) { return Optional(DoubleNear(seconds, seconds * 1e-12)); };
  EXPECT_THAT(ParseDurationText("12ns"), near(12e-9));
  EXPECT_THAT(ParseDurationText("730us"), near(730e-6));
  EXPECT_THAT(ParseDurationText("730\xC2\xB5s"), near(730e-6));
  EXPECT_THAT(ParseDurationText("730\xCE\xBCs"), near(730e-6));
  EXPECT_THAT(ParseDurationText("1.5ms"), near(1.5e-3));
  EXPECT_THAT(ParseDurationText("2s"), near(2));
  EXPECT_THAT(ParseDurationText("1m30.5s"), near(90.5));
  EXPECT_THAT(ParseDurationText("1h2m3s"), near(3723));
}

TEST(ParseDurationText, TakesANumberForSeconds) {
  EXPECT_EQ(ParseDurationText("0.5"), 0.5);
  EXPECT_EQ(ParseDurationText("0"), 0);
}

TEST(ParseDurationText, RefusesAllElse) {
  for (const char* text : {"", "s", "5 s", "5x", "1m30", "ms5", "5sm", "-5ms", "1.2.3s", "5ss", "m",
                           "\xC2\xB5s", "5d"}) {
    EXPECT_EQ(ParseDurationText(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace accesslog
