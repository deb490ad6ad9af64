#include "parse/server_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TrimBlanks, TakesBlanksAndLineEndsOff) {
  EXPECT_EQ(TrimBlanks(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(TrimBlanks(" \n"), "");
  EXPECT_EQ(TrimBlanks(""), "");
}

TEST(TrimComments, TakesWholeLinesOfCommentOff) {
  EXPECT_EQ(TrimComments("# a\n  # b\r\n log_format c;"), "log_format c;");
  EXPECT_EQ(TrimComments("a # b\n"), "a # b");
  EXPECT_EQ(TrimComments("#$remote_addr"), "#$remote_addr");
}

TEST(ConfigWords, AreSeparatedByBlanks) {
  EXPECT_THAT(ConfigWords(" a\tb\n  c "), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ConfigWords(""), IsEmpty());
  EXPECT_THAT(ConfigWords(" \n"), IsEmpty());
}

TEST(ConfigWords, EndWithTheDirective) {
  EXPECT_THAT(ConfigWords("a b; c"), ElementsAre("a", "b"));
  EXPECT_THAT(ConfigWords("a 'b;c' ;"), ElementsAre("a", "b;c"));
  EXPECT_THAT(ConfigWords(";"), IsEmpty());
}

TEST(ConfigWords, HoldBlanksBetweenQuotes) {
  EXPECT_THAT(ConfigWords(R"('a b' "c d" e'f)"), ElementsAre("a b", "c d", "e'f"));
  EXPECT_THAT(ConfigWords(R"('"' "'")"), ElementsAre("\"", "'"));
  EXPECT_THAT(ConfigWords("''"), ElementsAre(""));
}

TEST(ConfigWords, TakeBackslashesOffBetweenQuotes) {
  EXPECT_THAT(ConfigWords(R"("a\"b" 'c\'d' "e\\f")"), ElementsAre("a\"b", "c'd", "e\\f"));
  EXPECT_THAT(ConfigWords(R"("a\tb\nc\rd")"), ElementsAre("a\tb\nc\rd"));
}

TEST(ConfigWords, EndWithTheTextWhereAQuoteIsMissing) {
  EXPECT_THAT(ConfigWords("a 'b c"), ElementsAre("a", "b c"));
  EXPECT_THAT(ConfigWords("'a\\"), ElementsAre("a\\"));
}

TEST(ConfigWords, LeaveCommentsOut) {
  EXPECT_THAT(ConfigWords("'a' # 'b';\n 'c'; # d"), ElementsAre("a", "c"));
  EXPECT_THAT(ConfigWords("'#a' b#c"), ElementsAre("#a", "b#c"));
  EXPECT_THAT(ConfigWords("# a"), IsEmpty());
}

TEST(ConfigWords, GoOnBehindABackslashAtTheEndOfALine) {
  EXPECT_THAT(ConfigWords("\"a \\\nb\" \\\n  c"), ElementsAre("a b", "c"));
}

}  // namespace
}  // namespace accesslog
