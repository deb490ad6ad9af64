#include "detect/detection.h"

#include <algorithm>

namespace accesslog {
namespace {

struct SignalWords {
  std::string_view name;
  Detection detection;
  Severity severity;
  std::string_view noun;
};

constexpr std::array<SignalWords, kSignalCount> kSignals = {{
    {"login_failures", Detection::kLoginBruteForce, Severity::kWarning, "failed logins"},
    {"login_success_after_failures", Detection::kLoginSuccessAfterFailures, Severity::kCritical,
     "failed logins before one that succeeded"},
    {"error_paths", Detection::kReconDistinctErrorPaths, Severity::kWarning,
     "different pages that are missing or refused"},
    {"attack_requests", Detection::kAttackProbe, Severity::kWarning, "different attacks"},
    {"exploit_requests", Detection::kExploitAttempt, Severity::kInfo, "exploits"},
    {"attack_answered", Detection::kAttackRequestAnswered, Severity::kCritical,
     "attacks that were answered"},
    {"server_errors", Detection::kServerErrorRatioHigh, Severity::kWarning, "server errors"},
    {"requests", Detection::kClientFlood, Severity::kWarning, "requests"},
    {"dynamic_requests", Detection::kClientFlood, Severity::kWarning,
     "requests of other than static files"},
    {"malformed_requests", Detection::kBadRequestRatioHigh, Severity::kInfo, "malformed requests"},
    {"unusual_client", Detection::kUnusualClient, Severity::kInfo, "visits of a new client"},
    {"unusual_client_off_day", Detection::kUnusualClient, Severity::kWarning,
     "visits of a new client on another day than the login day"},
    {"offense_days", Detection::kRepeatOffender, Severity::kWarning, "days with a detection"},
    {"offense_kinds", Detection::kRepeatOffender, Severity::kWarning, "kinds of detections"},
    {"failed_requests", Detection::kFailedRequests, Severity::kInfo, "failed requests"},
}};

constexpr std::array<std::string_view, kDetectionCount> kDetectionNames = {
    "LoginBruteForce",     "LoginSuccessAfterFailures", "ReconDistinctErrorPaths",
    "AttackRequestAnswered", "DistributedLoginFailures", "AttackProbe",
    "ExploitAttempt",      "ServerErrorRatioHigh",      "ClientFlood",
    "BadRequestRatioHigh", "UnusualClient",             "RepeatOffender",
    "LoginScheduleAnomaly", "FailedRequests"};

constexpr std::array<std::string_view, kSiteSignalCount> kSiteSignalNames = {
    "login_failures", "login_failure_clients", "server_errors",    "server_error_ratio",
    "bad_requests",   "bad_request_ratio",     "login_day_absent", "off_day_members"};

constexpr std::array<std::string_view, kSiteSignalCount> kSiteSignalNouns = {
    "failed logins", "clients that failed to log in",    "server errors",
    "of the answers server errors", "bad requests",      "of the requests bad",
    "members absent", "members who logged in on another day than the login day"};

const SignalWords& WordsOf(Signal signal) { return kSignals[static_cast<size_t>(signal)]; }

}  // namespace

std::string_view SignalName(Signal signal) { return WordsOf(signal).name; }
std::string_view SignalNoun(Signal signal) { return WordsOf(signal).noun; }
Detection DetectionOf(Signal signal) { return WordsOf(signal).detection; }
Severity SeverityOf(Signal signal) { return WordsOf(signal).severity; }

std::string_view SiteSignalName(SiteSignal signal) {
  return kSiteSignalNames[static_cast<size_t>(signal)];
}

std::string_view NounOf(const Episode& episode) {
  const bool of_client = !episode.client.empty();
  for (size_t i = 0; of_client && i < kSignalCount; ++i) {
    if (kSignals[i].name == episode.signal) return kSignals[i].noun;
  }
  for (size_t i = 0; i < kSiteSignalCount; ++i) {
    if (kSiteSignalNames[i] == episode.signal) return kSiteSignalNouns[i];
  }
  return episode.signal;
}

std::string_view DetectionName(Detection detection) {
  return kDetectionNames[static_cast<size_t>(detection)];
}

std::optional<Detection> DetectionFromName(std::string_view name) {
  const auto* found = std::find(kDetectionNames.begin(), kDetectionNames.end(), name);
  if (found == kDetectionNames.end()) return std::nullopt;
  return static_cast<Detection>(found - kDetectionNames.begin());
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

bool IsFailedStatus(uint16_t status) {
  return std::find(kFailedStatuses.begin(), kFailedStatuses.end(), status) !=
         kFailedStatuses.end();
}

}  // namespace accesslog
