// The exporter's own resource use, under the names that every Prometheus client library gives them.
#pragma once

#include <cstdint>

namespace accesslog {

struct ProcessStats {
  double cpu_seconds = 0;
  double start_time_seconds = 0;  // since the epoch
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
  uint64_t open_fds = 0;
  uint64_t max_fds = 0;
};

// From /proc/self; what cannot be read stays 0. Source of the fields: proc(5).
ProcessStats ReadProcessStats();

}  // namespace accesslog
