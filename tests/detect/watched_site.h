// A Detector and the few words in which its tests talk to it.
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <vector>

#include "detect/detector.h"
#include "support/manual_clock.h"

namespace accesslog {

inline constexpr Time kStart = ManualClock::kStart;
inline constexpr const char* kAttacker = "203.0.113.7";

struct ShownSignal {
  std::string client;
  std::string signal;
  std::string window;
  uint32_t value = 0;
  uint32_t threshold = 0;

  bool operator==(const ShownSignal&) const = default;
};
inline std::ostream& operator<<(std::ostream& out, const ShownSignal& s) {
  return out << s.client << ' ' << s.signal << ' ' << s.window << ' ' << s.value << " of "
             << s.threshold;
}

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
};

class WatchedSite {
 public:
  explicit WatchedSite(const DetectOptions& options = {})
      : detector_(options, namer_, /*secret=*/42) {}

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
    detector_.Observe(record, namer_.Identify(record), wall);
  }
  // `count` requests, the first at `at`, one each `gap`.
  void SeeMany(const Attempt& attempt, int count, Time at, Duration gap = Duration{0}) {
    for (int i = 0; i < count; ++i) See(attempt, at + i * gap);
  }

  std::vector<ShownSignal> SignalsAt(Time now) const {
    std::vector<ShownSignal> signals;
    detector_.VisitSignals(now, [&](const Detector::SignalView& view) {
      signals.push_back({view.client, std::string(SignalName(view.signal)),
                         std::string(view.window.name), view.value, view.threshold});
    });
    EXPECT_THAT(CopiedSignalsAt(now), ::testing::UnorderedElementsAreArray(signals));
    return signals;
  }
  // The same out of a copy.
  std::vector<ShownSignal> CopiedSignalsAt(Time now) const {
    SignalCopy copy;
    detector_.CopyTo(now, copy);
    std::vector<ShownSignal> signals;
    uint32_t value = 0;
    uint32_t name = 0;
    for (const SignalCopy::Client& client : copy.clients) {
      const std::string host_name = copy.names.substr(name, client.name_end - name);
      name = client.name_end;
      for (; value < client.values_end; ++value) {
        const Threshold& threshold = detector_.options().thresholds[copy.values[value].threshold];
        signals.push_back({namer_.Label(client.key, host_name),
                           std::string(SignalName(SignalOf(threshold.detection))),
                           std::string(threshold.window.name), copy.values[value].value,
                           threshold.value});
      }
    }
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
};

}  // namespace accesslog
