// Counts signals per client over event time and keeps episodes of the detections that were reached.
// One a site, single-threaded. Memory is fixed by DetectOptions: only clients with failures are
// watched, at most `max_clients` of them.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "clients/churn_limit.h"
#include "clients/client_key.h"
#include "clients/lru_table.h"
#include "detect/detection.h"
#include "detect/event_clock.h"
#include "detect/options.h"
#include "detect/sliding_count.h"
#include "record/record.h"

namespace accesslog {

class Detector {
 public:
  // `namer` must outlive the detector. `secret` as in ClientTable.
  Detector(const DetectOptions& options, const ClientNamer& namer, uint64_t secret);

  // `now` is the wall clock's, for lines without a time of their own.
  void Observe(const Record& record, const Client& client, Time now);

  // The log has been read to its present end; see EventClock.
  void GoLive() { clock_.GoLive(); }

  struct SignalView {
    const std::string& client;
    Network network;
    Signal signal;
    Window window;
    uint32_t value;      // > 0
    uint32_t threshold;
  };
  // The signals as they stand at wall time `now`.
  void VisitSignals(Time now, const std::function<void(const SignalView&)>& use) const;

  // Closes the episodes still open; for the end of `analyze`.
  void Finish();

  // Closed episodes in the order of their end; beyond max_episodes the oldest are forgotten.
  const std::deque<Episode>& episodes() const { return episodes_; }

  const DetectOptions& options() const { return options_; }
  uint64_t forgotten_episodes() const { return forgotten_episodes_; }
  // Clients given up within their hour because the table was full.
  uint64_t forgotten_clients() const { return forgotten_clients_; }
  // Clients whose signals were not shown because the hour's allowance was used up.
  uint64_t withheld_clients() const { return withheld_clients_; }

 private:
  struct Suspect {
    std::string client;
    Network network = Network::kExternal;
    bool visible = false;
    bool withheld = false;  // and counted as such
    Time last{};
    // A fine ring for the windows up to five minutes, a coarse one for the hour.
    SlidingCount login_fine{kFineBucket, kFineBuckets};
    SlidingCount login_hour{kHourBucket, kHourBuckets};
    SlidingCount failed_fine{kFineBucket, kFineBuckets};
    Time run_began{};  // first failure after an hour without any
    std::vector<std::string> samples;
    std::array<std::optional<Episode>, kDetectionCount> open;
  };

  static constexpr Duration kFineBucket = std::chrono::seconds{10};
  static constexpr size_t kFineBuckets = 30;
  static constexpr Duration kHourBucket = std::chrono::minutes{1};
  static constexpr size_t kHourBuckets = 60;

  bool IsLoginFailure(const Record& record) const;
  Suspect& FindOrAdd(const Client& client, Time event);
  void Count(Suspect& suspect, bool login_failure, bool failed, const Record& record, Time event) const;
  void UpdateEpisode(Suspect& suspect, Detection detection);
  void MakeRoom(Time event);
  bool MayBeShown(const Suspect& suspect, Time now);
  void MakeVisible(Suspect& suspect, Time now);
  static uint32_t Value(const Suspect& suspect, Signal signal, Window window, Time event);
  void Close(std::optional<Episode>& episode);
  void Forget(LruTable<int>::Slot slot);

  DetectOptions options_;
  const ClientNamer& namer_;
  struct Nothing {};
  using LruIndex = LruTable<Nothing>;
  LruIndex index_;
  std::vector<Suspect> suspects_;  // by slot
  // Allowances for showing a client, so that no kind of spray uses up those of the others: below
  // every threshold, over that of failed requests, over that of failed logins.
  ChurnLimit early_churn_;
  ChurnLimit failed_churn_;
  ChurnLimit login_churn_;
  EventClock clock_;
  std::deque<Episode> episodes_;
  uint64_t forgotten_episodes_ = 0;
  uint64_t forgotten_clients_ = 0;
  uint64_t withheld_clients_ = 0;
};

}  // namespace accesslog
