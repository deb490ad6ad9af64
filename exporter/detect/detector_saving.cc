// How a Detector becomes bytes and comes back.
#include <algorithm>
#include <utility>

#include "clients/saved.h"
#include "detect/detector.h"
#include "detect/saved_episode.h"

namespace accesslog {
namespace {

// 1 and 2 knew of two signals only.
constexpr uint64_t kVersion = 3;

constexpr uint64_t kMostHeld = 32;
constexpr uint64_t kMost16 = 0xFFFFU;
constexpr uint64_t kMost32 = 0xFFFFFFFFU;

uint32_t LoadNumber32(ByteReader& reader) { return static_cast<uint32_t>(reader.NumberUpTo(kMost32)); }

void SaveReply(ByteWriter& writer, const LoginReply& reply) {
  writer.Number(reply.status);
  writer.Number(reply.bytes);
}

LoginReply LoadReply(ByteReader& reader) {
  const auto status = static_cast<uint16_t>(reader.NumberUpTo(kMost16));
  return {status, LoadNumber32(reader)};
}

void SaveLogins(ByteWriter& writer, const LoginCounts& logins) {
  logins.fine.Save(writer);
  logins.hour.Save(writer);
  SaveReply(writer, logins.last_failure);
  writer.Flag(logins.followed_back);
  writer.Number(logins.challenged_path);
  writer.Moment(logins.challenged_at);
  writer.Number(logins.challenges);
  writer.Number(logins.failures);
  writer.Number(logins.success_after);
  writer.Moment(logins.success_at);
  writer.Flag(logins.pending.has_value());
  if (!logins.pending) return;
  writer.Moment(logins.pending->at);
  SaveReply(writer, logins.pending->reply);
  writer.Number(logins.pending->user_hash);
}

std::unique_ptr<LoginCounts> LoadLogins(ByteReader& reader) {
  auto logins = std::make_unique<LoginCounts>();
  logins->fine.Load(reader);
  logins->hour.Load(reader);
  logins->last_failure = LoadReply(reader);
  logins->followed_back = reader.Flag();
  logins->challenged_path = reader.Number();
  logins->challenged_at = LoadTime(reader);
  logins->challenges = LoadNumber32(reader);
  logins->failures = LoadNumber32(reader);
  logins->success_after = LoadNumber32(reader);
  logins->success_at = LoadTime(reader);
  if (reader.Flag()) {
    const Time at = LoadTime(reader);
    const LoginReply reply = LoadReply(reader);
    logins->pending = PendingLogin{at, reply, LoadNumber32(reader)};
  }
  return logins;
}

void SaveHeld(ByteWriter& writer, const OpenEpisode& open, const std::vector<Threshold>& thresholds) {
  writer.Signed(open.noted_day);
  writer.Number(open.held.size());
  for (const Held& held : open.held) {
    writer.Text(SignalName(thresholds[held.threshold].signal));
    writer.Text(thresholds[held.threshold].window.name);
    writer.Number(held.value);
    writer.Moment(held.at);
  }
}

// Peaks of thresholds that are there no more are of no use.
void LoadHeld(ByteReader& reader, const std::vector<Threshold>& thresholds, OpenEpisode& open) {
  open.noted_day = reader.Signed();
  for (uint64_t left = reader.NumberUpTo(kMostHeld); left > 0 && reader.ok(); --left) {
    const std::string_view signal = reader.Text();
    const std::string_view window = reader.Text();
    Held held;
    held.value = LoadNumber32(reader);
    held.at = LoadTime(reader);
    const auto same = std::find_if(thresholds.begin(), thresholds.end(), [&](const Threshold& t) {
      return SignalName(t.signal) == signal && t.window.name == window;
    });
    if (same == thresholds.end()) continue;
    held.threshold = static_cast<uint32_t>(same - thresholds.begin());
    open.held.push_back(held);
  }
}

}  // namespace

void Detector::Save(ByteWriter& writer) const {
  writer.Number(kVersion);
  SaveKeyRule(writer, namer_.options());
  clock_.Save(writer);
  early_churn_.Save(writer);
  failed_churn_.Save(writer);
  login_churn_.Save(writer);
  writer.Number(forgotten_episodes_);
  writer.Number(forgotten_clients_);
  writer.Number(withheld_clients_);
  for (size_t i = 0; i < kDetectionCount; ++i) writer.Number(begun_[i]);
  for (const auto& families : attack_requests_) {
    for (const uint64_t count : families) writer.Number(count);
  }
  rates_.Save(writer, newest_event_);
  writer.Moment(newest_event_);
  for (const uint64_t form : honest_forms_) writer.Number(form);
  writer.Number(next_form_);
  offenders_.Save(writer);
  new_logins_.Save(writer);
  new_visitors_.Save(writer);
  writer.Number(episodes_.size());
  for (const Episode& episode : episodes_) SaveEpisode(writer, episode);
  writer.Number(suspects_.size());
  for (Suspects::Slot slot = suspects_.Oldest(); slot != Suspects::kNone;
       slot = suspects_.NextNewer(slot)) {
    const ClientKey& key = suspects_.KeyOf(slot);
    SaveClient(writer, key, key.named ? std::string_view(host_names_.at(slot)) : "");
    SaveSuspect(writer, suspects_[slot]);
  }
}

void Detector::SaveSuspect(ByteWriter& writer, const Suspect& suspect) const {
  writer.Moment(suspect.last);
  SaveNear(writer, suspect.run_began, suspect.last);
  writer.Flag(suspect.visible);
  writer.Flag(suspect.withheld);
  writer.Flag(suspect.has_rate);
  writer.Text(suspect.network ? NetworkName(*suspect.network) : "");
  suspect.failed.Save(writer);
  suspect.error_paths.Save(writer);
  writer.Flag(suspect.logins != nullptr);
  if (suspect.logins) SaveLogins(writer, *suspect.logins);
  writer.Flag(suspect.attacks != nullptr);
  if (suspect.attacks) {
    suspect.attacks->requests.Save(writer);
    suspect.attacks->exploits.Save(writer);
    suspect.attacks->answered.Save(writer);
  }
  writer.Flag(suspect.errors != nullptr);
  if (suspect.errors) {
    suspect.errors->server.Save(writer);
    suspect.errors->malformed.Save(writer);
  }
  writer.Flag(suspect.unusual != nullptr);
  if (suspect.unusual) {
    writer.Moment(suspect.unusual->at);
    writer.Flag(suspect.unusual->off_day);
  }
  writer.Number(suspect.offense_days);
  writer.Number(suspect.offense_kinds);
  writer.Moment(suspect.noted);
  writer.Number(suspect.open.size());
  for (const OpenEpisode& open : suspect.open) {
    SaveEpisode(writer, open.episode);
    SaveHeld(writer, open, options_.thresholds);
  }
  writer.Number(suspect.samples.size());
  for (const SampleLine& sample : suspect.samples) {
    writer.Number(sample.detections);
    writer.Text(sample.text);
  }
}

bool Detector::Load(ByteReader& reader, const RestoreTimes& times) {
  const uint64_t version = reader.Number();
  if (version == 0 || version > kVersion) return false;
  if (!IsInRange(times.taken) || !IsInRange(times.now)) return false;
  // No program that wrote them was ever released.
  if (version < kVersion) return reader.SkipRest(), true;
  const bool same_keys = LoadKeyRule(reader, namer_.options());
  clock_.Load(reader, times);
  // Births that a wrong clock put into the future would not leave the hour for as long.
  const Time newest_birth = times.continued ? Time{kFarthest} : times.now;
  for (ChurnLimit* churn : {&early_churn_, &failed_churn_, &login_churn_}) {
    churn->Load(reader, newest_birth);
  }
  forgotten_episodes_ = reader.NumberUpTo(kMostCounted);
  forgotten_clients_ = reader.NumberUpTo(kMostCounted);
  withheld_clients_ = reader.NumberUpTo(kMostCounted);
  for (uint64_t& begun : begun_) begun = reader.NumberUpTo(kMostCounted);
  for (auto& families : attack_requests_) {
    for (uint64_t& count : families) count = reader.NumberUpTo(kMostCounted);
  }
  rates_.Load(reader);
  newest_event_ = LoadTime(reader);
  for (uint64_t& form : honest_forms_) form = reader.Number();
  next_form_ = static_cast<size_t>(reader.NumberUpTo(honest_forms_.size() - 1));
  offenders_.Load(reader);
  new_logins_.Load(reader);
  new_visitors_.Load(reader);
  LoadEpisodes(reader);
  LoadSuspects(reader, same_keys, clock_.Now(times.now));
  if (!reader.ok()) return false;
  // They name clients as privacy forbids now.
  if (!same_keys && namer_.options().privacy != Privacy::kFull) episodes_.clear();
  if (!same_keys) {
    rates_.Clear();
    new_logins_.ForgetAll();
    new_visitors_.ForgetAll();
  }
  offenders_.KeepIf([&](const ClientKey& key) { return same_keys && namer_.Makes(key); });
  return true;
}

void Detector::LoadEpisodes(ByteReader& reader) {
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    Episode episode = LoadEpisode(reader, options_);
    if (reader.ok()) Close(std::move(episode));
  }
}

// In the order of use, so that those are forgotten who would have been forgotten first.
void Detector::LoadSuspects(ByteReader& reader, bool same_keys, Time event) {
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const Client client = LoadClient(reader);
    Suspect suspect = LoadSuspect(reader);
    if (!reader.ok()) return;
    if (!same_keys || left > options_.max_clients) {
      if (same_keys && event - suspect.last < kWindow1h.length) ++forgotten_clients_;
      CloseAll(suspect);
    } else if (namer_.Makes(client.key) && suspects_.Find(client.key) == Suspects::kNone) {
      const Suspects::Slot slot = suspects_.Insert(client.key);
      suspects_[slot] = std::move(suspect);
      if (client.key.named) host_names_.insert_or_assign(slot, std::string(client.host_name));
      // Who is no crawler by what is known now must not stay one. `erase` knows nothing of crawlers.
      const bool was_crawler = suspects_[slot].network == Network::kCrawler;
      if (was_crawler && options_.crawlers) suspects_[slot].network.reset();
      if (suspects_[slot].visible) DecideNetwork(slot, "");
    } else {
      reader.Fail();
    }
  }
}

Suspect Detector::LoadSuspect(ByteReader& reader) const {
  Suspect suspect;
  suspect.last = LoadTime(reader);
  suspect.run_began = LoadNear(reader, suspect.last);
  suspect.visible = reader.Flag();
  suspect.withheld = reader.Flag();
  suspect.has_rate = reader.Flag();
  suspect.network = LoadNetworkIfAny(reader);
  suspect.failed.Load(reader);
  suspect.error_paths.Load(reader);
  if (reader.Flag()) suspect.logins = LoadLogins(reader);
  if (reader.Flag()) {
    suspect.attacks = std::make_unique<AttackCounts>();
    suspect.attacks->requests.Load(reader);
    suspect.attacks->exploits.Load(reader);
    suspect.attacks->answered.Load(reader);
  }
  if (reader.Flag()) {
    suspect.errors = std::make_unique<ErrorCounts>();
    suspect.errors->server.Load(reader);
    suspect.errors->malformed.Load(reader);
  }
  if (reader.Flag()) {
    const Time at = LoadTime(reader);
    suspect.unusual = std::make_unique<UnusualVisit>(UnusualVisit{at, reader.Flag()});
  }
  suspect.offense_days = static_cast<uint8_t>(reader.NumberUpTo(7));
  suspect.offense_kinds = static_cast<uint8_t>(reader.NumberUpTo(kDetectionCount));
  suspect.noted = LoadTime(reader);
  LoadOpen(reader, suspect);
  LoadSamples(reader, suspect);
  return suspect;
}

void Detector::LoadOpen(ByteReader& reader, Suspect& suspect) const {
  for (uint64_t left = reader.NumberUpTo(kDetectionCount); left > 0 && reader.ok(); --left) {
    OpenEpisode open;
    open.episode = LoadEpisode(reader, options_);
    LoadHeld(reader, options_.thresholds, open);
    if (HasOpen(suspect, open.episode.detection)) reader.Fail();
    suspect.open.push_back(std::move(open));
  }
}

void Detector::LoadSamples(ByteReader& reader, Suspect& suspect) const {
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const auto detections = LoadNumber32(reader);
    const std::string_view text = KeptSample(reader, reader.Text(), options_);
    if (suspect.samples.size() >= options_.max_samples) continue;
    suspect.samples.push_back({detections, std::string(text)});
  }
}

}  // namespace accesslog
