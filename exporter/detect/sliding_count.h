// How many events the last minutes held: a ring of sub-buckets, fixed memory, O(1) per event.
//
// Sum(span) counts the events of the last `span` and misses at most those of its oldest sub-bucket;
// it never counts an event older than `span`.
//
// The sizes are part of the type, because each suspect has such rings: so they stand in its own
// memory, and the compiler turns the divisions by them into multiplications.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/saved.h"

namespace accesslog {

template <int64_t kBucketSeconds, int64_t kBuckets>
class SlidingCount {
 public:
  static constexpr Duration kBucket = std::chrono::seconds{kBucketSeconds};
  static constexpr Duration kRing = kBucket * kBuckets;

  // An event older than the whole ring is not counted.
  void Add(Time at, uint32_t events = 1);

  // Events in (now - span, now]; `span` is at most the whole ring.
  uint32_t Sum(Time now, Duration span) const;

  // When the oldest sub-bucket of that Sum begins that is not empty.
  std::optional<Time> First(Time now, Duration span) const;

  // No Sum is larger.
  uint64_t total() const { return total_; }

  void Save(ByteWriter& writer) const;
  // For an object that was just made; false, and it is to be thrown away, where the bytes are damaged.
  bool Load(ByteReader& reader);

 private:
  static constexpr uint32_t kMost = std::numeric_limits<uint32_t>::max();

  static int64_t BucketOf(Time at) { return at.time_since_epoch() / kBucket; }
  static size_t Index(int64_t bucket) { return static_cast<size_t>(bucket % kBuckets); }
  int64_t Oldest() const { return std::max<int64_t>(newest_ - kBuckets + 1, 0); }
  void Advance(int64_t bucket);
  uint64_t SumOf(int64_t first, int64_t last) const;

  int64_t newest_ = 0;  // bucket number
  uint64_t total_ = 0;  // of all counts
  std::array<uint32_t, kBuckets> counts_{};
};

template <int64_t kBucketSeconds, int64_t kBuckets>
void SlidingCount<kBucketSeconds, kBuckets>::Add(Time at, uint32_t events) {
  const int64_t bucket = BucketOf(at);
  if (bucket < Oldest()) return;
  if (bucket > newest_) Advance(bucket);
  uint32_t& count = counts_[Index(bucket)];
  events = std::min(events, kMost - count);
  count += events;
  total_ += events;
}

template <int64_t kBucketSeconds, int64_t kBuckets>
uint32_t SlidingCount<kBucketSeconds, kBuckets>::Sum(Time now, Duration span) const {
  const int64_t newest = BucketOf(now);
  const int64_t first = std::max(newest - span / kBucket + 1, Oldest());
  const int64_t last = std::min(newest, newest_);
  if (total_ == 0 || first > last) return 0;
  const bool whole = first == Oldest() && last == newest_;
  return static_cast<uint32_t>(std::min<uint64_t>(whole ? total_ : SumOf(first, last), kMost));
}

template <int64_t kBucketSeconds, int64_t kBuckets>
std::optional<Time> SlidingCount<kBucketSeconds, kBuckets>::First(Time now, Duration span) const {
  const int64_t newest = BucketOf(now);
  const int64_t last = std::min(newest, newest_);
  for (int64_t b = std::max(newest - span / kBucket + 1, Oldest()); b <= last; ++b) {
    if (counts_[Index(b)] != 0) return Time{b * kBucket};
  }
  return std::nullopt;
}

// Empties the buckets up to `bucket`, which becomes the newest.
template <int64_t kBucketSeconds, int64_t kBuckets>
void SlidingCount<kBucketSeconds, kBuckets>::Advance(int64_t bucket) {
  int64_t empty = total_ == 0 ? 0 : std::min(bucket - newest_, kBuckets);
  for (size_t at = Index(newest_); empty > 0; --empty) {
    at = at + 1 == counts_.size() ? 0 : at + 1;
    total_ -= counts_[at];
    counts_[at] = 0;
  }
  newest_ = bucket;
}

template <int64_t kBucketSeconds, int64_t kBuckets>
uint64_t SlidingCount<kBucketSeconds, kBuckets>::SumOf(int64_t first, int64_t last) const {
  const auto* from = counts_.begin() + Index(first);
  const auto* to = counts_.begin() + Index(last) + 1;
  if (from < to) return std::accumulate(from, to, uint64_t{0});
  return std::accumulate(from, counts_.end(), uint64_t{0}) +
         std::accumulate(counts_.begin(), to, uint64_t{0});
}

// Mostly nearly all buckets are empty: how many are not, then each by its age, from new to old.
template <int64_t kBucketSeconds, int64_t kBuckets>
void SlidingCount<kBucketSeconds, kBuckets>::Save(ByteWriter& writer) const {
  writer.Number(static_cast<uint64_t>(newest_));
  writer.Number(counts_.size() -
                static_cast<size_t>(std::count(counts_.begin(), counts_.end(), uint32_t{0})));
  size_t at = Index(newest_);
  for (uint64_t age = 0; age < counts_.size(); ++age) {
    if (counts_[at] != 0) {
      writer.Number(age);
      writer.Number(counts_[at]);
    }
    at = at == 0 ? counts_.size() - 1 : at - 1;
  }
}

template <int64_t kBucketSeconds, int64_t kBuckets>
bool SlidingCount<kBucketSeconds, kBuckets>::Load(ByteReader& reader) {
  newest_ = static_cast<int64_t>(reader.NumberUpTo(static_cast<uint64_t>(kFarthest / kBucket)));
  const auto oldest = static_cast<uint64_t>(newest_ - Oldest());
  for (uint64_t left = reader.NumberUpTo(counts_.size()); left > 0 && reader.ok(); --left) {
    const auto age = static_cast<int64_t>(reader.NumberUpTo(oldest));
    uint32_t& count = counts_[Index(newest_ - age)];
    if (count != 0) reader.Fail();
    count = static_cast<uint32_t>(reader.NumberUpTo(kMost));
    if (count == 0) reader.Fail();
    total_ += count;
  }
  return reader.ok();
}

}  // namespace accesslog
