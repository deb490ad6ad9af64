#include "parse/time_pattern.h"

#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <random>

#include "base/time_format.h"

namespace accesslog {
namespace {

// What `text` reads to, in UTC; "nothing" for no moment; then how much of it was read.
std::string Read(std::string_view pattern, std::string_view text) {
  const TimeMatch match = TimePattern::Compile(pattern)->Read(text);
  return (match.time ? FormatUtc(*match.time, true) : "nothing") + " of " +
         std::to_string(match.length);
}

std::string ErrorOf(std::string_view pattern) {
  const auto compiled = TimePattern::Compile(pattern);
  return compiled ? "no error" : compiled.error().message;
}

TEST(TimePattern, ReadsWhatStrftimeWrites) {
  std::mt19937_64 random(1);
  std::array<char, 200> text{};
  for (const char* pattern :
       {"%d/%b/%Y:%H:%M:%S %z", "%F %T", "%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y %T %Z", "%s",
        "%A %B %e %T %Y", "%D %T", "%F%n%T%t%%", "%y%m%d %H%M%S", "%b %e %H:%M:%S %Y",
        "%h %d %Y %R:%S", "[%F] {%T}"}) {
    const TimePattern compiled = *TimePattern::Compile(pattern);
    for (int i = 0; i < 5000; ++i) {
      // %y and %D tell the years 1969 to 2068 only.
      const auto seconds = static_cast<std::time_t>(random() % 3092688000);
      std::tm parts{};
      gmtime_r(&seconds, &parts);
      const size_t length = std::strftime(text.data(), text.size(), pattern, &parts);
      const TimeMatch match = compiled.Read({text.data(), length});
      ASSERT_EQ(match.length, length) << pattern << ": " << text.data();
      ASSERT_EQ(match.time, Time{std::chrono::seconds{seconds}}) << pattern << ": " << text.data();
    }
  }
}

TEST(TimePattern, LeavesWhatStandsBehind) {
  EXPECT_EQ(Read("%F %T", "2023-09-08 12:26:56] x"), "2023-09-08T12:26:56.000Z of 19");
  EXPECT_EQ(Read("%s", "1694190416 404"), "2023-09-08T16:26:56.000Z of 10");
}

TEST(TimePattern, ReadsFractions) {
  EXPECT_EQ(Read("%F %T.%f", "2023-09-08 12:26:56.1"), "2023-09-08T12:26:56.100Z of 21");
  EXPECT_EQ(Read("%F %T.%f", "2023-09-08 12:26:56.123456789"), "2023-09-08T12:26:56.123Z of 29");
  EXPECT_EQ(Read("%s.%f", "1694190416.500"), "2023-09-08T16:26:56.500Z of 14");
}

TEST(TimePattern, TakesTimeZonesOff) {
  for (const char* zone : {"+0200", "+02:00", "+02"}) {
    EXPECT_EQ(Read("%F %T %z", std::string("2023-09-08 12:26:56 ") + zone).substr(0, 24),
              "2023-09-08T10:26:56.000Z")
        << zone;
  }
  EXPECT_EQ(Read("%F %T%z", "2023-09-08 12:26:56Z"), "2023-09-08T12:26:56.000Z of 20");
}

TEST(TimePattern, KnowsWhenTheTextIsNoMoment) {
  EXPECT_EQ(Read("%F %T", "2023-02-31 12:26:56"), "nothing of 19");
  EXPECT_EQ(Read("%F %T", "0000-01-01 00:00:00"), "nothing of 19");
  EXPECT_EQ(Read("%F %T", "1969-12-31 23:59:59"), "nothing of 19");
  EXPECT_EQ(Read("%F %T", "2023-09-08 24:00:00"), "nothing of 19");
  EXPECT_EQ(Read("%F %T", "2016-12-31 23:59:60"), "2017-01-01T00:00:00.000Z of 19");
}

TEST(TimePattern, KnowsWhenTheTextHasAnotherShape) {
  for (const char* text : {"", "2023-09-08", "2023-09-08T12:26:56", "2023-9-8 12:26:56",
                           "-023-09-08 12:26:56", "2023-09-08 12:26:5"}) {
    EXPECT_EQ(Read("%F %T", text), "nothing of 0") << text;
  }
  EXPECT_EQ(Read("%b %d", "Foo 08"), "nothing of 0");
  EXPECT_EQ(Read("%s", "123456789012"), "nothing of 0");
  EXPECT_EQ(Read("%s", "-5"), "nothing of 0");
  EXPECT_EQ(Read("%a", "1"), "nothing of 0");
}

TEST(TimePattern, NamesWhatItCannotReadBack) {
  EXPECT_EQ(ErrorOf("%F %I"), "the time format \"%F %I\" has %I, which cannot be read back");
  EXPECT_EQ(ErrorOf("%F %"), "the time format \"%F %\" has %, which cannot be read back");
  EXPECT_EQ(ErrorOf("%\x1b"), "the time format \"%\\x1b\" has %\\x1b, which cannot be read back");
  EXPECT_EQ(ErrorOf(""), "the time format is empty");
}

}  // namespace
}  // namespace accesslog
