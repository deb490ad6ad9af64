// Time as the whole program counts it: milliseconds since the epoch, UTC. Logic never reads a
// clock; it takes `now` as an argument, or is handed a Clock that a test turns by hand.
#pragma once

#include <chrono>
#include <functional>

namespace accesslog {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;
using Clock = std::function<Time()>;

Clock SystemClock();

// Seconds since the epoch, as Prometheus writes a timestamp.
double ToSeconds(Time time);
double ToSeconds(Duration duration);

}  // namespace accesslog
