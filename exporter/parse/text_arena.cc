#include "parse/text_arena.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace accesslog {
namespace {

constexpr size_t kBlockBytes = 4096;
// A longer block goes back to the system once its line is done.
constexpr size_t kKeptBytes = size_t{256} * 1024;

constexpr uint32_t kNoUnit = 0xFFFFFFFF;
constexpr uint32_t kReplacement = 0xFFFD;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The UTF-16 unit of "\uXXXX" at the beginning of `text`, or kNoUnit.
uint32_t ReadUnit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return kNoUnit;
  uint32_t unit = 0;
  for (size_t i = 2; i < 6; ++i) {
    const int digit = HexDigit(text[i]);
    if (digit < 0) return kNoUnit;
    unit = unit * 16 + static_cast<uint32_t>(digit);
  }
  return unit;
}

bool IsHighSurrogate(uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLowSurrogate(uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// At most three bytes for each six or four for each twelve that were read.
char* WriteUtf8(uint32_t code, char* out) {
  const auto byte = [&](uint32_t value) { *out++ = static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | (code >> 6U));
    byte(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0U | (code >> 12U));
    byte(0x80U | ((code >> 6U) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  } else {
    byte(0xF0U | (code >> 18U));
    byte(0x80U | ((code >> 12U) & 0x3FU));
    byte(0x80U | ((code >> 6U) & 0x3FU));
    byte(0x80U | (code & 0x3FU));
  }
  return out;
}

// Reads \uXXXX, or a pair of them; `text` begins with it. Returns how much was read.
size_t CopyUnicode(std::string_view text, char*& out) {
  uint32_t code = ReadUnit(text);
  size_t length = 6;
  if (IsHighSurrogate(code)) {
    const uint32_t low = ReadUnit(text.substr(6));
    if (IsLowSurrogate(low)) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
      length = 12;
    } else {
      code = kReplacement;
    }
  } else if (IsLowSurrogate(code)) {
    code = kReplacement;
  }
  out = WriteUtf8(code, out);
  return length;
}

// What a one-letter escape stands for; NUL if JSON knows no such escape.
char Unescaped(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

// `text` begins with a backslash. Returns how much of it was read.
size_t CopyEscape(std::string_view text, char*& out) {
  if (ReadUnit(text) != kNoUnit) return CopyUnicode(text, out);
  const char meant = text.size() > 1 ? Unescaped(text[1]) : '\0';
  *out++ = meant != '\0' ? meant : '\\';
  return meant != '\0' ? 2 : 1;
}

}  // namespace

char* TextArena::Take(size_t size) {
  if (blocks_.empty() || blocks_.back().size - used_ < size) {
    const size_t bytes = std::max(size, kBlockBytes);
    blocks_.push_back({std::make_unique<char[]>(bytes), bytes});
    used_ = 0;
  }
  char* at = blocks_.back().bytes.get() + used_;
  used_ += size;
  return at;
}

void TextArena::Reset() {
  used_ = 0;
  size_t size = 0;
  for (const Block& block : blocks_) size += block.size;
  if (blocks_.size() == 1 && size <= kKeptBytes) return;
  // One block that would have held them all.
  blocks_.clear();
  if (size <= kKeptBytes) blocks_.push_back({std::make_unique<char[]>(size), size});
}

std::string_view UnescapeJson(std::string_view text, TextArena& arena) {
  size_t backslash = text.find('\\');
  if (backslash == std::string_view::npos) return text;
  char* const begin = arena.Take(text.size());
  char* out = begin;
  std::string_view rest = text;
  while (backslash != std::string_view::npos) {
    std::memcpy(out, rest.data(), backslash);
    out += backslash;
    rest.remove_prefix(backslash);
    rest.remove_prefix(CopyEscape(rest, out));
    backslash = rest.find('\\');
  }
  std::memcpy(out, rest.data(), rest.size());
  out += rest.size();
  const auto size = static_cast<size_t>(out - begin);
  arena.Return(text.size() - size);
  return {begin, size};
}

}  // namespace accesslog
