#include "base/header_list.h"

#include <algorithm>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr int kOne = 1000;

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

char ToSmall(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// "1", "0.75", "1.000": at most three digits behind the point.
int ParseQuality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int quality = text[0] == '1' ? kOne : 0;
  if (text.size() == 1) return quality;
  if (text[1] != '.' || text.size() > 5) return 0;
  int unit = kOne / 10;
  for (const char c : text.substr(2)) {
    if (!IsDigit(c)) return 0;
    quality += (c - '0') * unit;
    unit /= 10;
  }
  return quality > kOne ? 0 : quality;
}

}  // namespace

std::string_view TakeItem(std::string_view& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const std::string_view item = Trim(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return item;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ToSmall(x) == ToSmall(y); });
}

int QualityOf(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = TakeItem(parameters, ';');
    if (EqualsIgnoringCase(parameter.substr(0, 2), "q=")) return ParseQuality(parameter.substr(2));
  }
  return kOne;
}

}  // namespace accesslog
