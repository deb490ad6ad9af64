// Counts signals per client over event time and keeps episodes of the detections that were reached.
// One a site, single-threaded. Memory is fixed by DetectOptions: only clients with failures are
// watched, at most `max_clients` of them.
#pragma once

#include <array>
#include <bitset>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/byte_codec.h"
#include "clients/churn_limit.h"
#include "clients/client_key.h"
#include "clients/lru_table.h"
#include "clients/restore_times.h"
#include "clients/suspicion.h"
#include "detect/detection.h"
#include "detect/event_clock.h"
#include "detect/options.h"
#include "detect/signal_copy.h"
#include "detect/sliding_count.h"
#include "record/record.h"

namespace accesslog {

using StatusSet = std::bitset<600>;  // by status; 0 is kInvalidStatus

class Detector {
 public:
  // `namer` must outlive the detector. `secret` as in ClientTable.
  Detector(const DetectOptions& options, const ClientNamer& namer, uint64_t secret);

  struct Observed {
    Time event;  // the event time of the line
    Suspicion suspicion = Suspicion::kNone;  // what the request says about its client
  };
  // `now` is the wall clock's, for lines without a time of their own.
  Observed Observe(const Record& record, const Client& client, Time now) {
    const Time event = clock_.Observe(record.time, now);
    if (meaning_[record.status] == 0 || client.other) return {event};
    return {event, Examine(record, client, event, now)};
  }
  // The event time that belongs to `wall`.
  Time Now(Time wall) const { return clock_.Now(wall); }

  // The statuses of which Observe wants to know more than the time. Before GoLive it need not be
  // told of others.
  StatusSet Concerns() const;
  // As LruTable's, for an Observe to come.
  void FetchPlace(const ClientKey& key) const { suspects_.FetchPlace(key); }
  void FetchSlot(const ClientKey& key) const { suspects_.FetchSlot(key); }

  // The ranges were read anew. The network of a client that is shown already stays what it was.
  void SetCrawlers(std::shared_ptr<const Crawlers> crawlers) {
    options_.crawlers = std::move(crawlers);
  }

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
  // The same for scrapes, into an empty copy; as ClientTable's.
  void CopyTo(Time now, SignalCopy& copy) const;

  // Closes the episodes still open, in the order in which their clients came last; for the end of
  // `analyze`.
  void Finish();

  // Forgets everybody that is watched and closes their episodes: their keys are made otherwise from
  // now on.
  void ForgetAll();
  // Leaves no trace of the client; false if there was none.
  bool Erase(const ClientKey& key, std::string_view label);

  // Closed episodes in the order of their end; beyond max_episodes the oldest are forgotten.
  const std::deque<Episode>& episodes() const { return episodes_; }

  const DetectOptions& options() const { return options_; }
  uint64_t forgotten_episodes() const { return forgotten_episodes_; }
  // Clients given up within their hour because the table was full.
  uint64_t forgotten_clients() const { return forgotten_clients_; }
  // Clients whose signals were not shown because the hour's allowance was used up.
  uint64_t withheld_clients() const { return withheld_clients_; }

  bool is_live() const { return clock_.is_live(); }

  void Save(ByteWriter& writer) const;
  // For a detector that was just made; false, and it is to be thrown away, where the bytes are
  // damaged. Thresholds are those of the options now. Clients for whom there is no place any more, or
  // whose key is made otherwise now, are forgotten, and their episodes closed. As for being live, see
  // EventClock.
  bool Load(ByteReader& reader, const RestoreTimes& times);

 private:
  // A fine ring for the windows up to five minutes, a coarse one for the hour.
  using FineCount = SlidingCount<10, 30>;
  using HourCount = SlidingCount<60, 60>;
  struct LoginCounts {
    FineCount fine;
    HourCount hour;
  };
  // Clients with failures come and go with every line of a spray, so a new one costs next to
  // nothing: its label and network are made where they are shown, the other parts when there is
  // need of them.
  struct Suspect {
    Time last{};
    Time run_began{};  // first failure after an hour without any
    std::unique_ptr<LoginCounts> logins;  // from the first failed login on
    std::array<std::unique_ptr<Episode>, kDetectionCount> open;
    FineCount failed;
    std::string samples;  // lines, each with its '\n'
    uint32_t sample_count = 0;
    // Decided when the client's signals are first shown, or an episode opens, and then left: a label
    // that changes would end one series and begin another. What the client called itself then counts.
    std::optional<Network> network;
    bool visible = false;
    bool withheld = false;  // and counted as such
  };
  using Suspects = LruTable<Suspect>;

  // What a status can mean: bits.
  static constexpr uint8_t kMeansFailedRequest = 1;
  static constexpr uint8_t kMeansFailedLogin = 2;
  static constexpr size_t kStatusLimit = StatusSet{}.size();

  Suspicion Examine(const Record& record, const Client& client, Time event, Time now);
  bool IsLoginFailure(const Record& record) const;
  Suspects::Slot FindOrAdd(const Client& client, Time event);
  void Count(Suspect& suspect, bool login_failure, bool failed, const Record& record,
             Time event) const;
  void UpdateEpisode(Suspects::Slot slot, Detection detection, std::string_view user_agent);
  std::unique_ptr<Episode> Open(Suspects::Slot slot, const Threshold& threshold, uint32_t value,
                                std::string_view user_agent);
  Network DecideNetwork(Suspects::Slot slot, std::string_view user_agent);
  std::string LabelOf(Suspects::Slot slot) const;
  void MakeRoom(Time event);
  bool MayBeShown(const Suspect& suspect, Time now);
  void MakeVisible(Suspect& suspect, Time now);
  static uint32_t Value(const Suspect& suspect, Signal signal, Window window, Time event);
  static uint64_t MostPossible(const Suspect& suspect, Signal signal);
  void VisitSuspect(Suspects::Slot slot, Time event,
                    const std::function<void(const SignalView&)>& use) const;
  void CopySuspect(Suspects::Slot slot, Time event, SignalCopy& copy) const;
  void Close(std::unique_ptr<Episode>& episode);
  void Forget(Suspects::Slot slot);
  static void SaveSuspect(ByteWriter& writer, const Suspect& suspect);
  void LoadSuspects(ByteReader& reader, uint64_t version, bool same_keys, Time event);
  Suspect LoadSuspect(ByteReader& reader, uint64_t version) const;
  void LoadSamples(ByteReader& reader, Suspect& suspect) const;

  DetectOptions options_;
  const ClientNamer& namer_;
  std::array<uint8_t, kStatusLimit> meaning_{};  // by status
  std::array<uint32_t, kDetectionCount> least_;  // of the thresholds of a detection
  Suspects suspects_;
  std::unordered_map<Suspects::Slot, std::string> host_names_;  // only of clients that have one
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
