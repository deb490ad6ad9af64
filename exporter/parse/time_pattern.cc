#include "parse/time_pattern.h"

#include <array>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr std::string_view kKnown = "YymdebhBaAHMSzZsfnt%";

// What stands for several directives.
std::string_view Expansion(char directive) {
  switch (directive) {
    case 'F':
      return "%Y-%m-%d";
    case 'T':
      return "%H:%M:%S";
    case 'D':
      return "%m/%d/%y";
    case 'R':
      return "%H:%M";
    default:
      return "";
  }
}

size_t CountLetters(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && IsAlpha(text[count])) ++count;
  return count;
}

// Reads the parts of one moment out of a text, from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool Text(char c) { return !text_.empty() && text_[0] == c && Skip(1); }

  bool Directive(char directive) {
    switch (directive) {
      case 'Y':
        return Number(4, civil_.year);
      case 'y':
        return ShortYear();
      case 'm':
        return Number(2, civil_.month);
      case 'd':
        return Number(2, civil_.day);
      case 'e':
        return text_.starts_with(' ') ? Skip(1) && Number(1, civil_.day) : Number(2, civil_.day);
      case 'b':
      case 'h':
      case 'B':
        return Month();
      case 'H':
        return Number(2, civil_.hour);
      case 'M':
        return Number(2, civil_.minute);
      case 'S':
        return Number(2, civil_.second);
      case 'z':
        return SkipSome(ReadZone(text_, civil_.zone_minutes));
      case 's':
        return Epoch();
      case 'f':
        return SkipSome(ReadFraction(text_, civil_.millisecond));
      default:  // a, A, Z: names that say nothing the numbers do not
        return SkipSome(CountLetters(text_));
    }
  }

  size_t left() const { return text_.size(); }

  std::optional<Time> time() const {
    if (!epoch_) return ToTime(civil_);
    return Time{std::chrono::seconds{*epoch_} + std::chrono::milliseconds{civil_.millisecond}};
  }

 private:
  bool Skip(size_t count) {
    text_.remove_prefix(count);
    return true;
  }
  bool SkipSome(size_t count) { return count > 0 && Skip(count); }

  bool Number(size_t digits, int& number) {
    number = ReadDigits(text_, digits);
    return number >= 0 && Skip(digits);
  }

  // POSIX strptime: 69…99 are of the last century.
  bool ShortYear() {
    if (!Number(2, civil_.year)) return false;
    civil_.year += civil_.year >= 69 ? 1900 : 2000;
    return true;
  }

  bool Month() {
    civil_.month = MonthFromName(text_.substr(0, 3));
    return civil_.month > 0 && SkipSome(CountLetters(text_));
  }

  bool Epoch() {
    size_t digits = 0;
    while (digits < text_.size() && IsDigit(text_[digits])) ++digits;
    if (digits == 0 || digits > 11) return false;
    epoch_ = static_cast<int64_t>(*ParseUint(text_.substr(0, digits)));
    return Skip(digits);
  }

  std::string_view text_;
  CivilTime civil_;
  std::optional<int64_t> epoch_;
};

}  // namespace

Result<TimePattern> TimePattern::Compile(std::string_view pattern) {
  TimePattern compiled;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      compiled.items_.push_back({0, pattern[i]});
      continue;
    }
    const char directive = ++i < pattern.size() ? pattern[i] : '\0';
    const std::string_view expansion = Expansion(directive);
    if (!expansion.empty()) {
      auto inner = Compile(expansion);
      compiled.items_.insert(compiled.items_.end(), inner->items_.begin(), inner->items_.end());
    } else if (directive == '%' || directive == 'n' || directive == 't') {
      compiled.items_.push_back({0, directive == 'n' ? '\n' : directive == 't' ? '\t' : '%'});
    } else if (directive != '\0' && kKnown.find(directive) != std::string_view::npos) {
      compiled.items_.push_back({directive, 0});
    } else {
      return Error{"the time format \"" + Printable(pattern) + "\" has %" +
                   Printable(std::string_view(&directive, directive == '\0' ? 0 : 1)) +
                   ", which cannot be read back"};
    }
  }
  if (compiled.items_.empty()) return Error{"the time format is empty"};
  return compiled;
}

TimeMatch TimePattern::Read(std::string_view text) const {
  Reader reader(text);
  for (const Item& item : items_) {
    const bool fits = item.directive == 0 ? reader.Text(item.text) : reader.Directive(item.directive);
    if (!fits) return {};
  }
  return {text.size() - reader.left(), reader.time()};
}

}  // namespace accesslog
