// Numbers with a fraction, as logs write durations and times.
#pragma once

#include <optional>
#include <string_view>

namespace accesslog {

// Digits with at most one '.' among or behind them, a sign in front, an exponent behind ("1.5e-05", as
// JSON writers put it). Nothing for an empty text, another character, infinity or an overflow.
std::optional<double> ParseDecimal(std::string_view text);

// Seconds in "1.5ms", "2s", "730µs", "12ns", "1m30s", "0.5"; as Go and Envoy write durations.
std::optional<double> ParseDurationText(std::string_view text);

}  // namespace accesslog
