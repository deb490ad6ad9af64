// The checker itself: it must see what is wrong, or the tests that use it prove nothing.
#include "support/exposition.h"

#include <gmock/gmock.h>

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kHead = "# HELP a_total Help.\n# TYPE a_total counter\n";

std::string ErrorOf(const std::string& sample) { return ParseExposition(kHead + sample).error; }

TEST(ParseExposition, TakesWhatIsWellFormed) {
  const Exposition parsed = ParseExposition(
      kHead + "a_total 1\na_total{b=\"c\"} 2.5\na_total{b=\"x\\\"\\\\\\ny\",c=\"ü\"} +Inf\n");
  EXPECT_EQ(parsed.error, "");
  EXPECT_THAT(SamplesOf(parsed, "a_total"),
              ElementsAre("1", "b=\"c\" 2.5", "b=\"x\"\\\ny\",c=\"ü\" inf"));
}

TEST(ParseExposition, RefusesARawNewlineInALabel) {
  EXPECT_THAT(ErrorOf("a_total{b=\"x\ny\"} 1\n"), HasSubstr("a label value without end"));
}

TEST(ParseExposition, RefusesInvalidUtf8) {
  for (const char* bytes :
       {"\xff", "\xc3", "\xc3(", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
        "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "x\xe2\x82"}) {
    EXPECT_NE(ErrorOf(std::string("a_total{b=\"") + bytes + "\"} 1\n"), "") << bytes;
  }
}

TEST(ParseExposition, RefusesAnUnescapedQuote) {
  EXPECT_NE(ErrorOf("a_total{b=\"x\"y\"} 1\n"), "");
}

TEST(ParseExposition, RefusesTheSameSeriesTwice) {
  EXPECT_THAT(ErrorOf("a_total{b=\"c\"} 1\na_total{b=\"c\"} 2\n"), HasSubstr("twice"));
}

TEST(ParseExposition, RefusesASampleWithoutFamily) {
  EXPECT_THAT(ErrorOf("b_total 1\n"), HasSubstr("has no TYPE"));
}

TEST(ParseExposition, RefusesWhatIsNoNumber) {
  EXPECT_THAT(ErrorOf("a_total x\n"), HasSubstr("no number"));
  EXPECT_THAT(ErrorOf("a_total  1\n"), HasSubstr("no number"));
}

TEST(ParseExposition, RefusesAMissingEnd) {
  EXPECT_EQ(ErrorOf("a_total 1"), "no newline at the end");
}

}  // namespace
}  // namespace accesslog
