#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <string>

namespace accesslog {
namespace {

using namespace std::string_view_literals;
using ::testing::Optional;

// The UTF-8 form of `code`, as RFC 3629 section 3 builds it from bits; nothing for what it forbids.
std::string Encode(uint32_t code) {
  const auto tail = [code](unsigned shift) {
    return static_cast<char>(0x80U | (code >> shift & 0x3FU));
  };
  if (code >= 0xD800 && code <= 0xDFFF) return "";
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | code >> 6U), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | code >> 12U), tail(6), tail(0)};
  if (code > 0x10FFFF) return "";
  return {static_cast<char>(0xF0U | code >> 18U), tail(12), tail(6), tail(0)};
}

// The slow, obvious check: read the bits a sequence claims to hold and see whether encoding them
// gives the same bytes.
bool IsOneCharacter(std::string_view text) {
  if (text.empty()) return false;
  constexpr std::array<uint32_t, 5> kLeadBits = {0, 0x7F, 0x1F, 0x0F, 0x07};
  if (text.size() >= kLeadBits.size()) return false;
  uint32_t code = static_cast<uint8_t>(text[0]) & kLeadBits[text.size()];
  for (const char c : text.substr(1)) code = code << 6U | (static_cast<uint8_t>(c) & 0x3FU);
  return Encode(code) == text;
}

// Every byte at which one of the rules of RFC 3629 begins or ends.
constexpr auto kEdges =
    "\x00\x01\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4"
    "\xF5"
    "\xF7\xF8\xFF"sv;

size_t SlowPrefix(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    size_t length = 1;
    while (length <= 4 && !IsOneCharacter(text.substr(at, length))) ++length;
    if (length > 4) break;
    at += length;
  }
  return at;
}

TEST(ValidUtf8Prefix, AgreesWithTheSlowCheckOnAllEdges) {
  for (const char a : kEdges) {
    for (const char b : kEdges) {
      for (const char c : kEdges) {
        for (const char d : kEdges) {
          const std::array<char, 4> bytes = {a, b, c, d};
          const std::string_view text(bytes.data(), bytes.size());
          ASSERT_EQ(ValidUtf8Prefix(text), SlowPrefix(text)) << Printable(text);
        }
      }
    }
  }
}

TEST(ValidUtf8Prefix, AcceptsEveryCharacterOfUnicode) {
  for (uint32_t code = 0; code <= 0x10FFFF; ++code) {
    const std::string text = Encode(code);
    ASSERT_EQ(ValidUtf8Prefix(text), text.size()) << code;
  }
}

TEST(ValidUtf8Prefix, RefusesEveryCutCharacter) {
  for (const uint32_t code : {0x80U, 0x7FFU, 0x800U, 0xFFFFU, 0x10000U, 0x10FFFFU}) {
    const std::string text = Encode(code);
    for (size_t length = 1; length < text.size(); ++length) {
      EXPECT_EQ(ValidUtf8Prefix("a" + text.substr(0, length)), 1U) << code << " cut at " << length;
    }
  }
}

TEST(ValidUtf8Prefix, StopsAtTheFirstMalformedByte) {
  EXPECT_EQ(ValidUtf8Prefix("Gr\xC3\xBC\xC3\x9F"
                            "e\xFF and more"),
            7U);
}

TEST(IsValidUtf8, RefusesTheForbiddenForms) {
  EXPECT_FALSE(IsValidUtf8("\xC0\x80"));          // overlong NUL
  EXPECT_FALSE(IsValidUtf8("\xC1\xBF"));          // overlong DEL
  EXPECT_FALSE(IsValidUtf8("\xE0\x9F\xBF"));      // overlong U+07FF
  EXPECT_FALSE(IsValidUtf8("\xF0\x8F\xBF\xBF"));  // overlong U+FFFF
  EXPECT_FALSE(IsValidUtf8("\xED\xA0\x80"));      // surrogate U+D800
  EXPECT_FALSE(IsValidUtf8("\xED\xBF\xBF"));      // surrogate U+DFFF
  EXPECT_FALSE(IsValidUtf8("\xF4\x90\x80\x80"));  // U+110000
  EXPECT_FALSE(IsValidUtf8("\x80"));              // continuation alone
}

TEST(IsValidUtf8, AcceptsTheEmptyText) { EXPECT_TRUE(IsValidUtf8("")); }

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(Printable("GET /s?q=Gr\xC3\xBC\xC3\x9F"
                      "e\t\xE2\x82\xAC \xF0\x9F\x98\x80 \\x1b"),
            "GET /s?q=Gr\xC3\xBC\xC3\x9F"
            "e\t\xE2\x82\xAC \xF0\x9F\x98\x80 \\x1b");
}

TEST(Printable, DisarmsTerminalEscapes) {
  EXPECT_EQ(Printable("\x1b[2J\x1b]0;owned\x07"), R"(\x1b[2J\x1b]0;owned\x07)");
}

TEST(Printable, DisarmsC1Controls) {
  EXPECT_EQ(Printable("\xC2\x9B"
                      "2J"),
            R"(\xc2\x9b2J)");  // U+009B is "ESC [" in one character
  EXPECT_EQ(Printable("\xC2\x80\xC2\x9F"), R"(\xc2\x80\xc2\x9f)");
  EXPECT_EQ(Printable("\xC2\xA0"), "\xC2\xA0");  // U+00A0 is the first that is none
}

TEST(Printable, DisarmsEveryC0ControlButTab) {
  for (int byte = 0; byte < 0x20; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(Printable(text).size(), byte == '\t' ? 1U : 4U) << byte;
  }
}

TEST(Printable, DisarmsDel) { EXPECT_EQ(Printable("\x7F"), R"(\x7f)"); }

TEST(Printable, KeepsLinesInOneLine) { EXPECT_EQ(Printable("a\r\nb"), R"(a\x0d\x0ab)"); }

TEST(Printable, WritesMalformedBytesOneByOne) {
  EXPECT_EQ(Printable("a\xED\xA0\x80"
                      "b\xFF"),
            R"(a\xed\xa0\x80b\xff)");
  EXPECT_EQ(Printable("\xE2\x82"), R"(\xe2\x82)");
}

TEST(Printable, WritesNul) { EXPECT_EQ(Printable("a\0b"sv), R"(a\x00b)"); }

TEST(Printable, GivesValidUtf8WithoutControlsForAllEdges) {
  for (const char a : kEdges) {
    for (const char b : kEdges) {
      for (const char c : kEdges) {
        const std::array<char, 3> bytes = {a, b, c};
        const std::string shown = Printable({bytes.data(), bytes.size()});
        ASSERT_TRUE(IsValidUtf8(shown)) << shown;
        ASSERT_EQ(Printable(shown), shown);
      }
    }
  }
}

TEST(Printable, DisarmsEveryByteAtEveryPlace) {
  const std::string plain = "GET /index.html HTTP/1.1";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string alone(1, static_cast<char>(byte));
    for (size_t at = 0; at <= plain.size(); ++at) {
      const std::string before = plain.substr(0, at);
      const std::string after = plain.substr(at);
      ASSERT_EQ(Printable(before + alone + after), before + Printable(alone) + after) << byte;
    }
  }
}

TEST(AppendPrintable, LeavesWhatIsThere) {
  std::string out = "a\n";
  AppendPrintable("bcd\n", 3, out);
  EXPECT_EQ(out, "a\nbcd…");
}

TEST(PrintableUpTo, CutsPlainTextAtEveryLength) {
  const std::string_view text = "GET /index.html HTTP/1.1";
  for (size_t bound = 0; bound < text.size(); ++bound) {
    EXPECT_EQ(PrintableUpTo(text, bound), std::string(text.substr(0, bound)) + "…");
  }
}

TEST(PrintableUpTo, CutsNothingThatFits) {
  EXPECT_EQ(PrintableUpTo("abcd", 4), "abcd");
  EXPECT_EQ(PrintableUpTo("", 0), "");
}

TEST(PrintableUpTo, MarksWhereItCut) {
  EXPECT_EQ(PrintableUpTo("abcde", 4), "abcd…");
  EXPECT_EQ(PrintableUpTo("a", 0), "…");
}

TEST(PrintableUpTo, CutsNoCharacterInHalf) {
  EXPECT_EQ(PrintableUpTo("ab\xE2\x82\xAC", 4), "ab…");
  EXPECT_EQ(PrintableUpTo("ab\xE2\x82\xAC", 5), "ab\xE2\x82\xAC");
}

TEST(PrintableUpTo, CutsNoEscapeInHalf) {
  EXPECT_EQ(PrintableUpTo("ab\x1b", 5), "ab…");
  EXPECT_EQ(PrintableUpTo("ab\x1b", 6), R"(ab\x1b)");
}

TEST(PrintableUpTo, KeepsItsBoundAtEveryLength) {
  const std::string_view text = "a\x1b\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80\xFF z";
  const std::string whole = Printable(text);
  for (size_t bound = 0; bound < whole.size(); ++bound) {
    const std::string cut = PrintableUpTo(text, bound);
    ASSERT_TRUE(cut.ends_with("…")) << bound;
    const std::string kept = cut.substr(0, cut.size() - "…"sv.size());
    EXPECT_LE(kept.size(), bound);
    EXPECT_TRUE(whole.starts_with(kept)) << kept;
    EXPECT_TRUE(IsValidUtf8(kept)) << kept;
  }
  EXPECT_EQ(PrintableUpTo(text, whole.size()), whole);
}

TEST(ParseUint, ReadsTheWholeRange) {
  EXPECT_THAT(ParseUint("0"), Optional(0U));
  EXPECT_THAT(ParseUint("18446744073709551615"), Optional(UINT64_MAX));
  EXPECT_THAT(ParseUint("0000000000000000000000007"), Optional(7U));
}

TEST(ParseUint, RefusesAllElse) {
  for (const char* text : {"", "-", "-1", "+1", " 1", "1 ", "1.5", "1e3", "0x10",
                           "18446744073709551616", "99999999999999999999999"}) {
    EXPECT_EQ(ParseUint(text), std::nullopt) << text;
  }
}

TEST(WithThousands, GroupsByThree) {
  EXPECT_EQ(WithThousands(0), "0");
  EXPECT_EQ(WithThousands(999), "999");
  EXPECT_EQ(WithThousands(1000), "1,000");
  EXPECT_EQ(WithThousands(999999), "999,999");
  EXPECT_EQ(WithThousands(1234567), "1,234,567");
  EXPECT_EQ(WithThousands(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(Plural, CountsThings) {
  EXPECT_EQ(Plural(0, "line"), "0 lines");
  EXPECT_EQ(Plural(1, "line"), "1 line");
  EXPECT_EQ(Plural(2, "line"), "2 lines");
  EXPECT_EQ(Plural(10000, "client"), "10,000 clients");
}

TEST(NearestWord, FindsATypingError) {
  EXPECT_THAT(NearestWord("listen_adress", {"file", "listen_address", "interval"}),
              Optional<std::string>("listen_address"));
  EXPECT_THAT(NearestWord("fiel", {"file", "listen_address"}), Optional<std::string>("file"));
}

TEST(NearestWord, PrefersTheNearest) {
  EXPECT_THAT(NearestWord("paths", {"path", "paths", "pathes"}), Optional<std::string>("paths"));
}

TEST(NearestWord, FindsNothingInOtherWords) {
  EXPECT_EQ(NearestWord("colour", {"file", "interval"}), std::nullopt);
  EXPECT_EQ(NearestWord("file", {}), std::nullopt);
}

TEST(ErrnoText, NamesTheError) { EXPECT_EQ(ErrnoText(ENOENT), "No such file or directory"); }

TEST(IsDigit, IsAsciiOnly) {
  EXPECT_TRUE(IsDigit('0') && IsDigit('9'));
  EXPECT_FALSE(IsDigit('/') || IsDigit(':') || IsDigit('\xB2'));
}

TEST(IsAlpha, IsAsciiOnly) {
  EXPECT_TRUE(IsAlpha('a') && IsAlpha('z') && IsAlpha('A') && IsAlpha('Z'));
  EXPECT_FALSE(IsAlpha('@') || IsAlpha('[') || IsAlpha('`') || IsAlpha('{') || IsAlpha('\xE4'));
}

}  // namespace
}  // namespace accesslog
