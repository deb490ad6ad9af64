#include "detect/detection.h"

#include <algorithm>

namespace accesslog {

std::string_view SignalName(Signal signal) {
  return signal == Signal::kLoginFailures ? "login_failures" : "failed_requests";
}

std::string_view DetectionName(Detection detection) {
  return detection == Detection::kLoginBruteForce ? "LoginBruteForce" : "FailedRequests";
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kCritical:
      return "critical";
  }
  return "info";
}

Signal SignalOf(Detection detection) {
  return detection == Detection::kLoginBruteForce ? Signal::kLoginFailures
                                                  : Signal::kFailedRequests;
}

Severity SeverityOf(Detection detection) {
  return detection == Detection::kLoginBruteForce ? Severity::kWarning : Severity::kInfo;
}

bool IsFailedStatus(uint16_t status) {
  return std::find(kFailedStatuses.begin(), kFailedStatuses.end(), status) !=
         kFailedStatuses.end();
}

}  // namespace accesslog
