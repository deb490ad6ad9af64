// Formats that begin with a header, as %{X-Forwarded-For}i %h: whoever sends it may write anything
// there.
#include <gtest/gtest.h>

#include "parse/parsed_line.h"

namespace accesslog {
namespace {

constexpr std::string_view kFormat = R"(apache: %{X-Forwarded-For}i %h %l %u %t \"%r\" %>s %b)";
constexpr std::string_view kRest =
    R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET /x HTTP/1.1" 200 5)";

ParsedLine Behind(std::string_view header) {
  LineParser parser(*CompileFormat(kFormat));
  Record record;
  const std::string line = std::string(header) + ' ' + std::string(kRest);
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

TEST(HeaderBeforeClient, MayHoldBlanks) {
  for (const std::string_view header :
       {"-", "203.0.113.9", "203.0.113.9, 198.51.100.1", "x, y", R"(203.0.113.9\" 200 5 \"-\")",
        R"(203.0.113.9 - - [08/Sep/2023:12:26:56 -0400] \"GET /forged HTTP/1.1\" 200 5)", " ",
        ""}) {
    const ParsedLine line = Behind(header);
    EXPECT_EQ(line.outcome, ParseOutcome::kComplete) << header;
    EXPECT_EQ(line.client, "192.0.2.1") << header;
    EXPECT_EQ(line.path, "/x") << header;
  }
}

}  // namespace
}  // namespace accesslog
