// A parser that was saved and loaded reads on as if nothing had happened, wherever its file was
// cut.
#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "parse/format_samples.h"
#include "parse/log_parser.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

const std::string kCommon =
    R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 512)";
const std::string kCombined = kCommon + R"( "-" "curl/8.0")";
const std::string kCriStart = "2023-09-08T16:26:57.1Z stdout ";

LogParser Make(std::string_view format) { return *LogParser::Create(format); }

std::string Saved(const LogParser& parser) {
  ByteWriter writer;
  parser.Save(writer);
  return writer.Take();
}

// Nothing if the bytes are damaged.
std::optional<LogParser> Loaded(std::string_view bytes, std::string_view format) {
  LogParser parser = Make(format);
  ByteReader reader(bytes);
  if (!parser.Load(reader) || !reader.IsDone()) return std::nullopt;
  return parser;
}

ParsedLine Parse(LogParser& parser, std::string_view line) {
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

void Repeat(int count, LogParser& parser, std::string_view line) {
  for (int i = 0; i < count; ++i) Parse(parser, line);
}

// What a monitor tells of a parser.
std::string ToldOf(const LogParser& parser) {
  return parser.format_name() + ' ' + std::to_string(parser.confidence()) + ' ' +
         std::to_string(parser.learned_lines()) + ' ' + std::to_string(parser.fitting_lines()) +
         ' ' + std::to_string(parser.format_changes());
}

// A file in which the format, the carrier and the fields change, with lines that none can read and
// lines that are cut.
std::vector<std::string> MixedFile(std::mt19937& random) {
  const auto samples = FormatSamples();
  std::vector<std::string> lines;
  while (lines.size() < 1500) {
    const std::string& line = samples[random() % samples.size()].second;
    const uint64_t carrier = random() % 4;
    for (uint64_t left = random() % 150; left > 0; --left) {
      const size_t cut = random() % line.size();
      if (random() % 30 == 0) lines.emplace_back("no request");
      if (random() % 40 == 0) lines.emplace_back("#Fields: time c-ip cs-method sc-status");
      if (random() % 40 == 0) lines.emplace_back("#Date: 2023-09-08 10:00:00");
      if (random() % 40 == 0) lines.emplace_back("10:00:00 192.0.2.7 GET 404");
      if (carrier == 0) {
        lines.push_back(kCriStart + "P " + line.substr(0, cut));
        lines.push_back(kCriStart + "F " + line.substr(cut));
      } else if (carrier == 1) {
        lines.push_back("<190>Sep  8 16:26:57 web nginx: " + line);
      } else {
        lines.push_back(random() % 20 == 0 ? line.substr(0, cut) : line);
      }
    }
  }
  return lines;
}

class LogParserSaving : public ::testing::TestWithParam<const char*> {};

TEST_P(LogParserSaving, IsNotNoticed) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    std::mt19937 random(seed);
    LogParser uninterrupted = Make(GetParam());
    std::optional<LogParser> saved = Make(GetParam());
    for (const std::string& line : MixedFile(random)) {
      ASSERT_EQ(Parse(*saved, line), Parse(uninterrupted, line)) << line;
      if (random() % 10 != 0) continue;
      const std::string bytes = Saved(*saved);
      saved = Loaded(bytes, GetParam());
      ASSERT_TRUE(saved);
      ASSERT_EQ(Saved(*saved), bytes);
      ASSERT_EQ(ToldOf(*saved), ToldOf(uninterrupted));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, LogParserSaving,
    ::testing::Values("auto", "combined", "json", "iis",
                      R"(nginx: $remote_addr [$time_local] "$request" $status)"));

TEST(SavedLogParser, KnowsItsFormat) {
  for (const auto& [name, line] : FormatSamples()) {
    LogParser parser = Make("auto");
    Repeat(3, parser, line);
    const auto loaded = Loaded(Saved(parser), "auto");
    ASSERT_TRUE(loaded) << name;
    EXPECT_EQ(ToldOf(*loaded), ToldOf(parser)) << name;
    EXPECT_TRUE(loaded->SameStateAs(parser) || !parser.SameStateAs(parser)) << name;
  }
}

TEST(SavedLogParser, KnowsWhatItLearned) {
  LogParser parser = Make("auto");
  Repeat(60, parser, kCombined);
  Repeat(20, parser, kCombined + " more");
  const auto loaded = Loaded(Saved(parser), "auto");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(ToldOf(*loaded), ToldOf(parser));
  EXPECT_GT(loaded->learned_lines(), 0U);
}

TEST(SavedLogParser, KnowsTheFieldsAndTheDayDeclaredBefore) {
  for (const char* format : {"auto", "iis"}) {
    LogParser parser = Make(format);
    Parse(parser, "#Date: 2023-09-08 10:00:00");
    Parse(parser, "#Fields: time sc-status c-ip");
    auto loaded = Loaded(Saved(parser), format);
    ASSERT_TRUE(loaded);
    const ParsedLine line = Parse(*loaded, "10:00:00 404 192.0.2.1");
    EXPECT_EQ(line.client, "192.0.2.1") << format;
    EXPECT_EQ(line.status, 404) << format;
    EXPECT_EQ(line, Parse(parser, "10:00:00 404 192.0.2.1")) << format;
    EXPECT_TRUE(line.time) << format;
  }
}

// That is true in any format, so it is kept where the format option changes.
TEST(SavedLogParser, KnowsTheDeclaredFieldsUnderAnotherFormatOption) {
  LogParser parser = Make("auto");
  Parse(parser, "#Fields: time sc-status c-ip");
  auto loaded = Loaded(Saved(parser), "iis");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(Parse(*loaded, "10:00:00 404 192.0.2.1").client, "192.0.2.1");
}

TEST(SavedLogParser, BeginsAnewUnderAnotherFormatOption) {
  LogParser parser = Make("auto");
  Repeat(50, parser, kCriStart + "F " + kCombined);
  Parse(parser, kCriStart + "P half a ");
  auto loaded = Loaded(Saved(parser), "common");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(ToldOf(*loaded), ToldOf(Make("common")));
  EXPECT_EQ(Parse(*loaded, kCommon).outcome, ParseOutcome::kComplete);
}

TEST(SavedLogParser, JoinsALineThatWasCutAtTheEndOfTheProcess) {
  const std::string docker_end = R"(\n","stream":"stdout","time":"2023-09-08T16:26:57Z"})";
  const std::string docker_part = R"(","stream":"stdout","time":"2023-09-08T16:26:57Z"})";
  const std::string head = "192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] ";
  const std::string rest = R"(\"GET / HTTP/1.1\" 200 512)";
  struct Cut {
    std::string whole;
    std::string first;
    std::string second;
  };
  for (const Cut& cut :
       {Cut{kCriStart + "F " + kCommon, kCriStart + "P " + kCommon.substr(0, 30),
            kCriStart + "F " + kCommon.substr(30)},
        Cut{R"({"log":")" + head + rest + docker_end, R"({"log":")" + head + docker_part,
            R"({"log":")" + rest + docker_end}}) {
    LogParser parser = Make("auto");
    const ParsedLine expected = Parse(parser, cut.whole);
    EXPECT_EQ(expected.outcome, ParseOutcome::kComplete) << cut.whole;
    ASSERT_EQ(Parse(parser, cut.first).outcome, ParseOutcome::kFragment) << cut.first;
    auto loaded = Loaded(Saved(parser), "auto");
    ASSERT_TRUE(loaded);
    EXPECT_EQ(Parse(*loaded, cut.second), expected) << cut.second;
  }
}

std::string RichState() {
  LogParser parser = Make("auto");
  Parse(parser, "#Date: 2023-09-08 10:00:00");
  Parse(parser, "#Fields: time sc-status c-ip");
  Repeat(120, parser, kCriStart + "F " + kCombined);
  Parse(parser, kCriStart + "P 192.0.2.1 - - ");
  return Saved(parser);
}

TEST(DamagedLogParser, IsNoticedWhereTheEndIsMissing) {
  const std::string bytes = RichState();
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(Loaded(bytes.substr(0, size), "auto")) << size;
  }
  EXPECT_FALSE(Loaded(bytes + 'x', "auto"));
}

TEST(DamagedLogParser, IsNoticedOrCanBeUsed) {
  const std::string bytes = RichState();
  std::mt19937 random(11);
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = bytes;
    for (uint64_t flips = random() % 3; flips <= 2; ++flips) {
      char& byte = damaged[random() % damaged.size()];
      byte = static_cast<char>(static_cast<uint8_t>(byte) ^ 1U << random() % 8);
    }
    auto parser = Loaded(damaged, random() % 2 == 0 ? "auto" : "combined");
    if (!parser) continue;
    for (const std::string& line : {kCombined, kCriStart + "F " + kCombined, std::string("x")}) {
      Parse(*parser, line);
    }
    ASSERT_GE(parser->confidence(), 0);
    ASSERT_LE(parser->confidence(), 1);
    ASSERT_FALSE(parser->format_name().empty());
  }
}

}  // namespace
}  // namespace accesslog
