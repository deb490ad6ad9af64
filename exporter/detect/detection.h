// The words of detection: signals, their windows and thresholds, and what is reported when one is
// reached. Read by expose, config and app.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "clients/network.h"

namespace accesslog {

// A quantity measured over a sliding window per client.
enum class Signal : uint8_t {
  kLoginFailures,   // requests that DetectOptions::login takes for a failed login
  kFailedRequests,  // status 400, 401, 403, 404 or 409: what the old scripts counted
};
inline constexpr size_t kSignalCount = 2;

enum class Detection : uint8_t { kLoginBruteForce, kFailedRequests };
inline constexpr size_t kDetectionCount = 2;

enum class Severity : uint8_t { kInfo, kWarning, kCritical };

struct Window {
  std::string_view name;  // the label value
  Duration length;
};
inline constexpr Window kWindow1m = {"1m", std::chrono::minutes{1}};
inline constexpr Window kWindow5m = {"5m", std::chrono::minutes{5}};
inline constexpr Window kWindow1h = {"1h", std::chrono::hours{1}};

// A detection is reached when its signal is at `value` or above in this window.
struct Threshold {
  Detection detection;
  Window window;
  uint32_t value;
};

std::string_view SignalName(Signal signal);        // "login_failures"
std::string_view DetectionName(Detection detection);  // "LoginBruteForce"
std::string_view SeverityName(Severity severity);  // "warning"
Signal SignalOf(Detection detection);
Severity SeverityOf(Detection detection);

// The statuses of kFailedRequests.
inline constexpr std::array<uint16_t, 5> kFailedStatuses = {400, 401, 403, 404, 409};
bool IsFailedStatus(uint16_t status);

// One detection from its first to its last moment.
struct Episode {
  Detection detection = Detection::kLoginBruteForce;
  std::string client;  // label
  Network network = Network::kExternal;
  Time first{};  // event times
  Time last{};
  // The window in which the signal went furthest beyond its threshold, at its peak.
  Window window = kWindow5m;
  uint32_t value = 0;
  uint32_t threshold = 0;
  std::vector<std::string> samples;  // first lines, escaped, cut to a bound
};

}  // namespace accesslog
