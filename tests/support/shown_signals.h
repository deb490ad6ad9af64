// What a scrape shows of a Detector, in words, and a Detector that takes Records.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "detect/breach.h"
#include "detect/detector.h"
#include "detect/page_sizes.h"
#include "detect/request_classifier.h"

namespace accesslog {

struct ShownSignal {
  std::string client;
  std::string signal;
  std::string window;
  uint32_t value = 0;
  uint32_t threshold = 0;
  Network network = Network::kExternal;

  bool operator==(const ShownSignal& other) const {
    return client == other.client && signal == other.signal && window == other.window &&
           value == other.value && threshold == other.threshold;
  }
};
inline std::ostream& operator<<(std::ostream& out, const ShownSignal& s) {
  return out << s.client << ' ' << s.signal << ' ' << s.window << ' ' << s.value << " of "
             << s.threshold;
}

inline std::vector<ShownSignal> ShownBy(const Detector& detector, Time now) {
  SignalCopy copy;
  detector.CopyTo(now, copy);
  std::vector<ShownSignal> signals;
  uint32_t value = 0;
  uint32_t name = 0;
  for (const SignalCopy::Client& client : copy.clients) {
    const std::string host_name = copy.names.substr(name, client.name_end - name);
    name = client.name_end;
    for (; value < client.values_end; ++value) {
      const Threshold& threshold = detector.options().thresholds[copy.values[value].threshold];
      signals.push_back({detector.namer().Label(client.key, host_name),
                         std::string(SignalName(threshold.signal)),
                         std::string(threshold.window.name), copy.values[value].value,
                         threshold.value, client.network});
    }
  }
  return signals;
}

// Classifies as the options of a Detector say, and knows the pages that were answered before.
class Classified {
 public:
  explicit Classified(const DetectOptions& options)
      : classifier_(options, SignaturesOf(options), /*secret=*/7) {}

  Detector::Observed Observe(Detector& detector, const Record& record, const Client& client,
                             Time now) {
    RequestFacts facts = classifier_.Classify(record);
    const Time at = record.time.value_or(now);
    JudgeAnswer(facts, classifier_.HashOfPath("/"), at, pages_);
    LearnAnswer(facts, at, pages_);
    return detector.Observe(facts, client, now);
  }

 private:
  RequestClassifier classifier_;
  PageSizes pages_;
};

}  // namespace accesslog
