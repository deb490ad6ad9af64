// How many events the last minutes held: a ring of sub-buckets, fixed memory, O(1) per event.
//
// Sum(span) counts the events of the last `span` and misses at most those of its oldest sub-bucket;
// it never counts an event older than `span`.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.h"

namespace accesslog {

class SlidingCount {
 public:
  // Covers bucket × buckets.
  SlidingCount(Duration bucket, size_t buckets) : bucket_(bucket), counts_(buckets) {}

  // An event older than the whole ring is not counted.
  void Add(Time at);

  // Events in (now - span, now]; `span` is at most the whole ring.
  uint32_t Sum(Time now, Duration span) const;

 private:
  int64_t BucketOf(Time at) const { return at.time_since_epoch() / bucket_; }
  uint32_t& At(int64_t bucket) { return counts_[Index(bucket)]; }
  size_t Index(int64_t bucket) const {
    return static_cast<size_t>(bucket) % counts_.size();
  }

  Duration bucket_;
  std::vector<uint32_t> counts_;
  int64_t newest_ = 0;  // bucket number
};

}  // namespace accesslog
