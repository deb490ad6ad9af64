// How a Detector becomes bytes and comes back.
#include <algorithm>
#include <utility>

#include "clients/saved.h"
#include "detect/detector.h"
#include "detect/saved_episode.h"

namespace accesslog {
namespace {

// 1 did not know of a suspect's network.
constexpr uint64_t kVersion = 2;

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

void Detector::SaveSuspect(ByteWriter& writer, const Suspect& suspect) {
  writer.Moment(suspect.last);
  SaveNear(writer, suspect.run_began, suspect.last);
  writer.Flag(suspect.visible);
  writer.Flag(suspect.withheld);
  writer.Text(suspect.network ? NetworkName(*suspect.network) : "");
  suspect.failed.Save(writer);
  writer.Flag(suspect.logins != nullptr);
  if (suspect.logins) {
    suspect.logins->fine.Save(writer);
    suspect.logins->hour.Save(writer);
  }
  for (const auto& episode : suspect.open) {
    writer.Flag(episode != nullptr);
    if (episode) SaveEpisode(writer, *episode);
  }
  writer.Text(suspect.samples);
}

bool Detector::Load(ByteReader& reader, const RestoreTimes& times) {
  const uint64_t version = reader.Number();
  if (version == 0 || version > kVersion) return false;
  if (!IsInRange(times.taken) || !IsInRange(times.now)) return false;
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
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    auto episode = std::make_unique<Episode>(LoadEpisode(reader, options_));
    if (reader.ok()) Close(episode);
  }
  LoadSuspects(reader, version, same_keys, clock_.Now(times.now));
  // They name clients as privacy forbids now.
  if (!same_keys && namer_.options().privacy != Privacy::kFull) episodes_.clear();
  return reader.ok();
}

// In the order of use, so that those are forgotten who would have been forgotten first.
void Detector::LoadSuspects(ByteReader& reader, uint64_t version, bool same_keys, Time event) {
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const Client client = LoadClient(reader);
    Suspect suspect = LoadSuspect(reader, version);
    if (!reader.ok()) return;
    if (!same_keys || left > options_.max_clients) {
      if (same_keys && event - suspect.last < kWindow1h.length) ++forgotten_clients_;
      for (auto& episode : suspect.open) Close(episode);
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

Detector::Suspect Detector::LoadSuspect(ByteReader& reader, uint64_t version) const {
  Suspect suspect;
  suspect.last = LoadTime(reader);
  suspect.run_began = LoadNear(reader, suspect.last);
  suspect.visible = reader.Flag();
  suspect.withheld = reader.Flag();
  if (version >= 2) suspect.network = LoadNetworkIfAny(reader);
  suspect.failed.Load(reader);
  if (reader.Flag()) {
    suspect.logins = std::make_unique<LoginCounts>();
    suspect.logins->fine.Load(reader);
    suspect.logins->hour.Load(reader);
  }
  for (size_t i = 0; i < kDetectionCount; ++i) {
    if (!reader.Flag()) continue;
    suspect.open[i] = std::make_unique<Episode>(LoadEpisode(reader, options_));
    if (suspect.open[i]->detection != static_cast<Detection>(i)) reader.Fail();
  }
  LoadSamples(reader, suspect);
  return suspect;
}

void Detector::LoadSamples(ByteReader& reader, Suspect& suspect) const {
  std::string_view text = reader.Text();
  while (!text.empty() && suspect.sample_count < options_.max_samples) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return reader.Fail();
    suspect.samples += KeptSample(reader, text.substr(0, end), options_);
    suspect.samples += '\n';
    ++suspect.sample_count;
    text.remove_prefix(end + 1);
  }
}

}  // namespace accesslog
