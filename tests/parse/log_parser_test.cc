#include "parse/log_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "parse/format_samples.h"
#include "parse/line_generator.h"
#include "parse/parsed_line.h"
#include "parse/record_laws.h"

namespace accesslog {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;

const std::string kCommon =
    R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 512)";
const std::string kCombined = kCommon + R"( "-" "curl/8.0")";
const std::string kVhostCombined = "example.com:443 " + kCombined;

LogParser Auto() { return *LogParser::Create("auto"); }

ParsedLine Parse(LogParser& parser, std::string_view line) {
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

void Repeat(int count, LogParser& parser, std::string_view line) {
  for (int i = 0; i < count; ++i) Parse(parser, line);
}

TEST(FormatNames, BeginWithAuto) {
  EXPECT_EQ(FormatNames().front(), "auto");
  EXPECT_THAT(FormatNames(), IsSupersetOf({"vhost_combined", "combined", "common", "json", "iis"}));
}

TEST(LogParserCreate, TakesEachFormat) {
  for (const std::string& name : FormatNames()) {
    const auto parser = LogParser::Create(name);
    ASSERT_TRUE(parser.ok()) << name;
    EXPECT_EQ(parser->format_name(), name);
  }
}

TEST(LogParserCreate, NamesTheFormatThatWasMeant) {
  EXPECT_EQ(LogParser::Create("combinde").error().message,
            "unknown format \"combinde\"; did you mean combined?");
}

TEST(LogParserCreate, NamesTheKnownFormats) {
  const std::string message = LogParser::Create("squid").error().message;
  EXPECT_THAT(message, StartsWith("unknown format \"squid\"; known are auto, "));
  EXPECT_THAT(message, HasSubstr("\"nginx: …\""));
}

TEST(LogParserCreate, DisarmsTheUnknownName) {
  EXPECT_THAT(LogParser::Create("\x1b[2J").error().message,
              StartsWith(R"(unknown format "\x1b[2J"; )"));
}

TEST(NamedFormat, StaysWhatItIs) {
  LogParser parser = *LogParser::Create("common");
  EXPECT_EQ(Parse(parser, kCombined).outcome, ParseOutcome::kExtra);
  EXPECT_EQ(Parse(parser, kVhostCombined).outcome, ParseOutcome::kBadClient);
  EXPECT_EQ(parser.format_name(), "common");
}

TEST(Auto, KnowsNothingBeforeTheFirstLine) { EXPECT_EQ(Auto().format_name(), "auto"); }

TEST(Auto, RecognisesEachFormatByItsFirstLine) {
  for (const auto& [line, name] : {std::pair(kCommon, "common"), std::pair(kCombined, "combined"),
                                   std::pair(kVhostCombined, "vhost_combined")}) {
    LogParser parser = Auto();
    EXPECT_EQ(Parse(parser, line), ParseAs(name, line));
    EXPECT_EQ(parser.format_name(), name);
  }
}

TEST(Auto, TakesAVirtualHostWithoutPortForNoClient) {
  LogParser parser = Auto();
  EXPECT_EQ(Parse(parser, "www.example.com " + kCombined).client, "192.0.2.1");
  EXPECT_EQ(parser.format_name(), "vhost_combined");
}

TEST(Auto, TakesANamedClientForNoVirtualHost) {
  LogParser parser = Auto();
  const std::string line = "client.example.com" + kCombined.substr(std::string("192.0.2.1").size());
  EXPECT_EQ(Parse(parser, line).client, "client.example.com");
  EXPECT_EQ(parser.format_name(), "combined");
}

// One line of a virtual host without a name must not turn all that follow into requests of the site
// itself.
TEST(Auto, ReturnsToVirtualHostsWithoutPort) {
  LogParser parser = Auto();
  const std::string vhost = "www.example.com " + kCombined;
  Repeat(500, parser, vhost);
  Parse(parser, kCombined);
  EXPECT_EQ(Parse(parser, vhost).client, "192.0.2.1");
  EXPECT_EQ(parser.format_name(), "vhost_combined");
}

TEST(Auto, GivesTheReasonOfThePresentFormat) {
  LogParser parser = Auto();
  const std::string cut = "192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] \"GET";
  EXPECT_EQ(Parse(parser, cut).outcome, ParseOutcome::kNoStatus);
  Parse(parser, kCombined);
  EXPECT_EQ(Parse(parser, cut).outcome, ParseOutcome::kNoStatus);
}

TEST(Auto, SaysNothingOfLinesThatNoFormatReads) {
  LogParser parser = Auto();
  for (const char* line : {"", "\r", "# a comment", "\x16\x03\x01", "192.0.2.1", "{\"a\": 1}"}) {
    EXPECT_FALSE(HasRecord(Parse(parser, line).outcome)) << line;
    EXPECT_EQ(parser.format_name(), "auto") << line;
  }
  EXPECT_EQ(Parse(parser, kCommon), ParseAs("common", kCommon));
}

TEST(Auto, KeepsItsChoiceThroughEmptyLinesAndGarbage) {
  LogParser parser = Auto();
  Parse(parser, kVhostCombined);
  for (const char* line : {"", "\x16\x03\x01", "garbage", "- - - -"}) {
    Repeat(200, parser, line);
    EXPECT_EQ(parser.format_name(), "vhost_combined") << line;
  }
}

TEST(Auto, IsNotFooledByACommonLineAtTheStart) {
  LogParser parser = Auto();
  Parse(parser, kCommon);
  EXPECT_EQ(Parse(parser, kCombined), ParseAs("combined", kCombined));
  EXPECT_EQ(parser.format_name(), "combined");
}

TEST(Auto, IsNotFooledByACommonLineBeforeLinesWithOneMoreField) {
  LogParser parser = Auto();
  const std::string line = kCombined + " \"-\" \"-\"";
  Parse(parser, kCommon);
  EXPECT_EQ(Parse(parser, line), ParseAs("combined", line));
  EXPECT_EQ(parser.format_name(), "combined");
}

TEST(Auto, IsNotFooledByACutLineAtTheStart) {
  LogParser parser = Auto();
  Parse(parser, kCombined.substr(0, kCombined.size() - 5));
  EXPECT_EQ(Parse(parser, kCombined), ParseAs("combined", kCombined));
}

TEST(Auto, FollowsAFileToAFormatThatTheOldOneCannotRead) {
  LogParser parser = Auto();
  Repeat(1000, parser, kCombined);
  EXPECT_EQ(Parse(parser, kVhostCombined), ParseAs("vhost_combined", kVhostCombined));
  EXPECT_EQ(Parse(parser, kCombined), ParseAs("combined", kCombined));
}

TEST(Auto, FollowsAFileToAFormatThatTheOldOneReadsInPart) {
  LogParser parser = Auto();
  Repeat(1000, parser, kCommon);
  Repeat(100, parser, kCombined);
  EXPECT_EQ(Parse(parser, kCombined), ParseAs("combined", kCombined));
  Repeat(1000, parser, kCombined);
  Repeat(100, parser, kCommon);
  EXPECT_EQ(Parse(parser, kCommon), ParseAs("common", kCommon));
}

TEST(Auto, KeepsItsChoiceThroughSingleLinesOfAnotherFormat) {
  LogParser parser = Auto();
  Repeat(100, parser, kCombined);
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(Parse(parser, kCommon), ParseAs("combined", kCommon));
    EXPECT_EQ(parser.format_name(), "combined");
    Repeat(2, parser, kCombined);
  }
}

TEST(Auto, ReadsEveryLineThatAnyFormatReads) {
  LogParser parser = Auto();
  LineGenerator generator(1);
  for (int i = 0; i < 10000; ++i) {
    const std::string line = generator.Damaged();
    Record record;
    const ParseOutcome outcome = parser.Parse(line, record);
    ASSERT_EQ(BrokenLaw(line, outcome, record), "") << Printable(line);
    bool readable = false;
    bool tells_something = false;
    for (const BuiltinFormat& format : BuiltinFormats()) {
      const ParsedLine parsed = ParseAs(format.name, line);
      readable = readable || HasRecord(parsed.outcome);
      tells_something = tells_something || parsed.time || parsed.status != kInvalidStatus;
    }
    ASSERT_FALSE(tells_something && !HasRecord(outcome)) << Printable(line);
    ASSERT_FALSE(HasRecord(outcome) && !readable) << Printable(line);
  }
}

// --- Every format, every frame ---

TEST(Auto, RecognisesEverySampleByItsFirstLine) {
  for (const auto& [name, line] : FormatSamples()) {
    LogParser parser = Auto();
    const ParsedLine parsed = Parse(parser, line);
    EXPECT_EQ(parser.format_name(), name) << line;
    EXPECT_EQ(parsed.client, "192.0.2.1") << line;
    EXPECT_EQ(parsed.status, 404) << line;
    EXPECT_EQ(parser.confidence(), 1) << line;
  }
}

TEST(Auto, KeepsEveryFormatOverAFile) {
  for (const auto& [name, line] : FormatSamples()) {
    LogParser parser = Auto();
    Repeat(150, parser, line);
    EXPECT_EQ(parser.format_name(), name) << line;
    EXPECT_EQ(parser.format_changes(), 0U) << name;
    EXPECT_EQ(parser.confidence(), 1) << name;
  }
}

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string InDocker(const std::string& line) {
  return "{\"log\":\"" + Escaped(line) + R"(\n","stream":"stdout","time":"2023-09-08T16:26:57Z"})";
}

std::string InCri(const std::string& line) { return "2023-09-08T16:26:57.1Z stdout F " + line; }

std::string InSyslog(const std::string& line) { return "<190>Sep  8 16:26:57 web nginx: " + line; }

TEST(Auto, RecognisesEveryFormatInEveryFrame) {
  for (const auto& [name, line] : FormatSamples()) {
    for (const auto& [frame, framed] :
         {std::pair("docker", InDocker(line)), std::pair("cri", InCri(line)),
          std::pair("syslog", InSyslog(line))}) {
      LogParser parser = Auto();
      for (int i = 0; i < 3; ++i) {
        const ParsedLine parsed = Parse(parser, framed);
        ASSERT_EQ(parsed.client, "192.0.2.1") << framed;
        ASSERT_EQ(parsed.status, 404) << framed;
      }
      const std::string format = parser.format_name();
      EXPECT_EQ(format.substr(0, format.find(" in ")), name) << format;
      EXPECT_EQ(format.substr(format.find(" in ") + 4), frame);
      EXPECT_EQ(parser.format_changes(), 0U) << framed;
    }
  }
}

TEST(Auto, PutsFramedLinesTogether) {
  LogParser parser = Auto();
  const std::string first = kCombined.substr(0, 40);
  const std::string second = kCombined.substr(40);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Parse(parser, "2023-09-08T16:26:57.1Z stdout P " + first).outcome,
              ParseOutcome::kFragment);
    EXPECT_EQ(Parse(parser, InCri(second)), ParseAs("combined", kCombined));
  }
  EXPECT_EQ(parser.format_name(), "combined in cri");
}

TEST(Auto, ReadsFramedAndPlainLinesOfOneFile) {
  LogParser parser = Auto();
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(Parse(parser, InSyslog(kCombined)), ParseAs("combined", kCombined));
    EXPECT_EQ(Parse(parser, kCombined), ParseAs("combined", kCombined));
  }
}

TEST(Auto, CountsAPartOfALineThatNobodyWillCompleteAsUnread) {
  LogParser parser = Auto();
  Repeat(200, parser, kCombined);
  EXPECT_EQ(Parse(parser, "2023-09-08T16:26:57.1Z stdout P 192.0.2.1").outcome,
            ParseOutcome::kBadClient);
  EXPECT_EQ(Parse(parser, kCombined), ParseAs("combined", kCombined));
  EXPECT_EQ(parser.format_name(), "combined");
  EXPECT_TRUE(parser.SameStateAs(parser));
}

// --- Changes ---

TEST(Auto, NoticesAChangeOfFormat) {
  LogParser parser = Auto();
  Repeat(500, parser, kCombined);
  const std::string json = FormatSamples()[17].second;
  Repeat(500, parser, json);
  EXPECT_EQ(parser.format_name(), "json");
  EXPECT_EQ(parser.format_changes(), 1U);
  EXPECT_EQ(parser.confidence(), 1);
}

TEST(Auto, ReadsAMixedFile) {
  const std::string json = FormatSamples()[17].second;
  LogParser parser = Auto();
  for (int i = 0; i < 500; ++i) {
    EXPECT_EQ(Parse(parser, kCombined), ParseAs("combined", kCombined));
    EXPECT_EQ(Parse(parser, json), ParseAs("json", json));
    EXPECT_EQ(Parse(parser, kVhostCombined), ParseAs("vhost_combined", kVhostCombined));
  }
}

TEST(Auto, IsUnsureOfAFormatThatDoesNotFit) {
  LogParser parser = Auto();
  Repeat(100, parser, kCombined + " more than that");
  EXPECT_EQ(parser.format_name(), "combined");
  EXPECT_LT(parser.confidence(), 0.1);
}

TEST(NamedFormat, SaysHowWellItFits) {
  LogParser parser = *LogParser::Create("combined");
  EXPECT_EQ(parser.confidence(), 0);
  Repeat(10, parser, kCombined);
  EXPECT_EQ(parser.confidence(), 1);
  EXPECT_EQ(parser.format_changes(), 0U);
}

// What a client can send, in the fields where it can send it.
TEST(Auto, IsNotMovedByHostileLines) {
  LogParser parser = Auto();
  Repeat(200, parser, kCombined);
  for (const auto& [name, sample] : FormatSamples()) {
    for (const std::string& sent :
         {sample, InDocker(sample), InCri(sample), InSyslog(sample),
          std::string("#Fields: c-ip sc-status"), std::string(100000, '[')}) {
      const std::string line = R"(203.0.113.5 - - [08/Sep/2023:12:26:56 -0400] "GET /)" +
                               Escaped(sent) + R"( HTTP/1.1" 403 5 ")" + Escaped(sent) + "\" \"" +
                               Escaped(sent) + "\"";
      for (int i = 0; i < 20; ++i) {
        const ParsedLine parsed = Parse(parser, line);
        ASSERT_EQ(parsed.client, "203.0.113.5") << name;
        ASSERT_EQ(parsed.status, 403) << name;
      }
      ASSERT_EQ(parser.format_name(), "combined") << name;
    }
  }
  EXPECT_EQ(parser.format_changes(), 0U);
}

TEST(Auto, IsNotMovedByFewLinesOfAnotherFormat) {
  for (const auto& [name, sample] : FormatSamples()) {
    LogParser parser = Auto();
    Repeat(200, parser, kCombined);
    Repeat(3, parser, sample);
    Parse(parser, kCombined);
    EXPECT_EQ(parser.format_name(), "combined") << name;
    EXPECT_EQ(parser.format_changes(), 0U) << name;
  }
}

TEST(Auto, FindsNoRequestsInOtherLogs) {
  for (const char* line :
       {"2023-09-08 16:26:56,123 INFO [main] com.example.Server started in 5 seconds on port 8080 "
        "404 0 0 1",
        "2023-09-08T16:26:56Z level=info msg=\"request done\" status=200 took=5ms from=10.0.0.1 ok "
        "200 1 2",
        "2023/09/08 16:26:56 [error] 1#1: *1 open() \"/a\" failed (2: No such file or directory), "
        "client: "
        "192.0.2.1, server: _, request: \"GET /a HTTP/1.1\", host: \"example.com\"",
        "[Fri Sep 08 16:26:56.123456 2023] [core:error] [pid 1] [client 192.0.2.1:80] AH00037: x "
        "404",
        "Sep  8 16:26:56 host sshd[123]: Failed password for root from 192.0.2.1 port 22 ssh2",
        "Sep  8 16:26:56 host kernel: [1.0] a b c d e f g h 200 5",
        R"({"level":"info","ts":1694190416.1,"msg":"started","client":"redis","status":"ok"})",
        R"({"time":"2023-09-08T16:26:56Z","user":"a","status":200})",
        "Lorem ipsum dolor sit amet 200 5", "a b c [d] \"e\" f g",
        "1 2 3 4 5 6 7 8 9 10 11 12 404 14 15 16",
        "2023-09-08 16:26:56 10.0.0.1 GET /a b=c 443 Mozilla/5.0 - 200 0 0 15",
        "type=SYSCALL msg=audit(1694190416.123:1): arch=c000003e syscall=2 success=no exit=-13"}) {
    LogParser parser = Auto();
    for (int i = 0; i < 150; ++i) EXPECT_FALSE(HasRecord(Parse(parser, line).outcome)) << line;
    EXPECT_EQ(parser.confidence(), 0) << line;
  }
}

TEST(Auto, TakesTheHeadOfAnIisLogForComments) {
  LogParser parser = Auto();
  for (const char* line :
       {"#Software: Microsoft Internet Information Services 10.0", "#Version: 1.0",
        "#Date: 2023-09-08 16:26:56", "#Fields: time c-ip sc-status"}) {
    EXPECT_EQ(Parse(parser, line).outcome, ParseOutcome::kComment) << line;
  }
  const ParsedLine parsed = Parse(parser, "16:26:57 192.0.2.1 404");
  EXPECT_EQ(parsed.status, 404);
  EXPECT_TRUE(parsed.time.has_value());
  EXPECT_EQ(parser.format_name(), "iis");
}

TEST(Auto, SaysWhyInTheTraceOfTheFormatThatItChose) {
  LogParser parser = Auto();
  Record record;
  ParseTrace trace;
  parser.Parse(kVhostCombined, record, &trace);
  EXPECT_EQ(trace.parts.size(), 10U);
  EXPECT_EQ(trace.expected, "");
}

// --- Copies ---

TEST(SameStateAs, HoldsForCopies) {
  for (const auto& [name, sample] : FormatSamples()) {
    LogParser parser = Auto();
    for (int i = 0; i < 120; ++i) {
      const LogParser copy = parser;
      ASSERT_TRUE(copy.SameStateAs(parser)) << name;
      Parse(parser, i % 7 == 0 ? "garbage" : sample);
    }
  }
}

TEST(SameStateAs, KnowsWhatMattersForLaterLines) {
  LogParser parser = Auto();
  Repeat(200, parser, kCombined);
  const LogParser settled = parser;
  Parse(parser, kCombined);
  EXPECT_TRUE(settled.SameStateAs(parser));
  Parse(parser, kCommon);
  EXPECT_FALSE(settled.SameStateAs(parser));  // the misfit is counted
  Parse(parser, kCombined);
  EXPECT_TRUE(settled.SameStateAs(parser));
  Repeat(20, parser, kVhostCombined);
  EXPECT_FALSE(settled.SameStateAs(parser));
}

TEST(SameStateAs, DoesNotHoldWhileAPartWaits) {
  LogParser parser = Auto();
  Repeat(200, parser, InCri(kCombined));
  const LogParser copy = parser;
  Parse(parser, "2023-09-08T16:26:57.1Z stdout P a");
  EXPECT_FALSE(copy.SameStateAs(parser));
  EXPECT_FALSE(parser.SameStateAs(parser));
}

TEST(SameStateAs, KnowsTheFieldsOfAFile) {
  LogParser parser = *LogParser::Create("iis");
  const LogParser before = parser;
  Parse(parser, "#Fields: c-ip sc-status");
  EXPECT_FALSE(before.SameStateAs(parser));
  const LogParser after = parser;
  Parse(parser, "#Date: 2023-09-08");
  EXPECT_FALSE(after.SameStateAs(parser));
}

// --- Texts ---

TEST(HoldTexts, KeepsRecordsSideBySide) {
  LogParser parser = *LogParser::Create("json");
  parser.HoldTexts();
  std::vector<std::string> lines;
  for (int i = 0; i < 1000; ++i) {
    lines.push_back(R"({"remote_addr":"192.0.2.1","status":404,"user_agent":"\")" +
                    std::to_string(i) + "\"}");
  }
  std::vector<Record> records(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) parser.Parse(lines[i], records[i]);
  for (size_t i = 0; i < lines.size(); ++i) {
    ASSERT_EQ(records[i].user_agent, "\"" + std::to_string(i));
  }
  parser.ReleaseTexts();
}

}  // namespace
}  // namespace accesslog
