#include "parse/text_arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

#include "base/text.h"

namespace accesslog {
namespace {

std::string Unescaped(std::string_view text) {
  TextArena arena;
  return std::string(UnescapeJson(text, arena));
}

TEST(UnescapeJson, LeavesATextWithoutEscapesWhereItIs) {
  TextArena arena;
  const std::string text = "a\"b";
  EXPECT_EQ(UnescapeJson(text, arena).data(), text.data());
}

TEST(UnescapeJson, KnowsTheEscapesOfJson) {
  EXPECT_EQ(Unescaped(R"(a\"b\\c\/d)"), R"(a"b\c/d)");
  EXPECT_EQ(Unescaped(R"(\b\f\n\r\t)"), "\b\f\n\r\t");
  EXPECT_EQ(Unescaped(R"(\u0041\u00fC\u20ac)"), "A\xC3\xBC\xE2\x82\xAC");
  EXPECT_EQ(Unescaped(R"(a\u0000b)"), std::string("a\0b", 3));
}

TEST(UnescapeJson, JoinsSurrogatePairs) {
  EXPECT_EQ(Unescaped(R"(\ud83d\ude00)"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(Unescaped(R"(\uD800\uDC00\uDBFF\uDFFF)"), "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
}

TEST(UnescapeJson, ReplacesHalfAPair) {
  const std::string replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(Unescaped(R"(\ud83d)"), replacement);
  EXPECT_EQ(Unescaped(R"(\ude00x)"), replacement + "x");
  EXPECT_EQ(Unescaped(R"(\ud83d\ud83d\ude00)"), replacement + "\xF0\x9F\x98\x80");
  EXPECT_EQ(Unescaped(R"(\ud83d\n)"), replacement + "\n");
}

TEST(UnescapeJson, LeavesOtherEscapesAsTheyAre) {
  for (const char* text : {R"(\x22)", R"(a\)", R"(\u12)", R"(\u12g4)", R"(\')", R"(\u)"}) {
    EXPECT_EQ(Unescaped(text), text);
  }
}

TEST(UnescapeJson, TakesABackslashForOneEscapeOnly) {
  EXPECT_EQ(Unescaped(R"(\\n)"), R"(\n)");
  EXPECT_EQ(Unescaped(R"(\\u0041)"), R"(\u0041)");
}

TEST(UnescapeJson, WritesValidUtf8ForEveryUnit) {
  for (unsigned unit = 0; unit < 0x10000; ++unit) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", unit);
    ASSERT_TRUE(IsValidUtf8(Unescaped(text.data()))) << text.data();
  }
}

TEST(TextArena, KeepsTextsSideBySide) {
  TextArena arena;
  std::vector<std::pair<char*, size_t>> texts;
  std::mt19937 random(1);
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 200; ++i) {
      const size_t size = random() % 10000;
      char* const text = arena.Take(size);
      std::memset(text, i, size);
      const size_t kept = size / 2;
      arena.Return(size - kept);
      texts.emplace_back(text, kept);
    }
    for (int i = 0; i < 200; ++i) {
      const auto [text, size] = texts[static_cast<size_t>(i)];
      ASSERT_EQ(std::string(text, size), std::string(size, static_cast<char>(i)));
    }
    arena.Clear();
    texts.clear();
  }
}

TEST(TextArena, GivesTheSameMemoryAgain) {
  TextArena arena;
  char* const first = arena.Take(100);
  arena.Clear();
  EXPECT_EQ(arena.Take(100), first);
}

TEST(TextArena, GivesNothingForNothing) {
  TextArena arena;
  EXPECT_NE(arena.Take(0), nullptr);
  arena.Return(0);
  arena.Clear();
}

}  // namespace
}  // namespace accesslog
