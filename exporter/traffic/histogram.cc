#include "traffic/histogram.h"

#include <algorithm>
#include <numeric>

namespace accesslog {

void DurationHistogram::Observe(double seconds) {
  ++count_;
  sum_ += seconds;
  const auto* bound = std::lower_bound(kDurationBounds.begin(), kDurationBounds.end(), seconds);
  if (bound != kDurationBounds.end()) ++buckets_[static_cast<size_t>(bound - kDurationBounds.begin())];
}

uint64_t DurationHistogram::Cumulative(size_t i) const {
  return std::accumulate(buckets_.begin(), buckets_.begin() + static_cast<ptrdiff_t>(i) + 1,
                         uint64_t{0});
}

}  // namespace accesslog
