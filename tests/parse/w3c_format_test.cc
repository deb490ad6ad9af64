#include "parse/w3c_format.h"

#include <gtest/gtest.h>

#include "base/time_format.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

using namespace std::string_literals;
using enum ParseOutcome;

constexpr Time kTime{std::chrono::seconds{1694190416}};  // 2023-09-08T16:26:56Z

// A file that is read line by line.
class File {
 public:
  ParsedLine Parse(std::string_view line) {
    Record record;
    const ParseOutcome outcome = parser_.Parse(line, record);
    return ToParsedLine(outcome, record);
  }

  std::string TimeOf(std::string_view line) {
    const ParsedLine parsed = Parse(line);
    return parsed.time ? FormatUtc(*parsed.time, true) : "nothing";
  }

 private:
  LineParser parser_ = BuiltinParser("iis");
};

const std::string kIisLine =
    "2023-09-08 16:26:56 10.0.0.1 GET /a b=c 443 alice 192.0.2.1 Mozilla/5.0+(X11;+Linux) "
    "https://example.com/ 404 0 2 15";

ParsedLine TruthOfIisLine() {
  return {.outcome = kComplete,
          .client = "192.0.2.1",
          .address = "192.0.2.1",
          .user = "alice",
          .time = kTime,
          .method = "GET",
          .method_text = "GET",
          .path = "/a",
          .query = "b=c",
          .status = 404,
          .referer = "https://example.com/",
          .user_agent = "Mozilla/5.0+(X11;+Linux)",
          .duration = 0.015};
}

ParsedLine Outcome(ParseOutcome outcome) { return {.outcome = outcome}; }

TEST(W3cFormat, ReadsTheFieldsOfIisWithoutAHeader) {
  EXPECT_EQ(File().Parse(kIisLine), TruthOfIisLine());
  EXPECT_EQ(File().Parse(kIisLine + "\r"), TruthOfIisLine());
}

TEST(W3cFormat, TakesNoSentenceForALineWithoutAHeader) {
  for (const char* line :
       {"one two three four five six seven eight nine ten eleven twelve 404 0 0 1",
        "2023-09-08 16:26:56 INFO main starting the server of the house with words 404 0 0 1",
        "2023-09-08 16:26:56 10.0.0.1 GET / - 443 - 192.0.2.1 a b word 0 0 1",
        "2023-09-08 16:26:56 10.0.0.1 GET / - 443 - localhost a b 404 0 0 1"}) {
    EXPECT_FALSE(HasRecord(File().Parse(line).outcome)) << line;
  }
}

TEST(W3cFormat, TakesDirectivesForComments) {
  File file;
  for (const char* line :
       {"#Software: Microsoft Internet Information Services 10.0", "#Version: 1.0",
        "#Date: 2023-09-08 16:26:56", "#", "#Unknown: x",
        "#Fields:", "#Fields: time c-ip sc-status", "#Date:", "#Date: x", "# a comment"}) {
    EXPECT_EQ(file.Parse(line), Outcome(kComment)) << line;
  }
  EXPECT_EQ(file.Parse(""), Outcome(kEmpty));
}

TEST(W3cFormat, ReadsTheFieldsThatTheFileNames) {
  File file;
  file.Parse(
      "#Fields: sc-status cs-method cs-uri-stem cs-uri-query c-ip cs-version sc-bytes cs-host");
  EXPECT_EQ(file.Parse("404 POST /a - 192.0.2.1 HTTP/1.1 512 www.example.com:443"),
            (ParsedLine{.outcome = kComplete,
                        .client = "192.0.2.1",
                        .address = "192.0.2.1",
                        .host = "www.example.com",
                        .method = "POST",
                        .method_text = "POST",
                        .path = "/a",
                        .protocol = "HTTP/1.1",
                        .status = 404,
                        .bytes = 512}));
}

TEST(W3cFormat, FollowsFieldsThatChangeWithinAFile) {
  File file;
  file.Parse("#Fields: c-ip sc-status");
  EXPECT_EQ(file.Parse("192.0.2.1 404").status, 404);
  file.Parse("#Fields: sc-status c-ip");
  EXPECT_EQ(file.Parse("403 192.0.2.1").status, 403);
  EXPECT_EQ(file.Parse("403 192.0.2.1").client, "192.0.2.1");
}

TEST(W3cFormat, ReadsNamesInAnyCaseAndAnyNumberOfBlanks) {
  File file;
  file.Parse("#Fields:  C-IP   SC-STATUS CS(USER-AGENT) ");
  EXPECT_EQ(file.Parse("192.0.2.1 404 a").user_agent, "a");
}

TEST(W3cFormat, ReadsNothingBehindFieldsWithoutClientOrStatus) {
  File file;
  for (const char* fields : {"#Fields: date time cs-method sc-status", "#Fields: c-ip cs-method",
                             "#Fields:", "#Fields: nonsense"}) {
    file.Parse(fields);
    EXPECT_EQ(file.Parse(kIisLine), Outcome(kNoStatus)) << fields;
  }
  file.Parse("#Fields: c-ip sc-status");
  EXPECT_EQ(file.Parse("192.0.2.1 404").status, 404);
}

TEST(W3cFormat, SaysWhichFieldsAreMissing) {
  LineParser parser = BuiltinParser("iis");
  Record record;
  ParseTrace trace;
  parser.Parse("#Fields: date time", record);
  parser.Parse("2023-09-08 16:26:56", record, &trace);
  EXPECT_EQ(trace.expected, "a #Fields line with c-ip and sc-status before it");
}

TEST(W3cFormat, KeepsWhatStandsForABlank) {
  EXPECT_EQ(File().Parse(kIisLine).user_agent, "Mozilla/5.0+(X11;+Linux)");
}

TEST(W3cFormat, LeavesMissingFieldsEmpty) {
  File file;
  EXPECT_EQ(file.Parse("2023-09-08 16:26:56 10.0.0.1 - - - 443 - 192.0.2.1 - - 404 0 2 -"),
            (ParsedLine{.outcome = kComplete,
                        .client = "192.0.2.1",
                        .address = "192.0.2.1",
                        .time = kTime,
                        .status = 404}));
}

TEST(W3cFormat, NeverTakesAHeaderForTheClientBesideTheConnection) {
  File file;
  file.Parse("#Fields: X-Forwarded-For c-ip sc-status");
  EXPECT_EQ(file.Parse("198.51.100.1 192.0.2.1 404").client, "192.0.2.1");
  file.Parse("#Fields: X-Forwarded-For sc-status");
  EXPECT_EQ(file.Parse("198.51.100.1,+203.0.113.9,+10.0.0.1 404").client, "203.0.113.9");
  EXPECT_EQ(file.Parse("198.51.100.1,10.0.0.1 404").client, "198.51.100.1");
}

TEST(W3cFormat, RefusesAClientThatIsMissing) {
  File file;
  file.Parse("#Fields: c-ip sc-status");
  EXPECT_EQ(file.Parse("- 404"), Outcome(kBadClient));
}

// --- Times ---

TEST(W3cFormat, TakesADayFromItsDirectiveWhereTheLineHasNone) {
  File file;
  file.Parse("#Fields: time c-ip sc-status");
  EXPECT_EQ(file.TimeOf("16:26:56 192.0.2.1 404"), "nothing");
  file.Parse("#Date: 2023-09-08 16:00:00");
  EXPECT_EQ(file.TimeOf("16:26:56 192.0.2.1 404"), "2023-09-08T16:26:56.000Z");
  file.Parse("#Date: 2023-09-09 00:00:01");
  EXPECT_EQ(file.TimeOf("00:00:02 192.0.2.1 404"), "2023-09-09T00:00:02.000Z");
  file.Parse("#Date: 2023-02-31 00:00:01");
  EXPECT_EQ(file.TimeOf("00:00:02 192.0.2.1 404"), "nothing");
}

TEST(W3cFormat, PrefersTheDayOfTheLine) {
  File file;
  file.Parse("#Date: 2020-01-01 00:00:00");
  EXPECT_EQ(file.Parse(kIisLine).time, kTime);
}

TEST(W3cFormat, KeepsNoDayOfTheLineBefore) {
  File file;
  file.Parse("#Fields: date time c-ip sc-status");
  file.Parse("2023-09-08 16:26:56 192.0.2.1 404");
  EXPECT_EQ(file.TimeOf("- 16:26:56 192.0.2.1 404"), "nothing");
  file.Parse("#Fields: time c-ip sc-status");
  EXPECT_EQ(file.TimeOf("16:26:56 192.0.2.1 404"), "nothing");
}

TEST(W3cFormat, ReadsTheTimeInFrontOfTheDate) {
  File file;
  file.Parse("#Fields: date time c-ip sc-status");
  for (const char* time : {"2023-13-01 16:26:56", "2023-09-08 24:00:00", "2023-09-08 16:60:00",
                           "2023-09-08 1:26:56", "0000-01-01 00:00:00", "9999999999 16:26:56"}) {
    EXPECT_EQ(file.TimeOf(time + " 192.0.2.1 404"s), "nothing") << time;
  }
  EXPECT_EQ(file.TimeOf("2016-12-31 23:59:60 192.0.2.1 404"), "2017-01-01T00:00:00.000Z");
}

// --- CloudFront ---

const std::string kCloudFrontFields =
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status "
    "cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) time-taken x-forwarded-for";

TEST(W3cFormat, ReadsCloudFront) {
  File file;
  file.Parse("#Version: 1.0");
  file.Parse(kCloudFrontFields);
  EXPECT_EQ(
      file.Parse("2023-09-08\t16:26:56\tFRA2\t512\t192.0.2.1\tGET\td1.example.com\t/a%20b\t404\t"
                 "https://example.com/\tMozilla/5.0%20(X11)\tb=c\t-\t0.015\t198.51.100.1"),
      (ParsedLine{.outcome = kComplete,
                  .client = "192.0.2.1",
                  .address = "192.0.2.1",
                  .host = "d1.example.com",
                  .time = kTime,
                  .method = "GET",
                  .method_text = "GET",
                  .path = "/a%20b",
                  .query = "b=c",
                  .status = 404,
                  .bytes = 512,
                  .referer = "https://example.com/",
                  .user_agent = "Mozilla/5.0%20(X11)",
                  .duration = 0.015}));
}

// --- Whole files ---

TEST(CompileW3cFields, WantsClientAndStatus) {
  EXPECT_EQ(CompileW3cFields("date time sc-status").error().message,
            "the format has no client address");
  EXPECT_EQ(CompileW3cFields("c-ip").error().message, "the format has no status");
  EXPECT_EQ(CompileW3cFields("").error().message, "the format has no client address");
}

}  // namespace
}  // namespace accesslog
