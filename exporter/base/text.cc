#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <system_error>

namespace accesslog {
namespace {

uint8_t ByteAt(std::string_view text, size_t i) { return static_cast<uint8_t>(text[i]); }

bool IsContinuation(std::string_view text, size_t i) {
  return i < text.size() && (ByteAt(text, i) & 0xC0U) == 0x80U;
}

// Bytes of the well-formed UTF-8 sequence at `i`, 0 if there is none.
// Source: table 3-7 of the Unicode standard, "Well-Formed UTF-8 Byte Sequences".
size_t SequenceLength(std::string_view text, size_t i) {
  const uint8_t first = ByteAt(text, i);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return IsContinuation(text, i + 1) ? 2 : 0;
  if (!IsContinuation(text, i + 1)) return 0;
  const uint8_t second = ByteAt(text, i + 1);
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && second < 0xA0) return 0;
    if (first == 0xED && second > 0x9F) return 0;
    return IsContinuation(text, i + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && second < 0x90) return 0;
    if (first == 0xF4 && second > 0x8F) return 0;
    return IsContinuation(text, i + 2) && IsContinuation(text, i + 3) ? 4 : 0;
  }
  return 0;
}

// C1 controls are U+0080…U+009F: 0xC2 followed by 0x80…0x9F. Some terminals obey them.
bool IsHarmless(std::string_view text, size_t i, size_t length) {
  if (length == 0) return false;
  const uint8_t first = ByteAt(text, i);
  if (length == 1) return (first >= 0x20 && first != 0x7F) || first == '\t';
  return !(length == 2 && first == 0xC2 && ByteAt(text, i + 1) < 0xA0);
}

// Has the highest bit of some byte set if a byte of the word is below 0x20, 0x7F, or above.
uint64_t Suspicious(const char* text) {
  uint64_t word = 0;
  std::memcpy(&word, text, sizeof(word));
  return word | (word - 0x2020202020202020U) | (word + 0x0101010101010101U);
}

// Bytes at the start of which each is harmless by itself; may stop up to seven bytes early. Four words
// at a time, which compilers turn into vectors, then one.
size_t PlainPrefix(std::string_view text) {
  constexpr size_t kWord = sizeof(uint64_t);
  constexpr uint64_t kHighest = 0x8080808080808080U;
  const char* data = text.data();
  size_t i = 0;
  for (; i + 4 * kWord <= text.size(); i += 4 * kWord) {
    const uint64_t suspicious = Suspicious(data + i) | Suspicious(data + i + kWord) |
                                Suspicious(data + i + 2 * kWord) | Suspicious(data + i + 3 * kWord);
    if ((suspicious & kHighest) != 0) break;
  }
  while (i + kWord <= text.size() && (Suspicious(data + i) & kHighest) == 0) i += kWord;
  return i;
}

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

size_t ValidUtf8Prefix(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    const size_t length = SequenceLength(text, i);
    if (length == 0) break;
    i += length;
  }
  return i;
}

bool IsValidUtf8(std::string_view text) { return ValidUtf8Prefix(text) == text.size(); }

std::string Printable(std::string_view text) { return PrintableUpTo(text, std::string::npos); }

std::string PrintableUpTo(std::string_view text, size_t max_bytes) {
  std::string out;
  AppendPrintable(text, max_bytes, out);
  return out;
}

void AppendPrintable(std::string_view text, size_t max_bytes, std::string& out) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  size_t room = max_bytes;
  for (size_t i = 0; i < text.size();) {
    const size_t plain = PlainPrefix(text.substr(i, room));
    out += text.substr(i, plain);
    i += plain;
    room -= plain;
    if (i == text.size()) return;
    const size_t length = SequenceLength(text, i);
    const bool harmless = IsHarmless(text, i, length);
    const size_t needed = harmless ? length : 4;
    if (needed > room) {
      out += "…";
      return;
    }
    room -= needed;
    if (harmless) {
      out += text.substr(i, length);
      i += length;
    } else {
      const uint8_t byte = ByteAt(text, i++);
      out += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

std::optional<uint64_t> ParseUint(std::string_view digits) {
  uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string WithThousands(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string AmountText(double amount) {
  std::array<char, 32> text{};
  const bool is_share = amount > 0 && amount < 1;
  const int size = std::snprintf(text.data(), text.size(), is_share ? "%.1f %%" : "%.0f",
                                 is_share ? amount * 100 : amount);
  return {text.data(), static_cast<size_t>(size)};
}

std::string Plural(uint64_t count, std::string_view singular) {
  return WithThousands(count) + " " + std::string(singular) + (count == 1 ? "" : "s");
}

std::optional<std::string> NearestWord(std::string_view word,
                                       const std::vector<std::string>& candidates) {
  std::optional<std::string> nearest;
  size_t best = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string ErrnoText(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace accesslog
