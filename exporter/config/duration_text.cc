#include "config/duration_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace accesslog {
namespace {

struct Unit {
  std::string_view name;
  int64_t milliseconds;
};

constexpr std::array<Unit, 6> kUnits = {{{"w", 7LL * 24 * 3600 * 1000},
                                         {"d", 24LL * 3600 * 1000},
                                         {"h", 3600LL * 1000},
                                         {"m", 60LL * 1000},
                                         {"s", 1000LL},
                                         {"ms", 1LL}}};
constexpr int64_t kMost = 100LL * 366 * 24 * 3600 * 1000;

template <typename Test>
std::string_view TakeWhile(std::string_view& text, Test test) {
  const auto end = std::find_if_not(text.begin(), text.end(), test);
  const std::string_view taken = text.substr(0, static_cast<size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  if (text == "0") return Duration{0};
  if (text.empty()) return std::nullopt;
  int64_t sum = 0;
  size_t next_unit = 0;
  while (!text.empty()) {
    const auto number = ParseUint(TakeWhile(text, IsDigit));
    const std::string_view name = TakeWhile(text, IsAlpha);
    while (next_unit < kUnits.size() && kUnits[next_unit].name != name) ++next_unit;
    if (!number || next_unit == kUnits.size()) return std::nullopt;
    const int64_t unit = kUnits[next_unit++].milliseconds;
    if (*number > static_cast<uint64_t>(kMost / unit)) return std::nullopt;
    sum += static_cast<int64_t>(*number) * unit;
  }
  if (sum > kMost) return std::nullopt;
  return Duration{sum};
}

}  // namespace accesslog
