#include "detect/sliding_count.h"

#include <algorithm>
#include <limits>

namespace accesslog {

void SlidingCount::Add(Time at) {
  const int64_t bucket = BucketOf(at);
  const auto size = static_cast<int64_t>(counts_.size());
  if (bucket <= newest_ - size) return;
  for (int64_t b = std::max(newest_ + 1, bucket - size + 1); b <= bucket; ++b) At(b) = 0;
  newest_ = std::max(newest_, bucket);
  uint32_t& count = At(bucket);
  if (count < std::numeric_limits<uint32_t>::max()) ++count;
}

uint32_t SlidingCount::Sum(Time now, Duration span) const {
  const int64_t last = BucketOf(now);
  const auto size = static_cast<int64_t>(counts_.size());
  const int64_t first = std::max(last - span / bucket_ + 1, newest_ - size + 1);
  uint64_t sum = 0;
  for (int64_t b = std::max<int64_t>(first, 0); b <= std::min(last, newest_); ++b) {
    sum += counts_[Index(b)];
  }
  return static_cast<uint32_t>(std::min<uint64_t>(sum, std::numeric_limits<uint32_t>::max()));
}

}  // namespace accesslog
