#include "base/clock.h"

namespace accesslog {

Clock SystemClock() {
  return [] { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); };
}

double ToSeconds(Time time) { return ToSeconds(time.time_since_epoch()); }

double ToSeconds(Duration duration) { return static_cast<double>(duration.count()) / 1000.0; }

}  // namespace accesslog
