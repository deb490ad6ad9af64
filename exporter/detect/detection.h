// The words of detection: signals, their windows and thresholds, and what is reported when one is
// reached. Read by expose, config and app.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "clients/network.h"

namespace accesslog {

// A quantity measured over a sliding window per client.
enum class Signal : uint8_t {
  kLoginFailures,              // requests that LoginRules take for a failed login
  kLoginSuccessAfterFailures,  // failed logins before one that succeeded
  kErrorPaths,                 // distinct shapes of paths, not of static files, answered 400, 403, 404
  kAttackRequests,             // distinct requests with an attack signature
  kExploitRequests,            // requests that nobody sends by mistake
  kAttackAnswered,             // what must not be given away, given away
  kServerErrors,               // status 5xx
  kRequests,
  kDynamicRequests,            // not of static files
  kMalformedRequests,          // status 400, or no HTTP at all
  kUnusualClient,              // logs in, or reads what is protected, and never did
  kUnusualClientOffDay,        // the same on another day than the login day
  kOffenseDays,                // days with a detection
  kOffenseKinds,               // kinds of detections
  kFailedRequests,  // status 400, 401, 403, 404 or 409: what the old scripts counted
};
inline constexpr size_t kSignalCount = 15;

enum class Detection : uint8_t {
  kLoginBruteForce,
  kLoginSuccessAfterFailures,
  kReconDistinctErrorPaths,
  kAttackRequestAnswered,
  kDistributedLoginFailures,
  kAttackProbe,
  kExploitAttempt,
  kServerErrorRatioHigh,
  kClientFlood,
  kBadRequestRatioHigh,
  kUnusualClient,
  kRepeatOffender,
  kLoginScheduleAnomaly,
  kFailedRequests,
};
inline constexpr size_t kDetectionCount = 14;

// A quantity of the site as a whole.
enum class SiteSignal : uint8_t {
  kLoginFailures,
  kLoginFailureClients,
  kServerErrors,
  kServerErrorRatio,
  kBadRequests,
  kBadRequestRatio,
  kLoginDayAbsent,  // members that usually come and did not by the evening
  kOffDayMembers,   // members that logged in on another day
};
inline constexpr size_t kSiteSignalCount = 8;

enum class Severity : uint8_t { kInfo, kWarning, kCritical };

struct Window {
  std::string_view name;  // the label value
  Duration length;
};
inline constexpr Window kWindow1m = {"1m", std::chrono::minutes{1}};
inline constexpr Window kWindow5m = {"5m", std::chrono::minutes{5}};
inline constexpr Window kWindow10m = {"10m", std::chrono::minutes{10}};
inline constexpr Window kWindow30m = {"30m", std::chrono::minutes{30}};
inline constexpr Window kWindow1h = {"1h", std::chrono::hours{1}};
inline constexpr Window kWindow24h = {"24h", std::chrono::hours{24}};
inline constexpr Window kWindow1d = {"1d", std::chrono::hours{24}};
inline constexpr Window kWindow7d = {"7d", std::chrono::hours{24 * 7}};
inline constexpr Window kWindow28d = {"28d", std::chrono::hours{24 * 28}};
inline constexpr std::array<Window, 9> kWindows = {kWindow1m,  kWindow5m,  kWindow10m,
                                                   kWindow30m, kWindow1h,  kWindow24h,
                                                   kWindow1d,  kWindow7d,  kWindow28d};

// A signal is a detection when it is at `value` or above in this window.
struct Threshold {
  Signal signal;
  Window window;
  uint32_t value;
};

// What holds for the clients of one network in place of the threshold of all; 0 is never reached.
struct NetworkThreshold {
  Network network;
  Threshold threshold;
};

std::string_view SignalName(Signal signal);           // "login_failures"
std::string_view SiteSignalName(SiteSignal signal);   // "server_error_ratio"
std::string_view DetectionName(Detection detection);  // "LoginBruteForce"
std::optional<Detection> DetectionFromName(std::string_view name);
std::string_view SeverityName(Severity severity);     // "warning"
Detection DetectionOf(Signal signal);
// Of a detection that such a signal made.
Severity SeverityOf(Signal signal);
// What the signal counts, as in "12 failed logins in 5m".
std::string_view SignalNoun(Signal signal);

// The statuses of kFailedRequests.
inline constexpr std::array<uint16_t, 5> kFailedStatuses = {400, 401, 403, 404, 409};
bool IsFailedStatus(uint16_t status);

// One detection from its first to its last moment.
struct Episode {
  Detection detection = Detection::kLoginBruteForce;
  Severity severity = Severity::kWarning;
  std::string client;  // label; empty: the site as a whole
  Network network = Network::kExternal;
  Time first{};  // event times
  Time last{};
  // The signal and window that went furthest beyond their threshold, at their peak.
  std::string_view signal;  // one of the names above
  Window window = kWindow5m;
  double value = 0;
  double threshold = 0;
  uint64_t count = 0;                // events from the first to the last
  std::vector<std::string> samples;  // lines, escaped, cut to a bound
};

// What its signal counts.
std::string_view NounOf(const Episode& episode);

}  // namespace accesslog
