#include "parse/number.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace accesslog {
namespace {

struct Unit {
  std::string_view name;
  double seconds;
};

// The longer names first. Both ways to write the micro sign.
constexpr std::array<Unit, 7> kUnits = {{{"ns", 1e-9},
                                         {"us", 1e-6},
                                         {"\xC2\xB5s", 1e-6},
                                         {"\xCE\xBCs", 1e-6},
                                         {"ms", 1e-3},
                                         {"m", 60},
                                         {"h", 3600}}};

// The seconds of the unit at the beginning of `text`, which is taken off; 0 if there is none.
double TakeUnit(std::string_view& text) {
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.seconds;
  }
  if (!text.starts_with('s')) return 0;
  text.remove_prefix(1);
  return 1;
}

}  // namespace

std::optional<double> ParseDecimal(std::string_view text) {
  const bool sign = text.starts_with('+') || text.starts_with('-');
  const std::string_view digits = text.substr(sign ? 1 : 0);
  if (text.starts_with('+')) text = digits;
  // from_chars also reads "inf" and "nan".
  if (digits.empty() || (!IsDigit(digits[0]) && digits[0] != '.')) return std::nullopt;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<double> ParseDurationText(std::string_view text) {
  if (const auto seconds = ParseDecimal(text)) return seconds;
  if (text.empty()) return std::nullopt;
  double sum = 0;
  while (!text.empty()) {
    const size_t end = text.find_first_not_of("0123456789.");
    if (end == std::string_view::npos) return std::nullopt;
    const auto number = ParseDecimal(text.substr(0, end));
    text.remove_prefix(end);
    const double unit = TakeUnit(text);
    if (!number || unit == 0) return std::nullopt;
    sum += *number * unit;
  }
  return sum;
}

}  // namespace accesslog
