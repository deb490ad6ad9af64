#include "app/prime_parser.h"

#include <gtest/gtest.h>

#include "support/memory_file_system.h"

namespace accesslog {
namespace {

constexpr std::string_view kLine = "192.0.2.7 404 2026-11-22 10:00:00 /a\n";
const std::string kFields = "#Fields: c-ip sc-status date time cs-uri-stem\r\n";

class PrimeParserTest : public ::testing::Test {
 protected:
  // What the first line behind `content` is read as.
  ParseOutcome ReadBehind(const std::string& content, const std::string& format = "auto") {
    files_.Create("/log", content);
    LogParser parser = *LogParser::Create(format);
    PrimeParser(files_, "/log", parser);
    const ParseOutcome outcome = parser.Parse(kLine.substr(0, kLine.size() - 1), record_);
    format_ = parser.format_name();
    return outcome;
  }

  MemoryFileSystem files_;
  Record record_;
  std::string format_;
};

TEST_F(PrimeParserTest, ReadsTheFieldsAtTheHead) {
  EXPECT_EQ(ReadBehind("\xEF\xBB\xBF#Software: x\r\n" + kFields), ParseOutcome::kComplete);
  EXPECT_EQ(record_.status, 404);
  EXPECT_EQ(format_, "iis");
}

TEST_F(PrimeParserTest, ReadsTheFieldsOfANamedFormat) {
  EXPECT_EQ(ReadBehind(kFields, "iis"), ParseOutcome::kComplete);
}

TEST_F(PrimeParserTest, PrefersTheLastFields) {
  EXPECT_EQ(ReadBehind("#Fields: date time\r\n" + kFields), ParseOutcome::kComplete);
}

TEST_F(PrimeParserTest, FindsFieldsNearTheEndOfALargeFile) {
  std::string content = "#Fields: date time\r\n";
  while (content.size() < 1000000) content += kLine;
  content += kFields;
  while (content.size() < 1100000) content += kLine;
  EXPECT_EQ(ReadBehind(content), ParseOutcome::kComplete);
}

TEST_F(PrimeParserTest, TakesNoPartOfALine) {
  EXPECT_NE(ReadBehind("#Fields: c-ip sc-status da"), ParseOutcome::kComplete);
}

TEST_F(PrimeParserTest, LeavesOtherFormatsAlone) {
  EXPECT_EQ(ReadBehind(kFields, "combined"), ParseOutcome::kNoStatus);
}

TEST_F(PrimeParserTest, SurvivesWhatCannotBeRead) {
  LogParser parser = *LogParser::Create("auto");
  PrimeParser(files_, "/missing", parser);
  files_.Create("/bad", kFields);
  files_.FailReads("/bad", "Input/output error");
  PrimeParser(files_, "/bad", parser);
  files_.Create("/empty", "");
  PrimeParser(files_, "/empty", parser);
  EXPECT_EQ(parser.format_name(), "auto");
}

}  // namespace
}  // namespace accesslog
