#include "detect/detector.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"

namespace accesslog {
namespace {

// Up to so many clients are allocated at once, so that no line pays for it.
constexpr uint32_t kPreallocatedClients = 100000;

// How many clients worth keeping are passed over before one of them goes all the same.
constexpr int kEvictionTries = 16;

// What stops for less than this goes on.
constexpr Duration kEpisodeGap = std::chrono::minutes{30};
// What happens at once is shown for so long.
constexpr Duration kMomentHold = std::chrono::minutes{5};
// Who was found to attack again is, for so long after the last time.
constexpr Duration kOffenseHold = std::chrono::hours{1};

// How often it is looked for episodes that are over.
constexpr Duration kSweepInterval = std::chrono::minutes{1};

// Clients whose rates are known, four in each: a shard of `analyze` has a part of the clients.
constexpr size_t kRateSets = 4096;
constexpr size_t kRateSetsOfShard = 1024;

// How far beyond its threshold; comparable between windows.
double Excess(double value, double threshold) { return value / threshold; }

uint32_t DetectionBit(Detection detection) { return 1U << static_cast<unsigned>(detection); }

bool IsInstant(Signal signal) {
  return signal == Signal::kLoginSuccessAfterFailures || signal == Signal::kUnusualClient ||
         signal == Signal::kUnusualClientOffDay;
}

// Of a crawler whose addresses are proven: what crawling brings about is no offence.
bool IsForgiven(Signal signal) {
  switch (signal) {
    case Signal::kErrorPaths:
    case Signal::kRequests:
    case Signal::kDynamicRequests:
    case Signal::kMalformedRequests:
    case Signal::kServerErrors:
    case Signal::kFailedRequests:
      return true;
    default:
      return false;
  }
}

}  // namespace

Detector::Detector(const DetectOptions& options, const ClientNamer& namer, uint64_t secret)
    : options_(options),
      namer_(namer),
      rates_(secret, options.preallocate ? kRateSets : kRateSetsOfShard),
      suspects_(secret),
      offenders_(options.max_clients, MixWords(secret, 0x9FB21C651E98DF25U)),
      new_logins_(options.known_days, options.learning, MixWords(secret, 0xA24BAED4963EE407U)),
      new_visitors_(options.known_days, options.learning, MixWords(secret, 0xE7037ED1A0B428DBU)),
      zone_(options.zone),
      early_churn_(options.max_new_clients_per_hour / 2),
      failed_churn_(options.max_new_clients_per_hour / 4),
      login_churn_(options.max_new_clients_per_hour - options.max_new_clients_per_hour / 2 -
                   options.max_new_clients_per_hour / 4),
      clock_(options.max_ahead) {
  if (options.preallocate) suspects_.Reserve(std::min(options.max_clients, kPreallocatedClients));
  least_.fill(kNever);
  for (size_t network = 0; network < kNetworkCount; ++network) {
    for (const Threshold& threshold : options.thresholds) {
      uint32_t limit = threshold.value;
      for (const NetworkThreshold& other : options.network_thresholds) {
        const bool same = other.network == static_cast<Network>(network) &&
                          other.threshold.signal == threshold.signal &&
                          other.threshold.window.name == threshold.window.name;
        if (same) limit = other.threshold.value == 0 ? kNever : other.threshold.value;
      }
      limits_[network].push_back(limit);
      uint32_t& least = least_[static_cast<size_t>(threshold.signal)];
      least = std::min(least, limit);
    }
  }
  // From half of it on the client is shown on its way up.
  least_requests_ = least_[static_cast<size_t>(Signal::kRequests)] / 2 + 1;
  least_dynamic_ = least_[static_cast<size_t>(Signal::kDynamicRequests)] / 2 + 1;
}

std::optional<uint32_t> Detector::LimitOf(size_t threshold, Network network) const {
  const uint32_t limit = LimitFor(threshold, network);
  if (limit == kNever) return std::nullopt;
  return limit;
}

Detector::Signals Detector::SignalsOf(const RequestFacts& facts) const {
  Signals signals = 0;
  const auto add = [&](bool is, Signal signal) { signals |= is ? BitOf(signal) : 0; };
  const bool missing = facts.status == 404 || facts.status == 403 || facts.status == 400;
  add(IsFailedStatus(facts.status), Signal::kFailedRequests);
  add(missing && facts.is_probe, Signal::kErrorPaths);
  add(facts.families != 0, Signal::kAttackRequests);
  add(facts.exploit, Signal::kExploitRequests);
  add(facts.answered, Signal::kAttackAnswered);
  add(facts.status >= 500, Signal::kServerErrors);
  add(facts.malformed, Signal::kMalformedRequests);
  // What no threshold asks for is not kept.
  for (size_t i = 0; i < kSignalCount; ++i) {
    if (least_[i] == kNever) signals &= ~BitOf(static_cast<Signal>(i));
  }
  return signals;
}

Suspicion Detector::Examine(const RequestFacts& facts, const Client& client,
                            const RateTable::Rate& rate, Time event, Time now) {
  if (facts.families != 0) CountAttacks(facts);
  Signals signals = SignalsOf(facts);
  if (rate.requests >= least_requests_) signals |= BitOf(Signal::kRequests);
  if (rate.dynamic >= least_dynamic_) signals |= BitOf(Signal::kDynamicRequests);
  const bool attempt = facts.login != LoginAnswer::kNone;
  const bool newcomer =
      facts.is_protected && facts.status < 400 && new_visitors_.Visit(client.key, event);
  Suspects::Slot slot = suspects_.Find(client.key);
  if (slot == Suspects::kNone && signals == 0 && !attempt && !newcomer) return Suspicion::kNone;
  const bool grave = facts.exploit || facts.answered || facts.login == LoginAnswer::kFailure ||
                     facts.login == LoginAnswer::kChallenge || facts.login == LoginAnswer::kShown;
  if (slot == Suspects::kNone) slot = FindOrAdd(client, event, grave);
  Suspect& suspect = suspects_[slot];
  const Signals logins = attempt || rate.watched ? CountLogin(slot, facts, event) : 0;
  signals |= logins;
  if (newcomer) signals |= NoteUnusual(slot, event);
  if (signals == 0 && !attempt) return Suspicion::kNone;
  suspects_.Touch(slot);
  BeginRun(suspect, event);
  Count(suspect, signals, facts, event);
  UpdateEpisodes(slot, signals, facts);
  if (!suspect.visible && signals != 0) {
    MakeVisible(suspect, now);
    if (suspect.visible) DecideNetwork(slot, facts.user_agent);
  }
  const bool failed_login = (logins & BitOf(Signal::kLoginFailures)) != 0;
  if (failed_login || facts.exploit || facts.answered) return Suspicion::kGrave;
  return (signals & ~(BitOf(Signal::kRequests) | BitOf(Signal::kDynamicRequests))) != 0
             ? Suspicion::kFailed
             : Suspicion::kNone;
}

Detector::Suspects::Slot Detector::FindOrAdd(const Client& client, Time event, bool grave) {
  if (suspects_.size() >= options_.max_clients) MakeRoom(event, grave);
  const Suspects::Slot slot = suspects_.Insert(client.key);
  suspects_[slot].run_began = suspects_[slot].last = event;
  if (client.key.named) host_names_.insert_or_assign(slot, std::string(client.host_name));
  return slot;
}

void Detector::BeginRun(Suspect& suspect, Time event) {
  if (!suspect.open.empty()) CloseQuiet(suspect, event);
  if (event - suspect.last > kWindow1h.length) {
    suspect.run_began = event;
    suspect.samples.clear();
  } else if (suspect.last - event < kWindow1h.length) {
    suspect.run_began = std::min(suspect.run_began, event);
  }
  suspect.last = std::max(suspect.last, event);
}

void Detector::Count(Suspect& suspect, Signals signals, const RequestFacts& facts, Time event) {
  const auto has = [signals](Signal signal) { return (signals & BitOf(signal)) != 0; };
  if (has(Signal::kFailedRequests)) suspect.failed.Add(event);
  if (has(Signal::kErrorPaths)) suspect.error_paths.Add(facts.shape_hash, event);
  if (has(Signal::kServerErrors) || has(Signal::kMalformedRequests)) {
    if (!suspect.errors) suspect.errors = std::make_unique<ErrorCounts>();
    if (has(Signal::kServerErrors)) suspect.errors->server.Add(event);
    if (has(Signal::kMalformedRequests)) suspect.errors->malformed.Add(event);
  }
  if (facts.families != 0) {
    if (!suspect.attacks) suspect.attacks = std::make_unique<AttackCounts>();
    suspect.attacks->requests.Add(static_cast<uint32_t>(facts.target_hash), event);
    if (has(Signal::kExploitRequests)) suspect.attacks->exploits.Add(event);
    if (has(Signal::kAttackAnswered)) suspect.attacks->answered.Add(event);
  }
  if (has(Signal::kRequests) || has(Signal::kDynamicRequests)) suspect.has_rate = true;
  uint32_t detections = 0;
  for (size_t i = 0; i < kSignalCount; ++i) {
    if (has(static_cast<Signal>(i))) detections |= DetectionBit(DetectionOf(static_cast<Signal>(i)));
  }
  if (detections != 0) KeepSample(suspect, detections, facts.line);
}

void Detector::CountAttacks(const RequestFacts& facts) {
  const bool answered =
      facts.answered || (!facts.leaks && facts.status >= 200 && facts.status < 300);
  for (size_t i = 0; i < kAttackFamilyCount; ++i) {
    if ((facts.families >> i & 1U) != 0) ++attack_requests_[answered ? 1 : 0][i];
  }
}

// The first lines; a detection for which none of them speaks takes the place of the last.
void Detector::KeepSample(Suspect& suspect, uint32_t detections, std::string_view line) const {
  std::vector<SampleLine>& samples = suspect.samples;
  if (options_.max_samples == 0) return;
  if (samples.size() >= options_.max_samples) {
    uint32_t spoken_for = 0;
    for (const SampleLine& sample : samples) spoken_for |= sample.detections;
    if ((detections & ~spoken_for) == 0) return;
    samples.pop_back();
  }
  samples.push_back({detections, {}});
  AppendPrintable(line, options_.max_sample_bytes, samples.back().text);
}

uint32_t Detector::ValueOfLogins(const LoginCounts& logins, Signal signal, Window window,
                                 Time event) {
  if (signal == Signal::kLoginFailures) {
    return window.length > FineCount::kRing ? logins.hour.Sum(event, window.length)
                                            : logins.fine.Sum(event, window.length);
  }
  return event - logins.success_at < kMomentHold ? logins.success_after : 0;
}

uint32_t Detector::Value(Suspects::Slot slot, Signal signal, Window window, Time event) const {
  const Suspect& suspect = suspects_[slot];
  const Duration span = window.length;
  switch (signal) {
    case Signal::kLoginFailures:
    case Signal::kLoginSuccessAfterFailures:
      return suspect.logins ? ValueOfLogins(*suspect.logins, signal, window, event) : 0;
    case Signal::kErrorPaths:
      return suspect.error_paths.Count(event, span);
    case Signal::kAttackRequests:
      return suspect.attacks ? suspect.attacks->requests.Count(event, span) : 0;
    case Signal::kExploitRequests:
      return suspect.attacks ? suspect.attacks->exploits.Sum(event, span) : 0;
    case Signal::kAttackAnswered:
      return suspect.attacks ? suspect.attacks->answered.Sum(event, span) : 0;
    case Signal::kServerErrors:
      return suspect.errors ? suspect.errors->server.Sum(event, span) : 0;
    case Signal::kMalformedRequests:
      return suspect.errors ? suspect.errors->malformed.Sum(event, span) : 0;
    case Signal::kRequests:
      return suspect.has_rate ? rates_.Get(suspects_.KeyOf(slot), event).requests : 0;
    case Signal::kDynamicRequests:
      return suspect.has_rate ? rates_.Get(suspects_.KeyOf(slot), event).dynamic : 0;
    case Signal::kUnusualClient:
    case Signal::kUnusualClientOffDay:
      return suspect.unusual && event - suspect.unusual->at < kMomentHold &&
                     suspect.unusual->off_day == (signal == Signal::kUnusualClientOffDay)
                 ? 1
                 : 0;
    case Signal::kOffenseDays:
      return event - suspect.noted < kOffenseHold ? suspect.offense_days : 0;
    case Signal::kOffenseKinds:
      return event - suspect.noted < kOffenseHold ? suspect.offense_kinds : 0;
    case Signal::kFailedRequests:
      return suspect.failed.Sum(event, span);
  }
  return 0;
}

// Whether one of them may have reached its threshold: so most requests are done.
bool Detector::MayReach(const Suspect& suspect, Signals signals) const {
  const auto least = [&](Signal signal) { return least_[static_cast<size_t>(signal)]; };
  const Signals mostly = BitOf(Signal::kFailedRequests) | BitOf(Signal::kErrorPaths);
  if ((signals & ~mostly) != 0) return true;
  return ((signals & BitOf(Signal::kFailedRequests)) != 0 &&
          suspect.failed.total() >= least(Signal::kFailedRequests)) ||
         ((signals & BitOf(Signal::kErrorPaths)) != 0 &&
          suspect.error_paths.size() >= least(Signal::kErrorPaths));
}

// At the client's newest moment: a server writes a line when the answer is sent, with the time at
// which the request came, so lines are late now and then.
void Detector::UpdateEpisodes(Suspects::Slot slot, Signals signals, const RequestFacts& facts) {
  if (!MayReach(suspects_[slot], signals)) return;
  uint32_t reached = 0;
  const auto judge = [&](Signals which) {
    for (size_t i = 0; i < options_.thresholds.size(); ++i) {
      const Threshold& threshold = options_.thresholds[i];
      if ((which & BitOf(threshold.signal)) == 0) continue;
      const uint32_t value = Value(slot, threshold.signal, threshold.window, suspects_[slot].last);
      if (value < least_[static_cast<size_t>(threshold.signal)]) continue;
      const Network network = DecideNetwork(slot, facts.user_agent);
      const uint32_t limit = LimitFor(i, network);
      if (value < limit || (network == Network::kCrawler && IsForgiven(threshold.signal))) continue;
      Reach(slot, i, value, limit);
      reached |= DetectionBit(DetectionOf(threshold.signal));
    }
  };
  judge(signals);
  if (reached == 0) return;
  NoteOffense(slot);
  judge(BitOf(Signal::kOffenseDays) | BitOf(Signal::kOffenseKinds));
  for (OpenEpisode& open : suspects_[slot].open) {
    Episode& episode = open.episode;
    if ((reached & DetectionBit(episode.detection)) == 0) continue;
    ++episode.count;
    if (episode.samples.size() < options_.max_samples) {
      std::string line = PrintableUpTo(facts.line, options_.max_sample_bytes);
      // The first of them stands there already.
      if (episode.samples.empty() || episode.samples.back() != line || episode.count > 1) {
        episode.samples.push_back(std::move(line));
      }
    }
  }
}

void Detector::Reach(Suspects::Slot slot, size_t index, uint32_t value, uint32_t limit) {
  const Threshold& threshold = options_.thresholds[index];
  OpenEpisode& open = OpenFor(slot, threshold.signal);
  const Suspect& suspect = suspects_[slot];
  Episode& episode = open.episode;
  episode.last = suspect.last;
  episode.severity = std::max(episode.severity, SeverityOf(threshold.signal));
  // What reached the threshold is counted with it.
  if (episode.threshold == 0) episode.count = value - 1;
  if (episode.threshold == 0 || Excess(value, limit) > Excess(episode.value, episode.threshold)) {
    episode.signal = SignalName(threshold.signal);
    episode.window = threshold.window;
    episode.value = value;
    episode.threshold = limit;
  }
  auto held = std::find_if(open.held.begin(), open.held.end(),
                           [&](const Held& h) { return h.threshold == index; });
  if (held == open.held.end()) {
    held = open.held.insert(held, {static_cast<uint32_t>(index), 0, suspect.last});
  }
  if (value >= held->value || suspect.last - held->at >= kPeakHold) {
    held->value = value;
    held->at = suspect.last;
  }
}

OpenEpisode& Detector::OpenFor(Suspects::Slot slot, Signal signal) {
  Suspect& suspect = suspects_[slot];
  const Detection detection = DetectionOf(signal);
  for (OpenEpisode& open : suspect.open) {
    if (open.episode.detection == detection) return open;
  }
  OpenEpisode open;
  open.episode.detection = detection;
  open.episode.severity = SeverityOf(signal);
  open.episode.client = LabelOf(slot);
  open.episode.network = suspect.network.value_or(Network::kExternal);
  open.episode.first = IsInstant(signal) ? suspect.last : FirstOf(suspect, signal);
  for (const SampleLine& sample : suspect.samples) {
    if ((sample.detections & DetectionBit(detection)) != 0) {
      open.episode.samples.push_back(sample.text);
    }
  }
  ++begun_[static_cast<size_t>(detection)];
  suspect.open.push_back(std::move(open));
  return suspect.open.back();
}

// When what made the signal so high began, as far as it is known.
Time Detector::FirstOf(const Suspect& suspect, Signal signal) const {
  std::optional<Time> first;
  for (const Threshold& threshold : options_.thresholds) {
    if (threshold.signal != signal) continue;
    std::optional<Time> begin;
    const Duration span = threshold.window.length;
    if (signal == Signal::kLoginFailures && suspect.logins) {
      begin = span > FineCount::kRing ? suspect.logins->hour.First(suspect.last, span)
                                      : suspect.logins->fine.First(suspect.last, span);
    } else if (signal == Signal::kFailedRequests) {
      begin = suspect.failed.First(suspect.last, span);
    } else if (signal == Signal::kErrorPaths) {
      begin = suspect.error_paths.First(suspect.last, span);
    } else if (signal == Signal::kAttackRequests && suspect.attacks) {
      begin = suspect.attacks->requests.First(suspect.last, span);
    }
    if (begin && (!first || *begin < *first)) first = begin;
  }
  return first ? std::max(*first, suspect.run_began) : suspect.run_began;
}

// Attacks on several days, or of several kinds, are more than each of them. Info is none.
void Detector::NoteOffense(Suspects::Slot slot) {
  Suspect& suspect = suspects_[slot];
  const auto is_offense = [](const Episode& episode) {
    return episode.severity != Severity::kInfo && episode.detection != Detection::kRepeatOffender;
  };
  const int64_t day = zone_.LocalDay(suspect.last);
  for (OpenEpisode& open : suspect.open) {
    const Episode& episode = open.episode;
    if (episode.last != suspect.last || !is_offense(episode)) continue;
    if (open.noted_day == day) continue;
    open.noted_day = day;
    const Offenders::Tally tally =
        offenders_.Note(suspects_.KeyOf(slot), episode.detection, suspect.last, day);
    suspect.offense_days = static_cast<uint8_t>(tally.days);
    suspect.offense_kinds = static_cast<uint8_t>(tally.kinds);
    suspect.noted = suspect.last;
  }
}

Network Detector::DecideNetwork(Suspects::Slot slot, std::string_view user_agent) {
  static const Crawlers kNone;
  Suspect& suspect = suspects_[slot];
  if (suspect.network) return *suspect.network;
  const ClientKey& key = suspects_.KeyOf(slot);
  const bool has_address = !key.named && !key.hashed;
  const IpAddress last = !has_address ? IpAddress() : namer_.LastAddress(key);
  suspect.network = NetworkOf(key, last, user_agent, options_.internal,
                              options_.crawlers ? *options_.crawlers : kNone);
  const auto contains = [&](const IpPrefix& prefix) { return prefix.Contains(AddressOf(key)); };
  if (has_address && std::any_of(options_.nat.begin(), options_.nat.end(), contains)) {
    suspect.network = Network::kNat;
  }
  return *suspect.network;
}

std::string Detector::LabelOf(Suspects::Slot slot) const {
  const ClientKey& key = suspects_.KeyOf(slot);
  return namer_.Label(key, key.named ? std::string_view(host_names_.at(slot)) : "");
}

// Who guesses passwords, or sends what nobody sends by mistake, is not forgotten for who asked for a page
// that is missing; and among such, who did so several times not for who did once.
bool Detector::IsWorthKeeping(const Suspect& suspect, Time event, bool for_grave) const {
  if (event - suspect.last >= kWindow1h.length) return false;
  const bool attacks = HasOpen(suspect, Detection::kLoginBruteForce) ||
                       HasOpen(suspect, Detection::kAttackProbe) ||
                       HasOpen(suspect, Detection::kAttackRequestAnswered);
  const uint64_t failures = suspect.logins ? suspect.logins->hour.total() : 0;
  return attacks || failures > (for_grave ? 1U : 0U);
}

// The client quiet for longest goes, unless it is worth more than who comes, as long as a few looks find
// somebody else.
void Detector::MakeRoom(Time event, bool for_grave) {
  for (int tries = 0; tries < kEvictionTries; ++tries) {
    if (!IsWorthKeeping(suspects_[suspects_.Oldest()], event, for_grave)) break;
    suspects_.Touch(suspects_.Oldest());
  }
  if (event - suspects_[suspects_.Oldest()].last < kWindow1h.length) ++forgotten_clients_;
  Forget(suspects_.Oldest());
}

bool Detector::HasOpen(const Suspect& suspect, Detection detection) {
  return std::any_of(suspect.open.begin(), suspect.open.end(), [&](const OpenEpisode& open) {
    return open.episode.detection == detection;
  });
}

// More than the old rule says.
bool Detector::HasGraveOpen(const Suspect& suspect) {
  return std::any_of(suspect.open.begin(), suspect.open.end(), [](const OpenEpisode& open) {
    return open.episode.severity != Severity::kInfo;
  });
}

bool Detector::MayBeShown(const Suspect& suspect, Time now) {
  return early_churn_.Allow(now) || (!suspect.open.empty() && failed_churn_.Allow(now)) ||
         (HasGraveOpen(suspect) && login_churn_.Allow(now));
}

void Detector::MakeVisible(Suspect& suspect, Time now) {
  suspect.visible = MayBeShown(suspect, now);
  if (!suspect.visible && !std::exchange(suspect.withheld, true)) ++withheld_clients_;
}

void Detector::Advance(Time now) {
  const Time event = clock_.Now(now);
  if (event < next_sweep_ && next_sweep_ - event <= kSweepInterval) return;
  next_sweep_ = event + kSweepInterval;
  for (Suspects::Slot slot = 0; slot < suspects_.slots(); ++slot) {
    if (!suspects_.IsFree(slot) && !suspects_[slot].open.empty()) CloseQuiet(suspects_[slot], event);
  }
}

void Detector::CloseQuiet(Suspect& suspect, Time event) {
  std::erase_if(suspect.open, [&](OpenEpisode& open) {
    const bool over = event - open.episode.last > kEpisodeGap;
    if (over) Close(std::move(open.episode));
    return over;
  });
}

// What ends together ends in the order of the detections.
void Detector::CloseAll(Suspect& suspect) {
  std::sort(suspect.open.begin(), suspect.open.end(), [](const auto& a, const auto& b) {
    return a.episode.detection < b.episode.detection;
  });
  for (OpenEpisode& open : suspect.open) Close(std::move(open.episode));
  suspect.open.clear();
}

void Detector::Close(Episode episode) {
  episodes_.push_back(std::move(episode));
  if (episodes_.size() > options_.max_episodes) {
    episodes_.pop_front();
    ++forgotten_episodes_;
  }
}

std::vector<Episode> Detector::OpenEpisodes() const {
  std::vector<Episode> episodes;
  for (Suspects::Slot slot = suspects_.Oldest(); slot != Suspects::kNone;
       slot = suspects_.NextNewer(slot)) {
    for (const OpenEpisode& open : suspects_[slot].open) episodes.push_back(open.episode);
  }
  return episodes;
}

void Detector::Forget(Suspects::Slot slot) {
  Suspect& suspect = suspects_[slot];
  CloseAll(suspect);
  // The next client of the slot takes over the memory of the samples.
  std::vector<SampleLine> samples = std::move(suspect.samples);
  samples.clear();
  suspect = Suspect{};
  suspect.samples = std::move(samples);
  if (suspects_.KeyOf(slot).named) host_names_.erase(slot);
  suspects_.Erase(slot);
}

void Detector::ForgetAll() {
  while (suspects_.Oldest() != Suspects::kNone) Forget(suspects_.Oldest());
  rates_.Clear();
  offenders_.ForgetAll();
  new_logins_.ForgetAll();
  new_visitors_.ForgetAll();
  login_events_.clear();
}

bool Detector::Erase(const ClientKey& key, std::string_view label) {
  const Suspects::Slot slot = suspects_.Find(key);
  if (slot != Suspects::kNone) Forget(slot);
  const size_t episodes =
      std::erase_if(episodes_, [&](const Episode& episode) { return episode.client == label; });
  rates_.Forget(key);
  const bool offender = offenders_.Forget(key);
  const bool known = new_logins_.Forget(key);
  return new_visitors_.Forget(key) || known || offender || slot != Suspects::kNone || episodes > 0;
}

void Detector::Finish() {
  for (Suspects::Slot slot = suspects_.Oldest(); slot != Suspects::kNone;
       slot = suspects_.NextNewer(slot)) {
    CloseAll(suspects_[slot]);
  }
}

}  // namespace accesslog
