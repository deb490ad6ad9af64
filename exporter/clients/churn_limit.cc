#include "clients/churn_limit.h"

#include <algorithm>
#include <chrono>

namespace accesslog {

bool ChurnLimit::Allow(Time now) {
  const int64_t minute = std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
  // A clock that steps back changes nothing; the births stay where they are.
  const int64_t passed = std::min(minute - minute_, kMinutes);
  for (int64_t i = 0; i < passed; ++i) {
    uint32_t& oldest = births_[static_cast<size_t>((minute - i) % kMinutes)];
    sum_ -= oldest;
    oldest = 0;
  }
  minute_ = std::max(minute_, minute);
  if (sum_ >= per_hour_) return false;
  ++births_[static_cast<size_t>(minute_ % kMinutes)];
  ++sum_;
  return true;
}

}  // namespace accesslog
