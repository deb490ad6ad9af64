// The lines of other servers: what was sent, what the strict parser says, and what the fast one
// says.
#include "parse/strict_parser.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "parse/line_generator.h"
#include "parse/log_parser.h"
#include "parse/record_laws.h"

namespace accesslog {
namespace {

constexpr int kLines = 3000;

class EachServer : public ::testing::TestWithParam<std::string> {
 protected:
  ParsedLine Parse(std::string_view line) {
    Record record;
    const ParseOutcome outcome = parser_.Parse(line, record);
    EXPECT_EQ(BrokenLaw(line, outcome, record, Texts::kAnywhere), "") << Printable(line);
    return ToParsedLine(outcome, record);
  }

  LineParser parser_ = BuiltinParser(LineGenerator::FormatOf(GetParam()));
  LineGenerator generator_{20230908};
};

INSTANTIATE_TEST_SUITE_P(Generated, EachServer, ::testing::ValuesIn(LineGenerator::Servers()),
                         [](const auto& test) { return test.param; });

TEST_P(EachServer, IsReadAsItWrote) {
  for (int i = 0; i < kLines; ++i) {
    const GeneratedLine line = generator_.ServerLine(GetParam());
    ASSERT_EQ(Parse(line.text), line.truth) << Printable(line.text);
  }
}

TEST_P(EachServer, IsReadAsTheStrictParserReads) {
  int known = 0;
  for (int i = 0; i < kLines; ++i) {
    const std::string line = generator_.ServerLine(GetParam()).text;
    const auto strict = StrictParse(GetParam(), line);
    if (!strict) continue;
    ++known;
    ASSERT_EQ(Parse(line), *strict) << Printable(line);
  }
  // nginx leaves bytes in its JSON that are no UTF-8.
  EXPECT_GE(known, GetParam() == "nginx" ? kLines / 2 : kLines);
}

TEST_P(EachServer, IsRecognised) {
  LogParser parser = *LogParser::Create("auto");
  for (int i = 0; i < 500; ++i) {
    const GeneratedLine line = generator_.ServerLine(GetParam());
    Record record;
    const ParseOutcome outcome = parser.Parse(line.text, record);
    ASSERT_EQ(ToParsedLine(outcome, record), line.truth) << Printable(line.text);
  }
  EXPECT_EQ(parser.format_name(), LineGenerator::FormatOf(GetParam()));
  EXPECT_EQ(parser.format_changes(), 0U);
  EXPECT_EQ(parser.confidence(), 1);
}

// However a line is cut, it names no other client and no other status than the whole line.
TEST_P(EachServer, TellsNothingElseWhenALineIsCut) {
  for (int i = 0; i < 100; ++i) {
    const GeneratedLine line = generator_.ServerLine(GetParam());
    for (size_t length = 0; length < std::min<size_t>(line.text.size(), 1000); ++length) {
      const ParsedLine cut = Parse(line.text.substr(0, length));
      if (!HasRecord(cut.outcome)) continue;
      ASSERT_EQ(cut.client, line.truth.client) << Printable(line.text.substr(0, length));
      ASSERT_EQ(cut.status, line.truth.status) << Printable(line.text.substr(0, length));
    }
  }
}

TEST_P(EachServer, KeepsTheLawsWhenALineIsDamaged) {
  for (int i = 0; i < kLines; ++i) {
    const std::string damaged = generator_.DamagedServerLine(GetParam());
    const ParsedLine parsed = Parse(damaged);
    ASSERT_EQ(parsed, ParseAs(LineGenerator::FormatOf(GetParam()), damaged)) << Printable(damaged);
  }
}

}  // namespace
}  // namespace accesslog
