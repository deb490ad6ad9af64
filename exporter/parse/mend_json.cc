#include "parse/mend_json.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"

namespace accesslog {
namespace {

// U+FFFD. A '?' would begin a query.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Writes into memory that is large enough; see kMostGrowth.
class Mender {
 public:
  Mender(std::string_view text, char* out) : text_(text), out_(out) {}

  MendedJson::End Run() {
    while (at_ < text_.size() && !ended_) in_string_ ? MendInString() : MendOutside();
    if (!ended_) CutBack();
    if (!ended_) return MendedJson::End::kCut;
    const bool more = text_.find_first_not_of(" \t\r\n", at_) != std::string_view::npos;
    return more ? MendedJson::End::kMore : MendedJson::End::kWhole;
  }

  const char* out() const { return out_; }

  static constexpr size_t kMostClosers = 64;

 private:
  // In front of the last member, and closes what is open there.
  void CutBack() {
    if (comma_ == nullptr || depth_at_comma_ > kMostClosers) return;
    out_ = comma_;
    for (size_t depth = depth_at_comma_; depth > 0; --depth) *out_++ = closers_[depth - 1];
  }

  void NoteStructure(char c) {
    if (c == '{' || c == '[') {
      if (depth_ < kMostClosers) closers_[depth_] = c == '{' ? '}' : ']';
      ++depth_;
    } else if ((c == '}' || c == ']') && depth_ > 0) {
      ended_ = --depth_ == 0;
    } else if (c == ',') {
      comma_ = out_;
      depth_at_comma_ = depth_;
    }
  }

  void Write(std::string_view text) {
    std::memcpy(out_, text.data(), text.size());
    out_ += text.size();
  }

  void MendOutside() {
    const char c = text_[at_];
    if (IsInsideList()) return SkipNumber();
    if (c == ':') {
      *out_++ = text_[at_++];
      MendValue();
      return;
    }
    in_string_ = c == '"';
    if (c != ' ') last_ = c;
    NoteStructure(c);
    *out_++ = text_[at_++];
  }

  size_t SkipBlanks(size_t at) const {
    return std::min(text_.find_first_not_of(' ', at), text_.size());
  }

  // "0.001, 0.002" and "0.001 : 0.002", as nginx writes the times of several upstreams. In JSON no
  // number stands behind a comma but in an array.
  bool IsInsideList() const {
    const bool separator = text_[at_] == ',' || (text_[at_] == ':' && last_ != '"');
    const bool in_array = depth_ > 0 && depth_ <= kMostClosers && closers_[depth_ - 1] == ']';
    if (!separator || in_array) return false;
    const size_t next = SkipBlanks(at_ + 1);
    return next < text_.size() && (IsDigit(text_[next]) || text_[next] == '-');
  }

  void SkipNumber() {
    comma_ = out_;
    depth_at_comma_ = depth_;
    const size_t begin = SkipBlanks(at_ + 1);
    at_ = std::min(text_.find_first_not_of("0123456789.-", begin), text_.size());
  }

  // Nothing, or a "-" alone, where a value should stand.
  void MendValue() {
    size_t end = at_;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '-')) ++end;
    if (end == text_.size()) return;
    const bool list =
        text_[end] == ':' && text_.substr(at_, end - at_).find('-') != std::string_view::npos;
    if (!list && text_[end] != ',' && text_[end] != '}') return;
    Write("null");
    last_ = 'l';
    at_ = end;
  }

  void MendInString() {
    const char c = text_[at_];
    if (c == '\\') return MendEscape();
    if (c == '"') {
      in_string_ = false;
      last_ = c;
    }
    const size_t valid = static_cast<uint8_t>(c) < 0x80 ? 1 : ValidUtf8Prefix(text_.substr(at_, 4));
    if (valid == 0 || static_cast<uint8_t>(c) < 0x20) {
      ++at_;
      Write(kReplacement);
      return;
    }
    const size_t length = static_cast<uint8_t>(c) < 0x80 ? 1 : CharLength(c);
    Write(text_.substr(at_, length));
    at_ += length;
  }

  static size_t CharLength(char lead) {
    const auto byte = static_cast<uint8_t>(lead);
    return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
  }

  void MendEscape() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const bool known =
        next != '\0' && std::string_view("\"\\/bfnrtu").find(next) != std::string_view::npos;
    if (!known) {
      Write("\\\\");
      ++at_;
      return;
    }
    Write(text_.substr(at_, 2));
    at_ += 2;
  }

  std::string_view text_;
  char* out_;
  size_t at_ = 0;
  bool in_string_ = false;
  char last_ = '\0';    // that is no blank, outside of strings; the quote behind one
  bool ended_ = false;  // with the object
  size_t depth_ = 0;
  std::array<char, kMostClosers> closers_{};  // of what is open
  char* comma_ = nullptr;                     // the last one outside of strings, as written
  size_t depth_at_comma_ = 0;
};

// ":," becomes ":null,", and a byte that is no UTF-8 one character of three.
constexpr size_t kMostGrowth = 3;

}  // namespace

MendedJson MendJson(std::string_view line, TextArena& arena) {
  const size_t most = line.size() * kMostGrowth + Mender::kMostClosers;
  char* const begin = arena.Take(most);
  Mender mender(line, begin);
  const MendedJson::End end = mender.Run();
  const auto size = static_cast<size_t>(mender.out() - begin);
  arena.Return(most - size);
  return {{begin, size}, end};
}

}  // namespace accesslog
