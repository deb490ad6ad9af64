// How many requests each client made in the last minute, for all clients: one cache line for two of them,
// in fixed memory, with no place to be found or given up first. Where a set is full the client that did
// least makes room, so who floods stays and is counted exactly, whatever is sprayed around him; who was
// displaced begins anew.
//
// A minute is six sub-buckets; a count misses at most those of its oldest one, and never counts a request
// that is older than a minute.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/lru_table.h"

namespace accesslog {

class RateTable {
 public:
  struct Rate {
    uint32_t requests = 0;
    uint32_t dynamic = 0;  // not of static files
    bool watched = false;  // somebody wants to see each request of this client
  };

  // A power of two sets, of four clients and 128 bytes each. `secret` is used until other bytes are
  // loaded.
  RateTable(uint64_t secret, size_t sets) : secret_(secret), sets_(sets) {}

  // One more request, and the minute up to `at` with it.
  Rate Add(const ClientKey& key, Time at, bool dynamic);
  // The minute up to `at`.
  Rate Get(const ClientKey& key, Time at) const;
  void SetWatched(const ClientKey& key, bool watched);
  // As LruTable's, for an Add to come.
  void FetchPlace(const ClientKey& key) const { Prefetch(&SetOf(HashKey(key, secret_))); }

  void Forget(const ClientKey& key);
  void Clear() { std::fill(sets_.begin(), sets_.end(), Set{}); }

  // The clients of the last minute before `now`.
  void Save(ByteWriter& writer, Time now) const;
  // Where they were saved with another number of sets, nothing is known afterwards.
  bool Load(ByteReader& reader);

 private:
  static constexpr size_t kWays = 4;
  static constexpr size_t kBuckets = 6;
  static constexpr Duration kBucket = std::chrono::seconds{10};

  struct Entry {
    uint32_t tag = 0;      // 0: free
    uint32_t newest = 0;   // number of the newest sub-bucket, times two; with `watched` in the last bit
    std::array<uint16_t, kBuckets> requests{};
    std::array<uint16_t, kBuckets> dynamic{};

    uint32_t bucket() const { return newest >> 1U; }
    bool watched() const { return (newest & 1U) != 0; }
  };
  static_assert(sizeof(Entry) == 32);
  struct alignas(64) Set {
    std::array<Entry, kWays> entries;
  };

  static uint32_t BucketOf(Time at);
  static uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32U) | 1U; }
  const Set& SetOf(uint64_t hash) const { return sets_[hash & (sets_.size() - 1)]; }
  Set& SetOf(uint64_t hash) { return sets_[hash & (sets_.size() - 1)]; }
  static void Advance(Entry& entry, uint32_t bucket);
  static Rate RateAt(const Entry& entry, uint32_t bucket);
  static Entry& LeastOf(Set& set, uint32_t bucket);

  uint64_t secret_;
  std::vector<Set> sets_;
};

}  // namespace accesslog
