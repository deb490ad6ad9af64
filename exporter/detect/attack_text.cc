#include "detect/attack_text.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace accesslog {
namespace {

constexpr int kNoHex = -1;

constexpr std::array<int8_t, 256> MakeHexTable() {
  std::array<int8_t, 256> table{};
  for (auto& value : table) value = kNoHex;
  for (const std::string_view digits : {"0123456789abcdef", "0123456789ABCDEF"}) {
    for (size_t i = 0; i < digits.size(); ++i) {
      table[static_cast<uint8_t>(digits[i])] = static_cast<int8_t>(i);
    }
  }
  return table;
}

constexpr std::array<int8_t, 256> kHex = MakeHexTable();

uint8_t Byte(char c) { return static_cast<uint8_t>(c); }

// The number of `digits` hexadecimal digits at `at`, or kNoHex.
int HexAt(const char* at, const char* end, int digits) {
  if (end - at < digits) return kNoHex;
  int number = 0;
  for (int i = 0; i < digits; ++i) {
    const int8_t digit = kHex[Byte(at[i])];
    if (digit == kNoHex) return kNoHex;
    number = number * 16 + static_cast<uint8_t>(digit);
  }
  return number;
}

// What stands for a code point of %uXXXX: itself, the ASCII character that IIS takes it for, or a
// byte that no literal holds.
char FromCodePoint(int code) {
  if (code < 0x80) return static_cast<char>(code);
  if (code >= 0xFF01 && code <= 0xFF5E) return static_cast<char>(code - 0xFEE0);
  if (code == 0x2215 || code == 0x2044 || code == 0x2216) return '/';
  return '\x80';
}

struct Escape {
  int length = 0;  // 0: none
  char byte = 0;
};

// The escape that starts at `at`, a '%' or a backslash.
Escape EscapeAt(const char* at, const char* end) {
  if (end - at < 2) return {};
  const char next = at[1];
  if (*at == '%') {
    if (const int number = HexAt(at + 1, end, 2); number != kNoHex) {
      return {3, static_cast<char>(number)};
    }
    const int code = next == 'u' || next == 'U' ? HexAt(at + 2, end, 4) : kNoHex;
    return code == kNoHex ? Escape{} : Escape{6, FromCodePoint(code)};
  }
  if (next == '"' || next == '\\') return {2, next};
  const int number = next == 'x' ? HexAt(at + 2, end, 2) : kNoHex;
  return number == kNoHex ? Escape{} : Escape{4, static_cast<char>(number)};
}

struct Undone {
  size_t size = 0;
  bool changed = false;
  bool hidden_dots = false;
  bool hidden_breaks = false;
};

// Undoes one layer of escapes of [from, end) into `out`, which may be `from`.
Undone UndoEscapes(const char* from, const char* end, char* out, bool plus_is_blank) {
  Undone undone;
  const char* const begin = out;
  while (from < end) {
    const char c = *from;
    if (c == '%' || c == '\\') {
      if (const Escape escape = EscapeAt(from, end); escape.length != 0) {
        undone.changed = true;
        undone.hidden_dots |= escape.byte == '.';
        undone.hidden_breaks |= escape.byte == '\n' || escape.byte == '\r';
        *out++ = escape.byte;
        from += escape.length;
        continue;
      }
    }
    *out++ = c == '+' && plus_is_blank ? ' ' : c;
    ++from;
  }
  undone.size = static_cast<size_t>(out - begin);
  return undone;
}

constexpr std::array<char, 256> MakeFoldTable() {
  std::array<char, 256> table{};
  for (size_t i = 0; i < table.size(); ++i) {
    char folded = static_cast<char>(i);
    if (i >= 'A' && i <= 'Z') folded = static_cast<char>(i + 32);
    if (i == '\\') folded = '/';
    if (i > 0 && i < 32) folded = ' ';
    table[i] = folded;
  }
  return table;
}

constexpr std::array<char, 256> kFold = MakeFoldTable();

// Turns one decoded text into what literals are compared with, in place.
class Folder {
 public:
  Folder(char* text, size_t size) : begin_(text), from_(text), end_(text + size), out_(text) {}

  size_t Fold() {
    while (from_ < end_) Step();
    return static_cast<size_t>(out_ - begin_);
  }

  bool hidden_dots() const { return hidden_dots_; }

 private:
  void Step() {
    const uint8_t c = Byte(*from_);
    if (c >= 0xC0 && TakeDisguised(c)) return;
    const char folded = kFold[c];
    if (folded == '*' && out_ > begin_ && out_[-1] == '/' && TakeComment()) return;
    if (folded == '*' && in_executed_ && end_ - from_ > 1 && from_[1] == '/') {
      in_executed_ = false;
      from_ += 2;
      return Put(' ');
    }
    ++from_;
    Put(folded);
  }

  // '/' and '.' written in more bytes than they need or full-width, and the blank U+00A0.
  bool TakeDisguised(uint8_t first) {
    const auto at = [&](int i) { return end_ - from_ > i ? Byte(from_[i]) : uint8_t{0}; };
    const auto continues = [&](int i) { return (at(i) & 0xC0U) == 0x80U; };
    if (first <= 0xC1 && continues(1)) {
      return TakeAs(static_cast<char>((first & 1U) << 6U | (at(1) & 0x3FU)), 2);
    }
    if (first == 0xC2 && at(1) == 0xA0) return TakeAs(' ', 2);
    if (first == 0xE0 && (at(1) == 0x80 || at(1) == 0x81) && continues(2)) {
      return TakeAs(static_cast<char>((at(1) & 1U) << 6U | (at(2) & 0x3FU)), 3);
    }
    if (first == 0xEF && at(1) == 0xBC) {
      if (at(2) == 0x8E) return TakeAs('.', 3);
      if (at(2) == 0x8F || at(2) == 0xBC) return TakeAs('/', 3);
    }
    return false;
  }

  bool TakeAs(char c, int length) {
    hidden_dots_ |= c == '.';
    from_ += length;
    Put(kFold[Byte(c)]);
    return true;
  }

  // At the '*' of "/*". MySQL runs what stands in "/*!50000 … */"; all else up to "*/" is a blank.
  bool TakeComment() {
    if (end_ - from_ > 1 && from_[1] == '!') {
      from_ += 2;
      while (from_ < end_ && *from_ >= '0' && *from_ <= '9') ++from_;
      in_executed_ = true;
    } else {
      if (no_comment_ends_) return false;
      static constexpr std::string_view kEnd = "*/";
      const char* close = std::search(from_ + 1, end_, kEnd.begin(), kEnd.end());
      if (close == end_) {
        no_comment_ends_ = true;  // so that "/*/*/*…" is searched once
        return false;
      }
      from_ = close + 2;
    }
    --out_;
    Put(' ');
    return true;
  }

  void Put(char c) {
    if (c == ' ' && out_ > begin_ && out_[-1] == ' ') return;
    if (c == '/' && out_ > begin_) {
      if (out_[-1] == '/') return;
      if (out_ - begin_ > 1 && out_[-1] == '.' && out_[-2] == '/') {
        --out_;
        return;
      }
    }
    *out_++ = c;
  }

  char* begin_;
  const char* from_;
  const char* end_;
  char* out_;
  bool in_executed_ = false;
  bool no_comment_ends_ = false;
  bool hidden_dots_ = false;
};

// "lower:J" is "J", "upper:j" is "j", "x:y:-j" is "j", "date:'j'" is "j"; any other lookup is left
// out.
std::string_view ValueOfLookup(std::string_view lookup) {
  if (lookup.starts_with("lower:") || lookup.starts_with("upper:")) return lookup.substr(6);
  if (const size_t fallback = lookup.rfind(":-"); fallback != std::string_view::npos) {
    return lookup.substr(fallback + 2);
  }
  if (lookup.starts_with("date:'")) return lookup.substr(6, lookup.find('\'', 6) - 6);
  return {};
}

bool HasJndi(std::string_view text) {
  for (const std::string_view scheme :
       {"jndi:ldap", "jndi:rmi", "jndi:dns", "jndi:iiop", "jndi:corba", "jndi:nis", "jndi:nds",
        "jndi:http", "${jndi:"}) {
    if (text.find(scheme) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

DecodedText AttackText::Decode(std::string_view raw, AttackPart part) {
  raw = raw.substr(0, kAttackPiece);
  char* const text = buffer_.data();
  Undone undone =
      UndoEscapes(raw.data(), raw.data() + raw.size(), text, part == AttackPart::kQuery);
  DecodedText decoded;
  decoded.hidden_dots = undone.hidden_dots;
  decoded.hidden_breaks = undone.hidden_breaks;
  for (int layer = 1; layer < 3 && undone.changed; ++layer) {
    undone = UndoEscapes(text, text + undone.size, text, false);
    decoded.twice_hidden_dots |= undone.hidden_dots;
    decoded.hidden_breaks |= undone.hidden_breaks;
  }
  Folder folder(text, undone.size);
  decoded.text = {text, folder.Fold()};
  decoded.hidden_dots |= decoded.twice_hidden_dots || folder.hidden_dots();
  return decoded;
}

std::string FoldedLiteral(std::string_view literal) {
  std::string folded(literal);
  folded.resize(Folder(folded.data(), folded.size()).Fold());
  return folded;
}

bool AttackText::ResolvesToJndi(size_t size) {
  char* const text = buffer_.data();
  std::vector<uint16_t> open;  // where in the output each open lookup began
  char* out = text;
  for (const char *from = text, *end = text + size; from < end; ++from) {
    if (*from == '$' && end - from > 1 && from[1] == '{') {
      open.push_back(static_cast<uint16_t>(out - text));
      *out++ = *from++;
      *out++ = *from;
    } else if (*from == '}' && !open.empty()) {
      const size_t begin = open.back();
      open.pop_back();
      const std::string_view lookup(text + begin + 2, static_cast<size_t>(out - text) - begin - 2);
      if (lookup.starts_with("jndi:")) return true;
      const std::string_view value = ValueOfLookup(lookup);
      if (!value.empty()) std::memmove(text + begin, value.data(), value.size());
      out = text + begin + value.size();
    } else {
      *out++ = *from;
    }
  }
  return HasJndi({text, static_cast<size_t>(out - text)});
}

}  // namespace accesslog
