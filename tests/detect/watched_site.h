// A Detector and the few words in which its tests talk to it.
#pragma once

#include <gmock/gmock.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "detect/detector.h"
#include "support/manual_clock.h"
#include "support/shown_signals.h"

namespace accesslog {

inline constexpr Time kStart = ManualClock::kStart;
inline constexpr const char* kAttacker = "203.0.113.7";

inline void PrintTo(const Episode& episode, std::ostream* out) {
  *out << DetectionName(episode.detection) << " of " << episode.client << ": " << episode.value
       << " of " << episode.threshold << " in " << episode.window.name << ", from "
       << ToSeconds(episode.first - kStart) << " s to " << ToSeconds(episode.last - kStart) << " s";
}

struct Attempt {
  std::string client = kAttacker;
  uint16_t status = 401;
  std::string method = "POST";
  std::string path = "/login";
  std::string line = "a line";
  std::string user_agent = "";
  std::string query = "";
  std::string user = "";
  std::optional<uint64_t> bytes = std::nullopt;  // of the answer
};

class WatchedSite {
 public:
  explicit WatchedSite(const DetectOptions& options = {})
      : detector_(options, namer_, /*secret=*/42), classified_(options) {}

  // A request at event time `at`, which is also the wall's.
  void See(const Attempt& attempt, Time at) { See(attempt, at, at); }
  void See(const Attempt& attempt, std::optional<Time> at, Time wall) {
    Record record;
    record.line = attempt.line;
    record.client = attempt.client;
    record.address = IpAddress::Parse(attempt.client);
    record.method_text = attempt.method;
    record.path = attempt.path;
    record.status = attempt.status;
    record.time = at;
    record.user_agent = attempt.user_agent;
    record.query = attempt.query;
    record.user = attempt.user;
    record.bytes = attempt.bytes;
    record.request = attempt.method;
    classified_.Observe(detector_, record, namer_.Identify(record), wall);
  }
  // `count` requests, the first at `at`, one each `gap`.
  void SeeMany(const Attempt& attempt, int count, Time at, Duration gap = Duration{0}) {
    for (int i = 0; i < count; ++i) See(attempt, at + i * gap);
  }

  std::vector<ShownSignal> SignalsAt(Time now) const { return ShownBy(detector_, now); }
  // Those of one kind.
  std::vector<ShownSignal> SignalsAt(Time now, std::string_view signal) const {
    std::vector<ShownSignal> signals = SignalsAt(now);
    std::erase_if(signals, [&](const ShownSignal& shown) { return shown.signal != signal; });
    return signals;
  }

  // All episodes, the open ones closed.
  std::vector<Episode> Finish() {
    detector_.Finish();
    return {detector_.episodes().begin(), detector_.episodes().end()};
  }

  Detector& detector() { return detector_; }

 private:
  ClientNamer namer_{ClientOptions{}};
  Detector detector_;
  Classified classified_;
};

// The old scripts' rule and the failed logins, by the windows that are known from before the others.
inline DetectOptions OldSignals() {
  DetectOptions options;
  std::erase_if(options.thresholds, [](const Threshold& threshold) {
    return threshold.signal != Signal::kLoginFailures && threshold.signal != Signal::kFailedRequests;
  });
  return options;
}

}  // namespace accesslog
