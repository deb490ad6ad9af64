#include "input/line_assembler.h"

#include <gmock/gmock.h>

#include <random>
#include <string>
#include <vector>

#include "support/line_recorder.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LineAssembler, HandsOnWholeLines) {
  LineRecorder sink;
  LineAssembler lines;
  lines.Add("a\nb\n", sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("a", "b"));
}

TEST(LineAssembler, KeepsAHalfLineUntilItEnds) {
  LineRecorder sink;
  LineAssembler lines;
  lines.Add("a\nb", sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("a"));
  EXPECT_EQ(lines.pending_bytes(), 1U);
  lines.Add("c\n", sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("bc"));
  EXPECT_EQ(lines.pending_bytes(), 0U);
}

TEST(LineAssembler, TakesAnEndAlone) {
  LineRecorder sink;
  LineAssembler lines;
  lines.Add("a", sink);
  lines.Add("\n", sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("a"));
}

TEST(LineAssembler, FinishEndsTheLastLine) {
  LineRecorder sink;
  LineAssembler lines;
  lines.Add("a\nb", sink);
  lines.Finish(sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("a", "b"));
}

TEST(LineAssembler, FinishAddsNothingWhereNothingIsLeft) {
  LineRecorder sink;
  LineAssembler lines;
  lines.Add("a\n", sink);
  sink.TakeLines();
  lines.Finish(sink);
  EXPECT_THAT(sink.TakeLines(), IsEmpty());
}

TEST(LineAssembler, DropForgetsAHalfLineAndSaysHowLongItWas) {
  LineRecorder sink;
  LineAssembler lines;
  lines.Add("abc", sink);
  EXPECT_EQ(lines.Drop(), 3U);
  lines.Add("d\n", sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("d"));
}

TEST(LineAssembler, ALineAtTheLimitIsALine) {
  LineRecorder sink;
  LineAssembler lines(4);
  lines.Add("abcd\n", sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("abcd"));
  EXPECT_EQ(sink.oversized(), 0U);
}

TEST(LineAssembler, ALineOverTheLimitIsCountedAndSkipped) {
  LineRecorder sink;
  LineAssembler lines(4);
  lines.Add("abcde\nf\n", sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("f"));
  EXPECT_EQ(sink.oversized(), 1U);
}

TEST(LineAssembler, ALineOverTheLimitIsCountedWhenItEnds) {
  LineRecorder sink;
  LineAssembler lines(4);
  lines.Add("abcde", sink);
  lines.Add("fghij", sink);
  EXPECT_EQ(sink.oversized(), 0U);
  EXPECT_EQ(lines.pending_bytes(), 10U);
  lines.Add("k\nl\n", sink);
  EXPECT_THAT(sink.TakeLines(), ElementsAre("l"));
  EXPECT_EQ(sink.oversized(), 1U);
}

TEST(LineAssembler, KnowsHowMuchOfALineOverTheLimitItHasSeen) {
  LineRecorder sink;
  LineAssembler lines(4);
  lines.Add("abc", sink);
  lines.Add("de", sink);
  EXPECT_EQ(lines.pending_bytes(), 5U);
  EXPECT_EQ(lines.Drop(), 5U);
}

TEST(LineAssembler, FinishCountsALineOverTheLimit) {
  LineRecorder sink;
  LineAssembler lines(4);
  lines.Add("abcde", sink);
  lines.Finish(sink);
  EXPECT_THAT(sink.TakeLines(), IsEmpty());
  EXPECT_EQ(sink.oversized(), 1U);
}

// The order of a long line among the others is kept, because `analyze` numbers lines by it.
TEST(LineAssembler, ALineOverTheLimitKeepsItsPlace) {
  struct Order final : LineSink {
    std::string seen;
    void Take(const LineBlock& block) override {
      ForEachLine(block.text, [&](std::string_view line) { seen += line; });
      seen.append(block.oversized_lines, '*');
    }
  } sink;
  LineAssembler lines(2);
  lines.Add("a\nlong\nb\nc\nlonger\nd\n", sink);
  EXPECT_EQ(sink.seen, "a*bc*d");
}

// The slow, obvious way: all bytes at once, split at '\n'.
struct Split {
  std::vector<std::string> lines;
  uint64_t oversized = 0;
};

Split SplitWhole(const std::string& text, size_t limit) {
  Split split;
  std::string line;
  const auto end_line = [&] {
    if (line.size() > limit) {
      ++split.oversized;
    } else {
      split.lines.push_back(line);
    }
    line.clear();
  };
  for (const char c : text) {
    if (c == '\n') {
      end_line();
    } else {
      line += c;
    }
  }
  if (!line.empty()) end_line();
  return split;
}

std::string RandomText(std::mt19937& random) {
  std::string text;
  const size_t size = std::uniform_int_distribution<size_t>(0, 200)(random);
  // Every third byte or so ends a line, so that lines are around the limit of the test.
  for (size_t i = 0; i < size; ++i) {
    text += random() % 4 == 0 ? '\n' : static_cast<char>('a' + random() % 26);
  }
  return text;
}

TEST(LineAssembler, AgreesWithASlowSplitterOnRandomPieces) {
  std::mt19937 random(20260302);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = RandomText(random);
    const size_t limit = std::uniform_int_distribution<size_t>(0, 12)(random);
    const size_t most = std::uniform_int_distribution<size_t>(1, 40)(random);
    LineRecorder sink;
    LineAssembler lines(limit);
    for (size_t at = 0; at < text.size();) {
      const size_t count = std::uniform_int_distribution<size_t>(0, most)(random);
      lines.Add(std::string_view(text).substr(at, count), sink);
      at += std::min(count, text.size() - at);
    }
    lines.Finish(sink);
    const Split expected = SplitWhole(text, limit);
    ASSERT_EQ(sink.TakeLines(), expected.lines) << "round " << round;
    ASSERT_EQ(sink.oversized(), expected.oversized) << "round " << round;
    ASSERT_TRUE(sink.all_ended()) << "round " << round;
  }
}

}  // namespace
}  // namespace accesslog
