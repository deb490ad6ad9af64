#include "record/hop_list.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr size_t kMaxPort = 5;          // digits
constexpr size_t kMostColons = 7;       // of an IPv6 address
constexpr std::string_view kEncodedBlank = "%20";  // as CloudFront writes it; IIS writes '+'

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t+";
  while (text.starts_with(kEncodedBlank)) text.remove_prefix(kEncodedBlank.size());
  while (text.ends_with(kEncodedBlank)) text.remove_suffix(kEncodedBlank.size());
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// As it is, and as Apache and nginx escape it.
constexpr std::array<std::string_view, 3> kQuotes = {"\\\"", "\\x22", "\""};

size_t QuoteAtBegin(std::string_view text) {
  for (const std::string_view quote : kQuotes) {
    if (text.starts_with(quote)) return quote.size();
  }
  return 0;
}

size_t QuoteAtEnd(std::string_view text) {
  for (const std::string_view quote : kQuotes) {
    if (text.ends_with(quote)) return quote.size();
  }
  return 0;
}

// Where the last `separator` outside quotes stands, seen from the right; npos if there is none.
size_t FindLast(std::string_view text, char separator) {
  bool quoted = false;
  for (size_t end = text.size(); end > 0;) {
    const char c = text[end - 1];
    const size_t quote = c == '"' || c == '2' ? QuoteAtEnd(text.substr(0, end)) : 0;
    if (quote > 0) quoted = !quoted;
    if (c == separator && !quoted) return end - 1;
    end -= std::max<size_t>(quote, 1);
  }
  return std::string_view::npos;
}

bool IsPort(std::string_view text) {
  const bool hidden = text.starts_with('_') && text.size() > 1;  // RFC 7239
  if (!hidden && (text.empty() || text.size() > kMaxPort)) return false;
  return std::all_of(text.begin(), text.end(), [hidden](char c) {
    return IsDigit(c) || (hidden && (IsAlpha(c) || c == '.' || c == '_' || c == '-'));
  });
}

Hop Address(std::string_view text) { return {text, IpAddress::Parse(text)}; }

// "[…]", "[…]:80"
Hop ReadBracketed(std::string_view node) {
  const size_t close = node.find(']');
  if (close == std::string_view::npos) return {node, std::nullopt};
  const std::string_view behind = node.substr(close + 1);
  if (!behind.empty() && (behind[0] != ':' || !IsPort(behind.substr(1)))) return {node, std::nullopt};
  return Address(node.substr(0, close + 1));
}

Hop ReadNode(std::string_view node) {
  if (node.starts_with('[')) return ReadBracketed(node);
  const size_t colon = node.rfind(':');
  const auto colons = static_cast<size_t>(std::count(node.begin(), node.end(), ':'));
  // With all eight groups, as AWS writes it, a port may stand behind an address without brackets.
  const bool port = colons == 1 || colons > kMostColons;
  if (!port) return Address(node);
  if (!IsPort(node.substr(colon + 1))) return {node, std::nullopt};
  return Address(node.substr(0, colon));
}

Hop ReadQuoted(std::string_view text) {
  const size_t begin = QuoteAtBegin(text);
  if (begin == 0) return ReadNode(text);
  const std::string_view inner = text.substr(begin);
  const size_t end = QuoteAtEnd(inner);
  if (end == 0) return {text, std::nullopt};
  return ReadNode(inner.substr(0, inner.size() - end));
}

bool IsFor(std::string_view name) { return name.size() == 3 && ToLower(name) == "for"; }

// `for=…;proto=…`, with exactly one `for`.
Hop ReadPairs(std::string_view element) {
  std::optional<Hop> hop;
  for (std::string_view rest = element; !rest.empty();) {
    const size_t semicolon = FindLast(rest, ';');
    const size_t begin = semicolon == std::string_view::npos ? 0 : semicolon + 1;
    const std::string_view pair = Trimmed(rest.substr(begin));
    rest = rest.substr(0, begin == 0 ? 0 : semicolon);
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) return {element, std::nullopt};
    if (!IsFor(pair.substr(0, equals))) continue;
    if (hop) return {element, std::nullopt};
    hop = ReadQuoted(pair.substr(equals + 1));
  }
  return hop.value_or(Hop{element, std::nullopt});
}

}  // namespace

Hop ReadHop(std::string_view element) {
  element = Trimmed(element);
  if (element.find('=') != std::string_view::npos) return ReadPairs(element);
  return ReadQuoted(element);
}

std::string_view HopList::TakeElement() {
  const size_t comma = FindLast(rest_, ',');
  const size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
  const std::string_view element = rest_.substr(begin);
  rest_ = rest_.substr(0, begin == 0 ? 0 : comma);
  return element;
}

std::optional<Hop> HopList::Next() {
  while (!rest_.empty() && count_ < kMaxHops) {
    const std::string_view element = Trimmed(TakeElement());
    if (element.empty()) continue;
    ++count_;
    return ReadHop(element);
  }
  return std::nullopt;
}

}  // namespace accesslog
