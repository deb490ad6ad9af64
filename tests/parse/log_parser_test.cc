#include "parse/log_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
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

}  // namespace
}  // namespace accesslog
