#include "detect/detector.h"

#include <algorithm>
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

}  // namespace

Detector::Detector(const DetectOptions& options, const ClientNamer& namer, uint64_t secret)
    : options_(options),
      namer_(namer),
      index_(secret),
      early_churn_(options.max_new_clients_per_hour / 2),
      failed_churn_(options.max_new_clients_per_hour / 4),
      login_churn_(options.max_new_clients_per_hour - options.max_new_clients_per_hour / 2 -
                   options.max_new_clients_per_hour / 4),
      clock_(options.max_ahead) {
  index_.Reserve(std::min(options.max_clients, kPreallocatedClients));
}

bool Detector::IsLoginFailure(const Record& record) const {
  const LoginOptions& login = options_.login;
  return std::find(login.failure.begin(), login.failure.end(), record.status) !=
             login.failure.end() &&
         AllowedBy(login.paths, record.path) && AllowedBy(login.methods, record.method_text);
}

void Detector::Observe(const Record& record, const Client& client, Time now) {
  const Time event = clock_.Observe(record.time, now);
  const bool login_failure = IsLoginFailure(record);
  const bool failed = IsFailedStatus(record.status);
  if ((!login_failure && !failed) || client.other) return;
  Suspect& suspect = FindOrAdd(client, event);
  Count(suspect, login_failure, failed, record, event);
  for (size_t i = 0; i < kDetectionCount; ++i) {
    UpdateEpisode(suspect, static_cast<Detection>(i));
  }
  if (!suspect.visible) MakeVisible(suspect, now);
}

Detector::Suspect& Detector::FindOrAdd(const Client& client, Time event) {
  LruIndex::Slot slot = index_.Find(client.key);
  if (slot == LruIndex::kNone) {
    if (index_.size() >= options_.max_clients) MakeRoom(event);
    slot = index_.Insert(client.key);
    if (slot == suspects_.size()) suspects_.emplace_back();
    suspects_[slot] = Suspect{};
    suspects_[slot].client = namer_.Label(client.key, client.host_name);
    suspects_[slot].network = NetworkOf(client.key, options_.internal);
    suspects_[slot].run_began = event;
  }
  index_.Touch(slot);
  return suspects_[slot];
}

void Detector::Count(Suspect& suspect, bool login_failure, bool failed, const Record& record,
                     Time event) const {
  if (event - suspect.last > kWindow1h.length) {
    suspect.run_began = event;
    suspect.samples.clear();
  } else if (suspect.last - event < kWindow1h.length) {
    suspect.run_began = std::min(suspect.run_began, event);
  }
  suspect.last = std::max(suspect.last, event);
  if (login_failure) {
    suspect.login_fine.Add(event);
    suspect.login_hour.Add(event);
  }
  if (failed) suspect.failed_fine.Add(event);
  if (suspect.samples.size() < options_.max_samples) {
    suspect.samples.push_back(PrintableUpTo(record.line, options_.max_sample_bytes));
  }
}

uint32_t Detector::Value(const Suspect& suspect, Signal signal, Window window, Time event) {
  if (signal == Signal::kFailedRequests) return suspect.failed_fine.Sum(event, window.length);
  if (window.length > kFineBucket * kFineBuckets) {
    return suspect.login_hour.Sum(event, window.length);
  }
  return suspect.login_fine.Sum(event, window.length);
}

// At the client's newest moment: a server writes a line when the answer is sent, with the time at
// which the request came, so lines are late now and then.
void Detector::UpdateEpisode(Suspect& suspect, Detection detection) {
  const Time event = suspect.last;
  std::optional<Episode>& open = suspect.open[static_cast<size_t>(detection)];
  bool reached = false;
  for (const Threshold& threshold : options_.thresholds) {
    if (threshold.detection != detection) continue;
    const uint32_t value = Value(suspect, SignalOf(detection), threshold.window, event);
    if (value < threshold.value) continue;
    reached = true;
    if (!open) {
      open = Episode{.detection = detection,
                     .client = suspect.client,
                     .network = suspect.network,
                     .first = suspect.run_began,
                     .last = event,
                     .window = threshold.window,
                     .value = value,
                     .threshold = threshold.value,
                     .samples = suspect.samples};
    } else if (Excess(value, threshold.value) > Excess(open->value, open->threshold)) {
      open->window = threshold.window;
      open->value = value;
      open->threshold = threshold.value;
    }
  }
  if (reached) {
    open->last = event;
  } else {
    Close(open);
  }
}

// The client quiet for longest goes, but who guesses passwords does not for who asked for a page that
// is missing, as long as a few looks find somebody else.
void Detector::MakeRoom(Time event) {
  for (int tries = 0; tries < kEvictionTries; ++tries) {
    const Suspect& oldest = suspects_[index_.Oldest()];
    const bool guesses = oldest.open[static_cast<size_t>(Detection::kLoginBruteForce)].has_value();
    if (!guesses || event - oldest.last >= kWindow1h.length) break;
    index_.Touch(index_.Oldest());
  }
  if (event - suspects_[index_.Oldest()].last < kWindow1h.length) ++forgotten_clients_;
  Forget(index_.Oldest());
}

bool Detector::MayBeShown(const Suspect& suspect, Time now) {
  const auto reached = [&](Detection detection) {
    return suspect.open[static_cast<size_t>(detection)].has_value();
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
  for (LruIndex::Slot slot = index_.Oldest(); slot != LruIndex::kNone;
       slot = index_.NextNewer(slot)) {
    const Suspect& suspect = suspects_[slot];
    if (!suspect.visible) continue;
    for (const Threshold& threshold : options_.thresholds) {
      const Signal signal = SignalOf(threshold.detection);
      const uint32_t value = Value(suspect, signal, threshold.window, event);
      if (value == 0) continue;
      use({suspect.client, suspect.network, signal, threshold.window, value, threshold.value});
    }
  }
}

void Detector::Close(std::optional<Episode>& episode) {
  if (!episode) return;
  episodes_.push_back(std::move(*episode));
  episode.reset();
  if (episodes_.size() > options_.max_episodes) {
    episodes_.pop_front();
    ++forgotten_episodes_;
  }
}

void Detector::Forget(LruIndex::Slot slot) {
  for (auto& episode : suspects_[slot].open) Close(episode);
  suspects_[slot] = Suspect{};
  index_.Erase(slot);
}

void Detector::Finish() {
  for (Suspect& suspect : suspects_) {
    for (auto& episode : suspect.open) Close(episode);
  }
}

}  // namespace accesslog
