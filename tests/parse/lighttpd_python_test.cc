// Formats that look like combined and common.
#include <gtest/gtest.h>

#include "parse/log_parser.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

struct Read {
  std::string format;
  ParsedLine line;
};

// The last of `lines`, read by `auto`, which knows nothing yet.
Read AutoRead(std::initializer_list<std::string> lines) {
  LogParser parser = *LogParser::Create("auto");
  Read read;
  for (const std::string& line : lines) {
    Record record;
    const ParseOutcome outcome = parser.Parse(line, record);
    read = {parser.format_name(), ToParsedLine(outcome, record)};
  }
  return read;
}

constexpr std::string_view kRest =
    R"([08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 512 "-" "curl/8.0")";

std::string Line(std::string_view before) { return std::string(before) + std::string(kRest); }

// Scanners ask by address.
TEST(Lighttpd, TheHostMayBeAnAddress) {
  for (const Read& read :
       {AutoRead({Line("192.0.2.1 203.0.113.9 - ")}),
        AutoRead({Line("192.0.2.2 example.org - "), Line("192.0.2.1 203.0.113.9 - ")})}) {
    EXPECT_EQ(read.format, "lighttpd");
    EXPECT_EQ(read.line.outcome, ParseOutcome::kComplete);
    EXPECT_EQ(read.line.client, "192.0.2.1");
    EXPECT_EQ(read.line.host, "203.0.113.9");
    EXPECT_EQ(read.line.user, "");
  }
}

TEST(Lighttpd, IsNotTakenForOthers) {
  EXPECT_EQ(AutoRead({Line("192.0.2.1 - - ")}).format, "combined");
  EXPECT_EQ(AutoRead({Line("192.0.2.1 - two words ")}).format, "combined");
  const Read vhost = AutoRead({Line("203.0.113.9 192.0.2.1 - - ")});
  EXPECT_EQ(vhost.format, "vhost_combined");
  EXPECT_EQ(vhost.line.client, "192.0.2.1");
}

TEST(Python, HasItsOwnTime) {
  const Read read = AutoRead({R"(192.0.2.1 - - [22/Nov/2026 11:27:33] "GET /x HTTP/1.1" 404 -)"});
  EXPECT_EQ(read.format, "python");
  EXPECT_EQ(read.line.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(read.line.status, 404);
  EXPECT_EQ(read.line.time, Time(std::chrono::seconds(1795346853)));
}

}  // namespace
}  // namespace accesslog
