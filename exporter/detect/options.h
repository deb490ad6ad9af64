// Options of detect. config fills them, finished and in range.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "clients/network.h"
#include "detect/detection.h"

namespace accesslog {

// What a failed login looks like on this site. An empty list allows everything.
struct LoginOptions {
  std::vector<std::string> paths;    // exact, without query
  std::vector<std::string> methods;  // as in "POST"
  std::vector<uint16_t> failure = {401, 403};
};

struct DetectOptions {
  LoginOptions login;
  // The login values were measured on real logs; 5 is the threshold of the scripts this replaces.
  std::vector<Threshold> thresholds = {
      {Detection::kLoginBruteForce, kWindow1m, 6},
      {Detection::kLoginBruteForce, kWindow5m, 10},
      {Detection::kLoginBruteForce, kWindow1h, 30},
      {Detection::kFailedRequests, kWindow5m, 5},
  };
  std::vector<IpPrefix> internal;
  std::shared_ptr<const Crawlers> crawlers;  // as known at first; null for none
  // A line from further in the future counts as written now. Servers whose clocks are not in step
  // differ by less.
  Duration max_ahead = std::chrono::minutes{5};
  // Clients with failures that are watched at a time; the one quiet for longest is forgotten first.
  uint32_t max_clients = 2500;
  bool preallocate = true;  // memory for all of them at once, so that no line pays for it
  // Clients whose signals begin to be shown in an hour: half of it for anybody, a quarter for those
  // over the threshold of failed requests, a quarter for those over one of failed logins.
  uint32_t max_new_clients_per_hour = 5000;
  size_t max_episodes = 10000;
  size_t max_samples = 3;           // lines of an episode
  size_t max_sample_bytes = 400;    // of each
};

// For `analyze`: every client of the files is watched to the end, and the files tell the time.
inline DetectOptions Unbounded(DetectOptions options) {
  options.max_clients = 1000000;
  options.preallocate = false;
  options.max_episodes = 1000000;
  options.max_ahead = Duration::max();
  return options;
}

}  // namespace accesslog
