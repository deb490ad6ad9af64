#include "detect/rate_table.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace accesslog {
namespace {

constexpr uint64_t kMostSets = uint64_t{1} << 20U;

void Increment(uint16_t& count) {
  if (count < std::numeric_limits<uint16_t>::max()) ++count;
}

}  // namespace

uint32_t RateTable::BucketOf(Time at) {
  // Times before 1970 and after 5000 are all alike.
  constexpr int64_t kLast = std::numeric_limits<int32_t>::max();
  return static_cast<uint32_t>(std::clamp<int64_t>(at.time_since_epoch() / kBucket, 0, kLast));
}

// Empties the sub-buckets up to `bucket`, which becomes the newest.
void RateTable::Advance(Entry& entry, uint32_t bucket) {
  const uint32_t gone = std::min<uint32_t>(bucket - entry.bucket(), kBuckets);
  for (uint32_t i = 0; i < gone; ++i) {
    entry.requests[(bucket - i) % kBuckets] = 0;
    entry.dynamic[(bucket - i) % kBuckets] = 0;
  }
  entry.newest = bucket << 1U | (entry.newest & 1U);
}

RateTable::Rate RateTable::RateAt(const Entry& entry, uint32_t bucket) {
  Rate rate;
  rate.watched = entry.watched();
  for (uint32_t age = 0; age < kBuckets && age <= entry.bucket(); ++age) {
    const uint32_t number = entry.bucket() - age;
    if (number > bucket || bucket - number >= kBuckets) continue;
    rate.requests += entry.requests[number % kBuckets];
    rate.dynamic += entry.dynamic[number % kBuckets];
  }
  return rate;
}

// A free place, or the one of who did least in the last minute. Whom somebody watches goes last.
RateTable::Entry& RateTable::LeastOf(Set& set, uint32_t bucket) {
  const auto worth = [bucket](const Entry& entry) -> uint64_t {
    if (entry.tag == 0) return 0;
    const Rate rate = RateAt(entry, bucket);
    return 1 + rate.requests + (rate.watched ? 64U : 0U);
  };
  return *std::min_element(set.entries.begin(), set.entries.end(),
                           [&](const Entry& a, const Entry& b) { return worth(a) < worth(b); });
}

RateTable::Rate RateTable::Add(const ClientKey& key, Time at, bool dynamic) {
  const uint64_t hash = HashKey(key, secret_);
  Set& set = SetOf(hash);
  const uint32_t bucket = BucketOf(at);
  const uint32_t tag = TagOf(hash);
  auto* entry = std::find_if(set.entries.begin(), set.entries.end(),
                             [tag](const Entry& candidate) { return candidate.tag == tag; });
  if (entry == set.entries.end()) {
    entry = &LeastOf(set, bucket);
    *entry = Entry{.tag = tag, .newest = bucket << 1U};
  }
  if (bucket > entry->bucket()) Advance(*entry, bucket);
  if (entry->bucket() - bucket < kBuckets) {
    Increment(entry->requests[bucket % kBuckets]);
    if (dynamic) Increment(entry->dynamic[bucket % kBuckets]);
  }
  // All of its sub-buckets belong to the minute up to the newest.
  return {std::accumulate(entry->requests.begin(), entry->requests.end(), uint32_t{0}),
          std::accumulate(entry->dynamic.begin(), entry->dynamic.end(), uint32_t{0}),
          entry->watched()};
}

RateTable::Rate RateTable::Get(const ClientKey& key, Time at) const {
  const uint64_t hash = HashKey(key, secret_);
  for (const Entry& entry : SetOf(hash).entries) {
    if (entry.tag == TagOf(hash)) return RateAt(entry, BucketOf(at));
  }
  return {};
}

void RateTable::SetWatched(const ClientKey& key, bool watched) {
  const uint64_t hash = HashKey(key, secret_);
  for (Entry& entry : SetOf(hash).entries) {
    if (entry.tag == TagOf(hash)) entry.newest = (entry.newest & ~1U) | (watched ? 1U : 0U);
  }
}

void RateTable::Forget(const ClientKey& key) {
  const uint64_t hash = HashKey(key, secret_);
  for (Entry& entry : SetOf(hash).entries) {
    if (entry.tag == TagOf(hash)) entry = Entry{};
  }
}

void RateTable::Save(ByteWriter& writer, Time now) const {
  const uint32_t bucket = BucketOf(now);
  const auto is_recent = [bucket](const Entry& entry) {
    return entry.tag != 0 && (entry.watched() || RateAt(entry, bucket).requests > 0);
  };
  writer.Number(secret_);
  writer.Number(sets_.size());
  uint64_t count = 0;
  for (const Set& set : sets_) {
    count += static_cast<uint64_t>(
        std::count_if(set.entries.begin(), set.entries.end(), is_recent));
  }
  writer.Number(count);
  for (size_t i = 0; i < sets_.size(); ++i) {
    for (size_t way = 0; way < kWays; ++way) {
      const Entry& entry = sets_[i].entries[way];
      if (!is_recent(entry)) continue;
      writer.Number(i * kWays + way);
      writer.Number(entry.tag);
      writer.Number(entry.newest);
      for (size_t b = 0; b < kBuckets; ++b) {
        writer.Number(entry.requests[b]);
        writer.Number(entry.dynamic[b]);
      }
    }
  }
}

bool RateTable::Load(ByteReader& reader) {
  constexpr uint64_t kMost16 = std::numeric_limits<uint16_t>::max();
  constexpr uint64_t kMost32 = std::numeric_limits<uint32_t>::max();
  const uint64_t secret = reader.Number();
  const uint64_t sets = reader.NumberUpTo(kMostSets);
  const bool same_size = sets == sets_.size();
  if (same_size) secret_ = secret;
  Entry elsewhere;
  for (uint64_t left = reader.NumberUpTo(sets * kWays); left > 0 && reader.ok(); --left) {
    const uint64_t place = reader.NumberUpTo(sets * kWays - 1);
    Entry& entry = same_size ? sets_[place / kWays].entries[place % kWays] : elsewhere;
    entry.tag = static_cast<uint32_t>(reader.NumberUpTo(kMost32));
    if (entry.tag == 0) reader.Fail();
    entry.newest = static_cast<uint32_t>(reader.NumberUpTo(kMost32));
    for (size_t b = 0; b < kBuckets; ++b) {
      entry.requests[b] = static_cast<uint16_t>(reader.NumberUpTo(kMost16));
      entry.dynamic[b] = static_cast<uint16_t>(reader.NumberUpTo(kMost16));
    }
  }
  return reader.ok();
}

}  // namespace accesslog
