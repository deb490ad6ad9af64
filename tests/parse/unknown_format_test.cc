// Formats that `auto` does not know: their lines are unreadable, and say so, instead of being read
// as something else.
#include <gtest/gtest.h>

#include "parse/log_parser.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

// The status would be that of the bytes.
TEST(UnknownFormat, IsNotTakenForOneOfAws) {
  LogParser parser = *LogParser::Create("auto");
  for (
      const std::string line :
      {R"("-" - 192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET /x HTTP/1.1" 404 153 "-" "curl")",
       R"(nginx 2023-09-08T12:26:56+00:00 [192.0.2.1] -> a.example:80 GET /x (200) <a b c d 5 6 7>)",
       R"(x - 192.0.2.1 - x - 200 5 \x22-\x22 \x22fake\x22 200 7 195 0.000)"}) {
    Record record;
    EXPECT_FALSE(HasRecord(parser.Parse(line, record))) << line;
  }
  EXPECT_EQ(parser.format_name(), "auto");
}

TEST(UnknownFormat, AwsIsStillKnown) {
  const std::string line =
      R"(2023-09-08T12:26:56.000000Z lb 192.0.2.1:2817 10.0.0.1:80 0.1 0.2 0.3 200 200 0 57 "GET http://a.example:80/ HTTP/1.1" "curl" - -)";
  LogParser parser = *LogParser::Create("auto");
  Record record;
  EXPECT_EQ(parser.Parse(line, record), ParseOutcome::kComplete);
  EXPECT_EQ(parser.format_name(), "aws_elb");
  EXPECT_TRUE(record.time);
}

}  // namespace
}  // namespace accesslog
