// Durations as Prometheus users write them: "30s", "1h30m", "500ms".
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace accesslog {

// Units ms, s, m, h, d, w, each at most once and from large to small, as in Prometheus. "0" needs
// none. Nothing for all else, and for more than 100 years.
std::optional<Duration> ParseDuration(std::string_view text);

}  // namespace accesslog
