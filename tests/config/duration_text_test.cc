#include "config/duration_text.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(ParseDuration, TakesEveryUnit) {
  EXPECT_EQ(ParseDuration("1w"), Duration(hours{168}));
  EXPECT_EQ(ParseDuration("2d"), Duration(hours{48}));
  EXPECT_EQ(ParseDuration("3h"), Duration(hours{3}));
  EXPECT_EQ(ParseDuration("4m"), Duration(minutes{4}));
  EXPECT_EQ(ParseDuration("5s"), Duration(seconds{5}));
  EXPECT_EQ(ParseDuration("6ms"), Duration(milliseconds{6}));
}

TEST(ParseDuration, AddsUnitsFromLargeToSmall) {
  EXPECT_EQ(ParseDuration("1h30m5s250ms"),
            hours{1} + minutes{30} + seconds{5} + milliseconds{250});
}

TEST(ParseDuration, TakesZeroWithoutUnit) { EXPECT_EQ(ParseDuration("0"), Duration{0}); }

TEST(ParseDuration, RefusesAllElse) {
  for (const char* text : {"", "5", "s", "-5s", "5 s", "1.5h", "5S", "5x", "30m1h", "1h1h",
                           "99999999999999999999s", "101w5000000000d", "18446744073709551616ms"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace accesslog
