// A cumulative histogram with fixed bucket bounds, as Prometheus counts one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/byte_codec.h"

namespace accesslog {

// Upper bounds in seconds; the client libraries' defaults, and 30 and 60 for slow uploads.
inline constexpr std::array<double, 13> kDurationBounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                                           1,     2.5,  5,     10,   30,  60};

class DurationHistogram {
 public:
  void Observe(double seconds);

  uint64_t count() const { return count_; }
  double sum() const { return sum_; }
  // Observations at or below kDurationBounds[i].
  uint64_t Cumulative(size_t i) const;

  void Save(ByteWriter& writer) const;
  // For an object that was just made; false, and it is to be thrown away, where the bytes are
  // damaged.
  bool Load(ByteReader& reader);

 private:
  std::array<uint64_t, kDurationBounds.size()> buckets_{};  // each without the ones below
  uint64_t count_ = 0;
  double sum_ = 0;
};

}  // namespace accesslog
