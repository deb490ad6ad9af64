// Counts signals per client over event time and keeps episodes of the detections that were reached.
// One a site, single-threaded. Memory is fixed by DetectOptions: only clients that gave a reason are
// watched, at most `max_clients` of them, and how often each client comes in a minute.
#pragma once

#include <algorithm>
#include <array>
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
#include "base/time_zone.h"
#include "clients/churn_limit.h"
#include "clients/client_key.h"
#include "clients/lru_table.h"
#include "clients/restore_times.h"
#include "clients/suspicion.h"
#include "detect/detection.h"
#include "detect/event_clock.h"
#include "detect/login_event.h"
#include "detect/newcomers.h"
#include "detect/offenders.h"
#include "detect/options.h"
#include "detect/rate_table.h"
#include "detect/request_facts.h"
#include "detect/signal_copy.h"
#include "detect/suspect.h"

namespace accesslog {

class Detector {
 public:
  // `namer` must outlive the detector. `secret` as in ClientTable.
  Detector(const DetectOptions& options, const ClientNamer& namer, uint64_t secret);

  struct Observed {
    Time event;  // the event time of the line
    Suspicion suspicion = Suspicion::kNone;  // what the request says about its client
  };
  // `now` is the wall clock's, for lines without a time of their own.
  Observed Observe(const RequestFacts& facts, const Client& client, Time now) {
    const Time event = clock_.Observe(facts.time, now);
    newest_event_ = std::max(newest_event_, event);
    if (client.other || facts.ignored) return {event};
    const RateTable::Rate rate = rates_.Add(client.key, event, !facts.is_static);
    if (!rate.watched && rate.requests < least_requests_ && rate.dynamic < least_dynamic_ &&
        !GivesReason(facts)) {
      return {event};
    }
    return {event, Examine(facts, client, rate, event, now)};
  }
  // The event time that belongs to `wall`.
  Time Now(Time wall) const { return clock_.Now(wall); }

  // Attempts to log in since the last call, in the order in which they were decided; at most
  // max_login_events, and then none of the newer.
  std::vector<LoginEvent>& login_events() { return login_events_; }

  // As LruTable's, for an Observe to come.
  void FetchPlace(const ClientKey& key) const { rates_.FetchPlace(key); }

  // The ranges were read anew. The network of a client that is shown already stays what it was.
  void SetCrawlers(std::shared_ptr<const Crawlers> crawlers) {
    options_.crawlers = std::move(crawlers);
  }

  // The log has been read to its present end; see EventClock.
  void GoLive() { clock_.GoLive(); }

  // Closes the episodes that have been over for long at wall time `now`.
  void Advance(Time now);

  // The signals as they stand at wall time `now`, into an empty copy; as ClientTable's.
  void CopyTo(Time now, SignalCopy& copy) const;
  // The label of a client in that copy.
  const ClientNamer& namer() const { return namer_; }

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
  std::vector<Episode> OpenEpisodes() const;
  // Begun so far.
  uint64_t Episodes(Detection detection) const { return begun_[static_cast<size_t>(detection)]; }
  // Requests with a signature of that family that were answered, or refused.
  uint64_t AttackRequests(AttackFamily family, bool answered) const {
    return attack_requests_[answered ? 1 : 0][static_cast<size_t>(family)];
  }

  const DetectOptions& options() const { return options_; }
  // What the threshold is for clients of that network; nothing if it is never reached.
  std::optional<uint32_t> LimitOf(size_t threshold, Network network) const;

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
  using Suspects = LruTable<Suspect>;
  static constexpr uint32_t kNever = 0xFFFFFFFFU;
  // A peak is shown for so long: more than the longest usual scrape interval, with a scrape that fails.
  static constexpr Duration kPeakHold = std::chrono::seconds{90};

  // What a request adds to: bits by Signal.
  using Signals = uint32_t;
  static constexpr Signals BitOf(Signal signal) { return 1U << static_cast<unsigned>(signal); }

  // Beside how often the client comes.
  static bool GivesReason(const RequestFacts& facts) {
    return facts.status >= 400 || facts.families != 0 || facts.malformed ||
           facts.login != LoginAnswer::kNone || facts.is_protected;
  }
  Suspicion Examine(const RequestFacts& facts, const Client& client, const RateTable::Rate& rate,
                    Time event, Time now);
  Signals SignalsOf(const RequestFacts& facts) const;
  Suspects::Slot FindOrAdd(const Client& client, Time event, bool grave);
  void BeginRun(Suspect& suspect, Time event);
  void Count(Suspect& suspect, Signals signals, const RequestFacts& facts, Time event);
  void CountAttacks(const RequestFacts& facts);
  void KeepSample(Suspect& suspect, uint32_t detections, std::string_view line) const;

  // Logins (detector_logins.cc).
  Signals CountLogin(Suspects::Slot slot, const RequestFacts& facts, Time event);
  Signals Settle(Suspects::Slot slot, const RequestFacts& facts, Time event);
  Signals Fail(Suspects::Slot slot, Time at, const LoginReply& reply);
  Signals Succeed(Suspects::Slot slot, Time at, uint32_t user_hash);
  Signals Challenge(Suspects::Slot slot, const RequestFacts& facts, Time event);
  bool AnswersFailuresOtherwise(const RequestFacts& facts) const;
  void LearnAnswers(const RequestFacts& facts);
  Signals NoteUnusual(Suspects::Slot slot, Time event);
  void Report(LoginEvent event);

  void UpdateEpisodes(Suspects::Slot slot, Signals signals, const RequestFacts& facts);
  bool MayReach(const Suspect& suspect, Signals signals) const;
  void Reach(Suspects::Slot slot, size_t threshold, uint32_t value, uint32_t limit);
  OpenEpisode& OpenFor(Suspects::Slot slot, Signal signal);
  Time FirstOf(const Suspect& suspect, Signal signal) const;
  void NoteOffense(Suspects::Slot slot);
  void CloseQuiet(Suspect& suspect, Time event);
  uint32_t LimitFor(size_t threshold, Network network) const {
    return limits_[static_cast<size_t>(network)][threshold];
  }
  Network DecideNetwork(Suspects::Slot slot, std::string_view user_agent);
  std::string LabelOf(Suspects::Slot slot) const;
  bool IsWorthKeeping(const Suspect& suspect, Time event, bool for_grave) const;
  void MakeRoom(Time event, bool for_grave);
  bool MayBeShown(const Suspect& suspect, Time now);
  void MakeVisible(Suspect& suspect, Time now);
  static bool HasOpen(const Suspect& suspect, Detection detection);
  static bool HasGraveOpen(const Suspect& suspect);
  uint32_t Value(Suspects::Slot slot, Signal signal, Window window, Time event) const;
  static uint32_t ValueOfLogins(const LoginCounts& logins, Signal signal, Window window, Time event);
  uint32_t ShownValue(Suspects::Slot slot, uint32_t threshold, Time event) const;
  void CopySuspect(Suspects::Slot slot, Time event, SignalCopy& copy) const;
  void Close(Episode episode);
  void CloseAll(Suspect& suspect);
  void Forget(Suspects::Slot slot);

  void SaveSuspect(ByteWriter& writer, const Suspect& suspect) const;
  void LoadEpisodes(ByteReader& reader);
  void LoadSuspects(ByteReader& reader, bool same_keys, Time event);
  Suspect LoadSuspect(ByteReader& reader) const;
  void LoadOpen(ByteReader& reader, Suspect& suspect) const;
  void LoadSamples(ByteReader& reader, Suspect& suspect) const;

  DetectOptions options_;
  const ClientNamer& namer_;
  std::array<std::vector<uint32_t>, kNetworkCount> limits_;  // of each threshold
  std::array<uint32_t, kSignalCount> least_{};  // of the limits of a signal
  uint32_t least_requests_ = 0;                 // half of the same
  uint32_t least_dynamic_ = 0;
  RateTable rates_;
  Suspects suspects_;
  std::unordered_map<Suspects::Slot, std::string> host_names_;  // only of clients that have one
  Offenders offenders_;
  Newcomers new_logins_;
  Newcomers new_visitors_;  // of protected paths
  ZoneCursor zone_;
  // Login forms that answered a failure with a status of its own, so their 200 means success.
  std::array<uint64_t, 16> honest_forms_{};
  size_t next_form_ = 0;
  // Allowances for showing a client, so that no kind of spray uses up those of the others: below
  // every threshold, over that of failed requests, over that of failed logins.
  ChurnLimit early_churn_;
  ChurnLimit failed_churn_;
  ChurnLimit login_churn_;
  EventClock clock_;
  Time newest_event_{};
  Time next_sweep_{};
  std::vector<LoginEvent> login_events_;
  std::deque<Episode> episodes_;
  std::array<uint64_t, kDetectionCount> begun_{};
  std::array<std::array<uint64_t, kAttackFamilyCount>, 2> attack_requests_{};
  uint64_t forgotten_episodes_ = 0;
  uint64_t forgotten_clients_ = 0;
  uint64_t withheld_clients_ = 0;
};

}  // namespace accesslog
