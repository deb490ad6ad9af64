// Which clients came within the last days, in a table of fixed size: at most 2^18 of them in 1 MiB,
// growing from 8 KiB. Single-threaded; part of Visitors, which keeps one for each scope.
//
// An entry has 4 bytes: 24 bits of the client's hash, the day of its last visit, and on how many days
// it came. 16 of them, a cache line, are a bucket. In a full bucket who came on one day only makes room
// for who comes next, the oldest first; at least four places of a bucket are for such. So a spray of
// any number of new addresses forgets other newcomers, but nobody who came on a second day.
//
// A newcomer is taken for somebody known where his hash agrees with one of the bucket: in a full table
// of 2^18 once in 8,192 (16 · 2^-17), in one of 2^14 once in 131,072. Nobody can choose such an address,
// for the hash is keyed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/byte_codec.h"

namespace accesslog {

class KnownClients {
 public:
  // Days are told apart modulo 64.
  static constexpr int64_t kMostDays = 56;

  // `known_days` is 1…kMostDays; `most`, a power of two from 2^11 to 2^18, is the size of the full
  // table.
  KnownClients(int64_t known_days, uint32_t most) : known_days_(known_days), most_(most) {}

  // Days begin, whatever the lines say afterwards. Forgets who did not come for more than known_days.
  // A clock that was ahead and is set back costs nobody his place.
  void SetToday(int64_t day);
  int64_t today() const { return today_; }

  // A visit on `day`, which is not behind today: whether the client did not come in the known_days
  // before. Visits longer ago than that are not looked at.
  bool Visit(uint64_t hash, int64_t day);
  bool Knows(uint64_t hash) const;
  // Whether it was known.
  bool Forget(uint64_t hash);
  void Clear();

  uint32_t size() const { return size_; }
  // Clients who gave up their places to others before their time.
  uint64_t displaced() const { return displaced_; }

  // One part for each 4,096 entries, always of the same length, so that the database writes only
  // the pages in which a client is that came for the first time today.
  void Save(ByteWriter& head, std::map<std::string, std::string>& parts,
            const std::string& prefix) const;
  bool Load(ByteReader& head, const std::map<std::string, std::string>& parts,
            const std::string& prefix);

 private:
  static constexpr size_t kWays = 16;
  // So many entries of a bucket may be of clients that came on several days.
  static constexpr size_t kMostEstablished = 12;
  static constexpr size_t kBucketsOfPart = 256;
  struct alignas(64) Bucket {
    std::array<uint32_t, kWays> entries{};
  };

  uint64_t AgeOf(uint32_t entry) const;
  void Sweep(int64_t day);
  Bucket& BucketOf(uint32_t print, uint64_t hash) { return buckets_[IndexOf(print, hash)]; }
  size_t IndexOf(uint32_t print, uint64_t hash) const;
  const uint32_t* Find(uint64_t hash) const;
  void Insert(uint32_t entry, uint64_t hash);
  void Promote(Bucket& bucket, uint32_t& entry);
  uint32_t* LeastWanted(Bucket& bucket, bool established) const;
  bool MayGrow() const;
  void Grow();
  std::string PartOf(size_t first) const;
  bool LoadPart(const std::string& bytes, size_t first);

  int64_t known_days_;
  uint32_t most_;
  std::vector<Bucket> buckets_;  // none before the first visit; then a power of two
  int64_t today_ = 0;
  uint32_t size_ = 0;
  uint64_t displaced_ = 0;
};

}  // namespace accesslog
