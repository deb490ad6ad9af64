#include "detect/event_clock.h"

#include <algorithm>

namespace accesslog {
namespace {

// Servers whose clocks are not in step differ by less.
constexpr Duration kMaxAhead = std::chrono::minutes{5};

}  // namespace

Time EventClock::Observe(std::optional<Time> line_time, Time wall) {
  const Time at = line_time && *line_time <= wall + kMaxAhead ? *line_time : wall;
  if (live_ && (!latest_ || at >= *latest_)) {
    latest_ = at;
    latest_wall_ = wall;
  }
  return at;
}

Time EventClock::Now(Time wall) const {
  if (!latest_) return wall;
  return *latest_ + std::max(wall - latest_wall_, Duration{0});
}

}  // namespace accesslog
