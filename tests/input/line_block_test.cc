#include "input/line_block.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  ForEachLine(text, [&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

TEST(ForEachLine, GivesEachLineWithoutItsEnd) {
  EXPECT_THAT(LinesOf("a\nbc\n"), ElementsAre("a", "bc"));
}

TEST(ForEachLine, GivesEmptyLines) { EXPECT_THAT(LinesOf("\n\na\n"), ElementsAre("", "", "a")); }

TEST(ForEachLine, GivesALastLineWithoutEnd) { EXPECT_THAT(LinesOf("a\nb"), ElementsAre("a", "b")); }

TEST(ForEachLine, GivesNothingOfNothing) { EXPECT_THAT(LinesOf(""), IsEmpty()); }

}  // namespace
}  // namespace accesslog
