#include "clients/churn_limit.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "clients/saved.h"

namespace accesslog {

int64_t ChurnLimit::MinuteOf(Time time) {
  return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count();
}

void ChurnLimit::Forget(Time now) {
  const int64_t minute = MinuteOf(now);
  if (minute == minute_) return;
  // A clock that steps back changes nothing; the births stay where they are.
  const int64_t passed = std::min(minute - minute_, kMinutes);
  for (int64_t i = 0; i < passed; ++i) {
    uint32_t& oldest = BirthsIn(minute - i);
    sum_ -= oldest;
    oldest = 0;
  }
  minute_ = std::max(minute_, minute);
}

bool ChurnLimit::WouldAllow(Time now, double share) {
  Forget(now);
  return sum_ < per_hour_ && (sum_ == 0 || static_cast<double>(sum_) < share * per_hour_);
}

bool ChurnLimit::Allow(Time now, double share) {
  if (!WouldAllow(now, share)) return false;
  ++BirthsIn(minute_);
  ++sum_;
  return true;
}

void ChurnLimit::Save(ByteWriter& writer) const {
  writer.Number(static_cast<uint64_t>(minute_));
  for (int64_t i = 0; i < std::min(kMinutes, minute_ + 1); ++i) {
    writer.Number(births_[static_cast<size_t>((minute_ - i) % kMinutes)]);
  }
}

bool ChurnLimit::Load(ByteReader& reader, Time now) {
  const auto saved =
      static_cast<int64_t>(reader.NumberUpTo(static_cast<uint64_t>(MinuteOf(Time{kFarthest}))));
  minute_ = std::clamp<int64_t>(MinuteOf(now), 0, saved);
  for (int64_t i = 0; i < std::min(kMinutes, saved + 1); ++i) {
    const auto births =
        static_cast<uint32_t>(reader.NumberUpTo(std::numeric_limits<uint32_t>::max()));
    if (i > minute_) continue;
    BirthsIn(minute_ - i) = births;
    sum_ += births;
  }
  return reader.ok();
}

}  // namespace accesslog
