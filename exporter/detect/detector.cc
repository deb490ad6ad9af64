#include "detect/detector.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"

namespace accesslog {
namespace {

template <typename List, typename Item>
bool AllowedBy(const List& list, const Item& item) {
  return list.empty() || std::find(list.begin(), list.end(), item) != list.end();
}

// Up to so many clients are allocated at once, so that no line pays for it.
constexpr uint32_t kPreallocatedClients = 100000;

// How many clients worth keeping are passed over before one of them goes all the same.
constexpr int kEvictionTries = 16;

// How far beyond its threshold; comparable between windows.
double Excess(uint32_t value, uint32_t threshold) {
  return static_cast<double>(value) / static_cast<double>(threshold);
}

// Taken apart at each '\n'.
std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  for (size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

Detector::Detector(const DetectOptions& options, const ClientNamer& namer, uint64_t secret)
    : options_(options),
      namer_(namer),
      suspects_(secret),
      early_churn_(options.max_new_clients_per_hour / 2),
      failed_churn_(options.max_new_clients_per_hour / 4),
      login_churn_(options.max_new_clients_per_hour - options.max_new_clients_per_hour / 2 -
                   options.max_new_clients_per_hour / 4),
      clock_(options.max_ahead) {
  if (options.preallocate) suspects_.Reserve(std::min(options.max_clients, kPreallocatedClients));
  for (const uint16_t status : kFailedStatuses) meaning_[status] |= kMeansFailedRequest;
  for (const uint16_t status : options.login.failure) {
    if (status < kStatusLimit) meaning_[status] |= kMeansFailedLogin;
  }
  least_.fill(std::numeric_limits<uint32_t>::max());
  for (const Threshold& threshold : options.thresholds) {
    uint32_t& least = least_[static_cast<size_t>(threshold.detection)];
    least = std::min(least, threshold.value);
  }
}

StatusSet Detector::Concerns() const {
  StatusSet statuses;
  for (size_t status = 0; status < kStatusLimit; ++status) statuses[status] = meaning_[status] != 0;
  return statuses;
}

bool Detector::IsLoginFailure(const Record& record) const {
  const LoginOptions& login = options_.login;
  return (meaning_[record.status] & kMeansFailedLogin) != 0 &&
         AllowedBy(login.paths, record.path) && AllowedBy(login.methods, record.method_text);
}

Suspicion Detector::Examine(const Record& record, const Client& client, Time event, Time now) {
  const bool login_failure = IsLoginFailure(record);
  const bool failed = (meaning_[record.status] & kMeansFailedRequest) != 0;
  if (!login_failure && !failed) return Suspicion::kNone;
  const Suspects::Slot slot = FindOrAdd(client, event);
  Suspect& suspect = suspects_[slot];
  Count(suspect, login_failure, failed, record, event);
  for (size_t i = 0; i < kDetectionCount; ++i) {
    UpdateEpisode(slot, static_cast<Detection>(i), record.user_agent);
  }
  if (!suspect.visible) {
    MakeVisible(suspect, now);
    if (suspect.visible) DecideNetwork(slot, record.user_agent);
  }
  return login_failure ? Suspicion::kGrave : Suspicion::kFailed;
}

Detector::Suspects::Slot Detector::FindOrAdd(const Client& client, Time event) {
  Suspects::Slot slot = suspects_.Find(client.key);
  if (slot == Suspects::kNone) {
    if (suspects_.size() >= options_.max_clients) MakeRoom(event);
    slot = suspects_.Insert(client.key);
    suspects_[slot].run_began = event;
    if (client.key.named) host_names_.insert_or_assign(slot, std::string(client.host_name));
  }
  suspects_.Touch(slot);
  return slot;
}

void Detector::Count(Suspect& suspect, bool login_failure, bool failed, const Record& record,
                     Time event) const {
  if (event - suspect.last > kWindow1h.length) {
    suspect.run_began = event;
    suspect.samples.clear();
    suspect.sample_count = 0;
  } else if (suspect.last - event < kWindow1h.length) {
    suspect.run_began = std::min(suspect.run_began, event);
  }
  suspect.last = std::max(suspect.last, event);
  if (login_failure) {
    if (!suspect.logins) suspect.logins = std::make_unique<LoginCounts>();
    suspect.logins->fine.Add(event);
    suspect.logins->hour.Add(event);
  }
  if (failed) suspect.failed.Add(event);
  if (suspect.sample_count < options_.max_samples) {
    AppendPrintable(record.line, options_.max_sample_bytes, suspect.samples);
    suspect.samples += '\n';
    ++suspect.sample_count;
  }
}

uint32_t Detector::Value(const Suspect& suspect, Signal signal, Window window, Time event) {
  if (signal == Signal::kFailedRequests) return suspect.failed.Sum(event, window.length);
  if (!suspect.logins) return 0;
  if (window.length > FineCount::kRing) return suspect.logins->hour.Sum(event, window.length);
  return suspect.logins->fine.Sum(event, window.length);
}

// No Value is larger.
uint64_t Detector::MostPossible(const Suspect& suspect, Signal signal) {
  if (signal == Signal::kFailedRequests) return suspect.failed.total();
  if (!suspect.logins) return 0;
  return std::max(suspect.logins->fine.total(), suspect.logins->hour.total());
}

// At the client's newest moment: a server writes a line when the answer is sent, with the time at
// which the request came, so lines are late now and then.
void Detector::UpdateEpisode(Suspects::Slot slot, Detection detection,
                             std::string_view user_agent) {
  Suspect& suspect = suspects_[slot];
  std::unique_ptr<Episode>& open = suspect.open[static_cast<size_t>(detection)];
  const Signal signal = SignalOf(detection);
  // So most clients are done.
  if (MostPossible(suspect, signal) < least_[static_cast<size_t>(detection)]) return Close(open);
  bool reached = false;
  for (const Threshold& threshold : options_.thresholds) {
    if (threshold.detection != detection) continue;
    const uint32_t value = Value(suspect, signal, threshold.window, suspect.last);
    if (value < threshold.value) continue;
    reached = true;
    if (!open) {
      open = Open(slot, threshold, value, user_agent);
    } else if (Excess(value, threshold.value) > Excess(open->value, open->threshold)) {
      open->window = threshold.window;
      open->value = value;
      open->threshold = threshold.value;
    }
  }
  if (reached) {
    open->last = suspect.last;
  } else {
    Close(open);
  }
}

std::unique_ptr<Episode> Detector::Open(Suspects::Slot slot, const Threshold& threshold,
                                        uint32_t value, std::string_view user_agent) {
  const Suspect& suspect = suspects_[slot];
  return std::make_unique<Episode>(
      Episode{.detection = threshold.detection,
              .client = LabelOf(slot),
              .network = DecideNetwork(slot, user_agent),
              .first = suspect.run_began,
              .last = suspect.last,
              .window = threshold.window,
              .value = value,
              .threshold = threshold.value,
              .samples = Lines(suspect.samples)});
}

Network Detector::DecideNetwork(Suspects::Slot slot, std::string_view user_agent) {
  static const Crawlers kNone;
  Suspect& suspect = suspects_[slot];
  if (!suspect.network) {
    const ClientKey& key = suspects_.KeyOf(slot);
    const bool has_address = !key.named && !key.hashed;
    const IpAddress last = !has_address ? IpAddress() : namer_.LastAddress(key);
    suspect.network = NetworkOf(key, last, user_agent, options_.internal,
                                options_.crawlers ? *options_.crawlers : kNone);
  }
  return *suspect.network;
}

std::string Detector::LabelOf(Suspects::Slot slot) const {
  const ClientKey& key = suspects_.KeyOf(slot);
  return namer_.Label(key, key.named ? std::string_view(host_names_.at(slot)) : "");
}

// The client quiet for longest goes, but who guesses passwords does not for who asked for a page that
// is missing, as long as a few looks find somebody else.
void Detector::MakeRoom(Time event) {
  for (int tries = 0; tries < kEvictionTries; ++tries) {
    const Suspect& oldest = suspects_[suspects_.Oldest()];
    const bool guesses = oldest.open[static_cast<size_t>(Detection::kLoginBruteForce)] != nullptr;
    if (!guesses || event - oldest.last >= kWindow1h.length) break;
    suspects_.Touch(suspects_.Oldest());
  }
  if (event - suspects_[suspects_.Oldest()].last < kWindow1h.length) ++forgotten_clients_;
  Forget(suspects_.Oldest());
}

bool Detector::MayBeShown(const Suspect& suspect, Time now) {
  const auto reached = [&](Detection detection) {
    return suspect.open[static_cast<size_t>(detection)] != nullptr;
  };
  return early_churn_.Allow(now) ||
         (reached(Detection::kFailedRequests) && failed_churn_.Allow(now)) ||
         (reached(Detection::kLoginBruteForce) && login_churn_.Allow(now));
}

void Detector::MakeVisible(Suspect& suspect, Time now) {
  suspect.visible = MayBeShown(suspect, now);
  if (!suspect.visible && !std::exchange(suspect.withheld, true)) ++withheld_clients_;
}

void Detector::VisitSignals(Time now, const std::function<void(const SignalView&)>& use) const {
  const Time event = clock_.Now(now);
  for (Suspects::Slot slot = suspects_.Oldest(); slot != Suspects::kNone;
       slot = suspects_.NextNewer(slot)) {
    if (suspects_[slot].visible) VisitSuspect(slot, event, use);
  }
}

void Detector::VisitSuspect(Suspects::Slot slot, Time event,
                            const std::function<void(const SignalView&)>& use) const {
  std::string label;
  for (const Threshold& threshold : options_.thresholds) {
    const Signal signal = SignalOf(threshold.detection);
    const uint32_t value = Value(suspects_[slot], signal, threshold.window, event);
    if (value == 0) continue;
    if (label.empty()) label = LabelOf(slot);
    use({label, *suspects_[slot].network, signal, threshold.window, value, threshold.value});
  }
}

void Detector::Close(std::unique_ptr<Episode>& episode) {
  if (!episode) return;
  episodes_.push_back(std::move(*episode));
  episode.reset();
  if (episodes_.size() > options_.max_episodes) {
    episodes_.pop_front();
    ++forgotten_episodes_;
  }
}

void Detector::Forget(Suspects::Slot slot) {
  Suspect& suspect = suspects_[slot];
  for (auto& episode : suspect.open) Close(episode);
  // The next client of the slot takes over the memory of the samples.
  std::string samples = std::move(suspect.samples);
  samples.clear();
  suspect = Suspect{};
  suspect.samples = std::move(samples);
  if (suspects_.KeyOf(slot).named) host_names_.erase(slot);
  suspects_.Erase(slot);
}

void Detector::ForgetAll() {
  while (suspects_.Oldest() != Suspects::kNone) Forget(suspects_.Oldest());
}

bool Detector::Erase(const ClientKey& key, std::string_view label) {
  const Suspects::Slot slot = suspects_.Find(key);
  if (slot != Suspects::kNone) Forget(slot);
  const size_t erased =
      std::erase_if(episodes_, [&](const Episode& episode) { return episode.client == label; });
  return slot != Suspects::kNone || erased > 0;
}

void Detector::Finish() {
  for (Suspects::Slot slot = suspects_.Oldest(); slot != Suspects::kNone;
       slot = suspects_.NextNewer(slot)) {
    for (auto& episode : suspects_[slot].open) Close(episode);
  }
}

}  // namespace accesslog
