// Options of detect. config fills them, finished and in range.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "base/time_zone.h"
#include "clients/network.h"
#include "detect/attack_signatures.h"
#include "detect/detection.h"

namespace accesslog {

// What a login looks like on this site. Without paths, those of well-known applications are
// recognised (login_rules.h); an empty list of methods means POST for them.
struct LoginOptions {
  std::vector<std::string> paths;    // exact, without query
  std::vector<std::string> methods;  // as in "POST"
  std::vector<uint16_t> failure = {401, 403};
  std::vector<uint16_t> success{};   // empty: by what the application is known to answer
  std::optional<int> day{};          // on which the members log in, Monday is 0

  // Whether somebody said what the answers mean; then nothing else is guessed.
  bool answers_given() const {
    return !success.empty() || failure != std::vector<uint16_t>{401, 403};
  }
};

// Thresholds of the site as a whole; 0 turns one off.
struct SiteThresholds {
  uint32_t login_failures_24h = 50;  // and three times the weekday's median
  uint32_t login_failure_clients_24h = 20;
  uint32_t server_errors_5m = 20;
  double server_error_ratio_5m = 0.05;
  uint32_t bad_requests_10m = 20;
  double bad_request_ratio_10m = 0.05;
  uint32_t off_day_members = 3;      // and twice the median of such days
  double login_day_absent = 0.5;     // of the median
};

struct DetectOptions {
  LoginOptions login;
  // The login values were measured on real logs; 5 is the threshold of the scripts this replaces.
  std::vector<Threshold> thresholds = {
      {Signal::kLoginFailures, kWindow1m, 6},
      {Signal::kLoginFailures, kWindow5m, 10},
      {Signal::kLoginFailures, kWindow1h, 30},
      {Signal::kLoginSuccessAfterFailures, kWindow30m, 5},
      {Signal::kErrorPaths, kWindow5m, 10},
      {Signal::kAttackRequests, kWindow5m, 3},
      {Signal::kExploitRequests, kWindow5m, 1},
      {Signal::kAttackAnswered, kWindow5m, 1},
      {Signal::kServerErrors, kWindow10m, 50},
      {Signal::kRequests, kWindow1m, 600},
      {Signal::kDynamicRequests, kWindow1m, 300},
      {Signal::kMalformedRequests, kWindow10m, 10},
      {Signal::kUnusualClient, kWindow28d, 1},
      {Signal::kUnusualClientOffDay, kWindow28d, 1},
      {Signal::kOffenseDays, kWindow7d, 3},
      {Signal::kOffenseKinds, kWindow24h, 3},
      {Signal::kFailedRequests, kWindow5m, 5},
  };
  // Each replaces the threshold of that signal and window, which is among those above.
  std::vector<NetworkThreshold> network_thresholds;
  SiteThresholds site;
  std::vector<std::string> ignore_paths;    // prefixes of whole segments; begin with '/'
  std::vector<std::string> ignore_methods;  // as in "OPTIONS"
  std::vector<std::string> protected_paths;  // likewise
  std::vector<SignatureRule> signatures;     // the user's own
  std::vector<std::string> signatures_off;   // names of built-in ones
  TimeZone zone;                             // of the days on which members log in
  std::vector<IpPrefix> internal;
  std::vector<IpPrefix> nat;  // many people behind few addresses
  std::shared_ptr<const Crawlers> crawlers;  // as known at first; null for none
  // Who did not log in, or read a protected path, for so many days is new there; nobody is while the
  // site is being learned.
  int64_t known_days = 28;
  Duration learning = std::chrono::hours{24 * 14};
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
