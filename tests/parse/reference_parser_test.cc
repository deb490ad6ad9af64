// LineParser against the truth of generated lines and against the reference parser.
#include "parse/reference_parser.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "parse/line_generator.h"
#include "parse/record_laws.h"

namespace accesslog {
namespace {

constexpr int kLines = 5000;

class EachFormat : public ::testing::TestWithParam<std::string> {
 protected:
  ParsedLine Parse(std::string_view line) {
    Record record;
    const ParseOutcome outcome = parser_.Parse(line, record);
    EXPECT_EQ(BrokenLaw(line, outcome, record), "") << Printable(line);
    return ToParsedLine(outcome, record);
  }

  LineParser parser_ = BuiltinParser(GetParam());
  LineGenerator generator_{20230908};
};

INSTANTIATE_TEST_SUITE_P(Builtin, EachFormat,
                         ::testing::Values("common", "combined", "vhost_combined"),
                         [](const auto& test) { return test.param; });

TEST_P(EachFormat, ReadsWhatTheServerWrote) {
  for (int i = 0; i < kLines; ++i) {
    const GeneratedLine line = generator_.Line(GetParam());
    ASSERT_EQ(Parse(line.text), line.truth) << Printable(line.text);
  }
}

TEST_P(EachFormat, ReadsWhatTheServerWroteInsideItsWrapping) {
  for (int i = 0; i < kLines; ++i) {
    const GeneratedLine line = generator_.CarriedLine(GetParam());
    ASSERT_EQ(Parse(line.text), line.truth) << Printable(line.text);
  }
}

TEST_P(EachFormat, AgreesWithTheReferenceOnWholeLines) {
  for (int i = 0; i < kLines; ++i) {
    const std::string line = generator_.CarriedLine(GetParam()).text;
    ASSERT_EQ(Parse(line), ReferenceParse(GetParam(), line)) << Printable(line);
  }
}

TEST_P(EachFormat, AgreesWithTheReferenceOnDamagedLines) {
  for (int i = 0; i < 3 * kLines; ++i) {
    const std::string line = generator_.Damaged();
    ASSERT_EQ(Parse(line), ReferenceParse(GetParam(), line)) << Printable(line);
  }
}

TEST_P(EachFormat, AgreesWithTheReferenceOnLinesOfTheOtherFormats) {
  for (const char* format : {"common", "combined", "vhost_combined"}) {
    for (int i = 0; i < kLines / 5; ++i) {
      const std::string line = generator_.Line(format).text;
      ASSERT_EQ(Parse(line), ReferenceParse(GetParam(), line)) << Printable(line);
    }
  }
}

TEST_P(EachFormat, AgreesWithTheReferenceOnLinesCutAnywhere) {
  for (int i = 0; i < 60; ++i) {
    const std::string line = generator_.CarriedLine(GetParam()).text;
    for (size_t length = 0; length < std::min<size_t>(line.size(), 1000); ++length) {
      const std::string cut = line.substr(0, length);
      ASSERT_EQ(Parse(cut), ReferenceParse(GetParam(), cut)) << Printable(cut);
    }
  }
}

// However a line is cut, it names no other client and no other status than the whole line.
TEST_P(EachFormat, TellsNothingElseWhenALineIsCut) {
  for (int i = 0; i < 300; ++i) {
    const GeneratedLine line = generator_.Line(GetParam());
    for (size_t length = 0; length < std::min<size_t>(line.text.size(), 1000); ++length) {
      const ParsedLine cut = Parse(line.text.substr(0, length));
      if (!HasRecord(cut.outcome)) continue;
      ASSERT_EQ(cut.client, line.truth.client) << Printable(line.text.substr(0, length));
      ASSERT_EQ(cut.user, line.truth.user) << Printable(line.text.substr(0, length));
      ASSERT_EQ(cut.time, line.truth.time) << Printable(line.text.substr(0, length));
      ASSERT_EQ(cut.request, line.truth.request) << Printable(line.text.substr(0, length));
      ASSERT_EQ(cut.status, line.truth.status) << Printable(line.text.substr(0, length));
    }
  }
}

TEST_P(EachFormat, RemembersNothingOfTheLineBefore) {
  for (int i = 0; i < kLines; ++i) {
    const std::string line = generator_.Damaged();
    ASSERT_EQ(Parse(line), ParseAs(GetParam(), line)) << Printable(line);
  }
}

}  // namespace
}  // namespace accesslog
