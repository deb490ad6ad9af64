#include "traffic/histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace accesslog {

void DurationHistogram::Observe(double seconds) {
  ++count_;
  sum_ += seconds;
  const auto* bound = std::lower_bound(kDurationBounds.begin(), kDurationBounds.end(), seconds);
  if (bound != kDurationBounds.end())
    ++buckets_[static_cast<size_t>(bound - kDurationBounds.begin())];
}

uint64_t DurationHistogram::Cumulative(size_t i) const {
  return std::accumulate(buckets_.begin(), buckets_.begin() + static_cast<ptrdiff_t>(i) + 1,
                         uint64_t{0});
}

void DurationHistogram::Save(ByteWriter& writer) const {
  for (const uint64_t bucket : buckets_) writer.Number(bucket);
  writer.Number(count_ - Cumulative(buckets_.size() - 1));
  writer.Fraction(sum_);
}

bool DurationHistogram::Load(ByteReader& reader) {
  // So that the sum of them all cannot overflow.
  constexpr uint64_t kMost = uint64_t{1} << 58U;
  for (uint64_t& bucket : buckets_) count_ += bucket = reader.NumberUpTo(kMost);
  count_ += reader.NumberUpTo(kMost);
  sum_ = reader.Fraction();
  // Whatever is added later would change nothing.
  if (!std::isfinite(sum_) || sum_ < 0) reader.Fail();
  return reader.ok();
}

}  // namespace accesslog
