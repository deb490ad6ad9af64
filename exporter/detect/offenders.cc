#include "detect/offenders.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "clients/saved.h"

namespace accesslog {
namespace {

constexpr int kDays = 7;
constexpr uint8_t kAllDays = (1U << kDays) - 1;
constexpr uint32_t kMinutesOfDay = 24 * 60;

uint32_t MinuteOf(Time at) {
  const int64_t minute = at.time_since_epoch() / std::chrono::minutes{1};
  return static_cast<uint32_t>(
      std::clamp<int64_t>(minute, 1, std::numeric_limits<uint32_t>::max()));
}

}  // namespace

Offenders::Tally Offenders::Note(const ClientKey& key, Detection detection, Time at, int64_t day) {
  auto slot = offenses_.Find(key);
  if (slot == LruTable<Offense>::kNone) {
    if (offenses_.size() >= most_) offenses_.Erase(offenses_.Oldest());
    slot = offenses_.Insert(key);
    offenses_[slot] = Offense{.day = day};
  }
  offenses_.Touch(slot);
  Offense& offense = offenses_[slot];
  if (day > offense.day) {
    const int64_t passed = day - offense.day;
    offense.days = passed >= kDays ? 0 : static_cast<uint8_t>(offense.days << passed & kAllDays);
    offense.day = day;
  }
  if (offense.day - day < kDays) offense.days |= static_cast<uint8_t>(1U << (offense.day - day));
  uint32_t& last = offense.minutes[static_cast<size_t>(detection)];
  const uint32_t now = MinuteOf(at);
  last = std::max(last, now);
  const auto kinds = std::count_if(
      offense.minutes.begin(), offense.minutes.end(),
      [now](uint32_t minute) { return minute != 0 && uint64_t{minute} + kMinutesOfDay > now; });
  return {static_cast<uint32_t>(std::popcount(offense.days)), static_cast<uint32_t>(kinds)};
}

bool Offenders::Forget(const ClientKey& key) {
  const auto slot = offenses_.Find(key);
  if (slot == LruTable<Offense>::kNone) return false;
  offenses_.Erase(slot);
  return true;
}

void Offenders::ForgetAll() {
  while (offenses_.Oldest() != LruTable<Offense>::kNone) offenses_.Erase(offenses_.Oldest());
}

void Offenders::Save(ByteWriter& writer) const {
  writer.Number(offenses_.size());
  for (auto slot = offenses_.Oldest(); slot != LruTable<Offense>::kNone;
       slot = offenses_.NextNewer(slot)) {
    const Offense& offense = offenses_[slot];
    const ClientKey& key = offenses_.KeyOf(slot);
    writer.Number(key.high);
    writer.Number(key.low);
    writer.Flag(key.named);
    writer.Flag(key.hashed);
    writer.Signed(offense.day);
    writer.Number(offense.days);
    writer.Number(static_cast<uint64_t>(std::count_if(offense.minutes.begin(),
                                                      offense.minutes.end(),
                                                      [](uint32_t minute) { return minute != 0; })));
    for (size_t i = 0; i < kDetectionCount; ++i) {
      if (offense.minutes[i] == 0) continue;
      writer.Text(DetectionName(static_cast<Detection>(i)));
      writer.Number(offense.minutes[i]);
    }
  }
}

bool Offenders::Load(ByteReader& reader) {
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    ClientKey key;
    key.high = reader.Number();
    key.low = reader.Number();
    key.named = reader.Flag();
    key.hashed = reader.Flag();
    Offense offense;
    offense.day = reader.Signed();
    offense.days = static_cast<uint8_t>(reader.NumberUpTo(kAllDays));
    constexpr int64_t kFarthestDay = kFarthest / std::chrono::days{1};
    if (offense.day < -kFarthestDay || offense.day > kFarthestDay) reader.Fail();
    for (uint64_t kinds = reader.NumberUpTo(kDetectionCount); kinds > 0 && reader.ok(); --kinds) {
      const auto detection = DetectionFromName(reader.Text());
      const uint64_t minute = reader.NumberUpTo(std::numeric_limits<uint32_t>::max());
      if (!detection || minute == 0) return reader.Fail(), false;
      offense.minutes[static_cast<size_t>(*detection)] = static_cast<uint32_t>(minute);
    }
    if (!reader.ok()) break;
    if (offenses_.Find(key) != LruTable<Offense>::kNone) return reader.Fail(), false;
    if (left > most_) continue;
    offenses_[offenses_.Insert(key)] = offense;
  }
  return reader.ok();
}

void Offenders::KeepIf(const std::function<bool(const ClientKey&)>& keep) {
  for (auto slot = offenses_.Oldest(); slot != LruTable<Offense>::kNone;) {
    const auto next = offenses_.NextNewer(slot);
    if (!keep(offenses_.KeyOf(slot))) offenses_.Erase(slot);
    slot = next;
  }
}

}  // namespace accesslog
