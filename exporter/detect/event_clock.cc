#include "detect/event_clock.h"

#include <algorithm>

namespace accesslog {
Time EventClock::Observe(std::optional<Time> line_time, Time wall) {
  // Lines read while catching up are believed: squeezed into the present, hours would look like a
  // burst.
  const bool believed = line_time && (!live_ || *line_time - wall <= max_ahead_);
  const Time at = believed ? *line_time : wall;
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
