// LogParser where the carrier is known, as behind a syslog socket.
#include <gtest/gtest.h>

#include "parse/log_parser.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

const std::string kLine = R"(192.0.2.1 - bob [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5)";
const std::string kFrame = "<190>Nov 22 10:00:00 web-1 nginx: ";

LogParser Syslog(std::string_view format) {
  LogParser parser = *LogParser::Create(format);
  parser.ExpectFraming(Framing::kSyslog);
  return parser;
}

std::string Client(LogParser& parser, const std::string& line) {
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  if (!HasRecord(outcome)) return "(none)";
  return std::string(record.client);
}

TEST(ExpectFraming, KeepsALenientFormatFromReadingTheFrame) {
  for (
      const char* format :
      {R"(apache: %{X-Forwarded-For}i %h %l %u %t "%r" %>s %b)",
       R"(nginx: $http_x_forwarded_for $remote_addr $remote_user [$time_local] "$request" $status)"}) {
    LogParser parser = Syslog(format);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(Client(parser, kFrame + "- " + kLine), "192.0.2.1");
  }
}

TEST(ExpectFraming, LeavesTheFormatToAuto) {
  LogParser parser = Syslog("auto");
  EXPECT_EQ(parser.format_name(), "auto");
  EXPECT_EQ(Client(parser, kFrame + kLine), "192.0.2.1");
  EXPECT_EQ(parser.format_name(), "common in syslog");
  EXPECT_EQ(Client(parser, kFrame + kLine + R"( "-" "curl")"), "192.0.2.1");
  EXPECT_EQ(parser.format_name(), "combined in syslog");
}

TEST(ExpectFraming, ReadsALineWithoutFrame) {
  for (const char* format : {"auto", "common"}) {
    LogParser parser = Syslog(format);
    EXPECT_EQ(Client(parser, kLine), "192.0.2.1");
    EXPECT_EQ(Client(parser, kFrame + kLine), "192.0.2.1");
    EXPECT_EQ(Client(parser, kLine), "192.0.2.1");
  }
}

// Anyone may send to a port; nobody is to change how the others' lines are read.
TEST(ExpectFraming, IsNotMovedByOtherFrames) {
  for (const char* format : {"auto", "common"}) {
    LogParser parser = Syslog(format);
    for (int i = 0; i < 200; ++i) {
      const std::string log =
          R"({"log":"192.0.2.2 - - [22/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n",)";
      Client(parser, log + R"("stream":"stdout","time":"2026-11-22T10:00:00Z"})");
      Client(parser, "2026-11-22T10:00:00Z stdout P half");
    }
    EXPECT_EQ(Client(parser, kFrame + kLine), "192.0.2.1");
    EXPECT_EQ(parser.format_name(), "common in syslog");
  }
}

}  // namespace
}  // namespace accesslog
