#include "clients/known_clients.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "clients/saved.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace accesslog {
namespace {

// An entry: 24 bits of the hash, never all 0; 6 bits of the day of the last visit; 2 bits, one less
// than the number of days with a visit, at most 3. 0 is no entry.
constexpr uint32_t kPrint = 0xFFFFFFU;
constexpr unsigned kDayShift = 24;
constexpr uint32_t kDayMask = 63;
constexpr unsigned kDaysShift = 30;
constexpr uint32_t kMostExtraDays = 3;

// Which bucket of the smallest table; larger ones take further bits from the print.
constexpr unsigned kBaseBits = 7;
constexpr size_t kLeastBuckets = size_t{1} << kBaseBits;

// A bit for each entry with that print.
uint32_t WaysOf(const std::array<uint32_t, 16>& entries, uint32_t print) {
#ifdef __SSE2__
  const __m128i wanted = _mm_set1_epi32(static_cast<int>(print));
  const __m128i mask = _mm_set1_epi32(static_cast<int>(kPrint));
  const auto* const words = reinterpret_cast<const __m128i*>(entries.data());
  const auto equal = [&](size_t i) {
    return _mm_cmpeq_epi32(_mm_and_si128(_mm_load_si128(words + i), mask), wanted);
  };
  const __m128i low = _mm_packs_epi32(equal(0), equal(1));
  const __m128i high = _mm_packs_epi32(equal(2), equal(3));
  return static_cast<uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
#else
  uint32_t ways = 0;
  for (size_t way = 0; way < entries.size(); ++way) {
    ways |= static_cast<uint32_t>((entries[way] & kPrint) == print) << way;
  }
  return ways;
#endif
}

uint32_t PrintOf(uint64_t hash) {
  const auto print = static_cast<uint32_t>(hash >> 8U) & kPrint;
  return print == 0 ? 1 : print;
}

uint32_t DayBits(int64_t day) {
  return (static_cast<uint32_t>(static_cast<uint64_t>(day)) & kDayMask) << kDayShift;
}

uint32_t ExtraDays(uint32_t entry) { return entry >> kDaysShift; }
bool IsEstablished(uint32_t entry) { return ExtraDays(entry) > 0; }
uint32_t WithDay(uint32_t entry, int64_t day) {
  return (entry & ~(kDayMask << kDayShift)) | DayBits(day);
}
uint32_t WithExtraDays(uint32_t entry, uint32_t days) {
  return (entry & ~(~uint32_t{0} << kDaysShift)) | days << kDaysShift;
}

}  // namespace

uint64_t KnownClients::AgeOf(uint32_t entry) const {
  return (static_cast<uint64_t>(today_) - (entry >> kDayShift & kDayMask)) & kDayMask;
}

size_t KnownClients::IndexOf(uint32_t print, uint64_t hash) const {
  const size_t base = hash & (kLeastBuckets - 1);
  return (base | size_t{print} << kBaseBits) & (buckets_.size() - 1);
}

const uint32_t* KnownClients::Find(uint64_t hash) const {
  if (buckets_.empty()) return nullptr;
  const uint32_t print = PrintOf(hash);
  const auto& entries = buckets_[IndexOf(print, hash)].entries;
  const uint32_t hits = WaysOf(entries, print);
  return hits == 0 ? nullptr : &entries[static_cast<size_t>(std::countr_zero(hits))];
}

bool KnownClients::Knows(uint64_t hash) const { return Find(hash) != nullptr; }

void KnownClients::SetToday(int64_t day) {
  if (day == today_) return;
  Sweep(day);
  today_ = day;
}

// Forgets whoever will be away for too long on `day`.
void KnownClients::Sweep(int64_t day) {
  for (Bucket& bucket : buckets_) {
    for (uint32_t& entry : bucket.entries) {
      if (entry == 0) continue;
      const int64_t last = std::min(today_ - static_cast<int64_t>(AgeOf(entry)), day);
      const bool too_long = day - last > known_days_;
      size_ -= too_long ? 1 : 0;
      entry = too_long ? 0 : WithDay(entry, last);
    }
  }
}

bool KnownClients::Visit(uint64_t hash, int64_t day) {
  const auto age = static_cast<uint64_t>(today_ - day);
  if (const uint32_t* found = Find(hash)) {
    if (AgeOf(*found) <= age) return false;
    Bucket& bucket = BucketOf(PrintOf(hash), hash);
    auto& entry = bucket.entries[static_cast<size_t>(found - bucket.entries.data())];
    entry = WithDay(entry, day);
    Promote(bucket, entry);
    return false;
  }
  if (age > static_cast<uint64_t>(known_days_)) return false;
  Insert(PrintOf(hash) | DayBits(day), hash);
  return true;
}

// One more day of visits. Where too many of the bucket have several, the least wanted of them is from
// now on as easily displaced as a newcomer.
void KnownClients::Promote(Bucket& bucket, uint32_t& entry) {
  if (ExtraDays(entry) == kMostExtraDays) return;
  const auto established = static_cast<size_t>(
      std::count_if(bucket.entries.begin(), bucket.entries.end(), IsEstablished));
  if (!IsEstablished(entry) && established >= kMostEstablished) {
    uint32_t& least = *LeastWanted(bucket, true);
    least = WithExtraDays(least, 0);
  }
  entry = WithExtraDays(entry, ExtraDays(entry) + 1);
}

// Of those that came on one day only, or of the others: who came on the fewest days, then who stayed
// away for longest.
uint32_t* KnownClients::LeastWanted(Bucket& bucket, bool established) const {
  const auto rank = [&](uint32_t entry) {
    return std::pair(ExtraDays(entry), ~AgeOf(entry));
  };
  uint32_t* least = nullptr;
  for (uint32_t& entry : bucket.entries) {
    if (IsEstablished(entry) != established) continue;
    if (least == nullptr || rank(entry) < rank(*least)) least = &entry;
  }
  return least;
}

bool KnownClients::MayGrow() const {
  const size_t places = buckets_.size() * kWays;
  // In a table that is a quarter full, a bucket is full by chance once in a million.
  return places < most_ && size_ > places / 4;
}

void KnownClients::Insert(uint32_t entry, uint64_t hash) {
  if (buckets_.empty()) buckets_.resize(kLeastBuckets);
  while (true) {
    Bucket& bucket = BucketOf(entry & kPrint, hash);
    const auto free = std::find(bucket.entries.begin(), bucket.entries.end(), 0U);
    if (free != bucket.entries.end()) {
      *free = entry;
      ++size_;
      return;
    }
    if (!MayGrow()) {
      *LeastWanted(bucket, false) = entry;
      ++displaced_;
      return;
    }
    Grow();
  }
}

// Each bucket is parted in two, by the next bit of the prints.
void KnownClients::Grow() {
  const size_t before = buckets_.size();
  const uint32_t bit = static_cast<uint32_t>(before >> kBaseBits);
  buckets_.resize(before * 2);
  for (size_t i = 0; i < before; ++i) {
    for (size_t way = 0; way < kWays; ++way) {
      uint32_t& entry = buckets_[i].entries[way];
      if ((entry & bit) != 0) buckets_[before + i].entries[way] = std::exchange(entry, 0);
    }
  }
}

bool KnownClients::Forget(uint64_t hash) {
  const uint32_t* const found = Find(hash);
  if (found == nullptr) return false;
  Bucket& bucket = BucketOf(PrintOf(hash), hash);
  bucket.entries[static_cast<size_t>(found - bucket.entries.data())] = 0;
  --size_;
  return true;
}

void KnownClients::Clear() {
  buckets_ = {};
  size_ = 0;
}

void KnownClients::Save(ByteWriter& head, std::map<std::string, std::string>& parts,
                        const std::string& prefix) const {
  head.Signed(today_);
  head.Number(displaced_);
  head.Number(buckets_.size());
  for (size_t first = 0; first < buckets_.size(); first += kBucketsOfPart) {
    parts[prefix + std::to_string(first / kBucketsOfPart)] = PartOf(first);
  }
}

std::string KnownClients::PartOf(size_t first) const {
  const size_t end = std::min(first + kBucketsOfPart, buckets_.size());
  std::string bytes;
  bytes.reserve((end - first) * sizeof(Bucket));
  for (size_t i = first; i < end; ++i) {
    for (const uint32_t entry : buckets_[i].entries) {
      for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(entry >> shift);
    }
  }
  return bytes;
}

bool KnownClients::Load(ByteReader& head, const std::map<std::string, std::string>& parts,
                        const std::string& prefix) {
  constexpr int64_t kFarthestDay = kFarthest / std::chrono::hours{24};
  const int64_t today = head.Signed();
  displaced_ = head.NumberUpTo(kMostCounted);
  const uint64_t count = head.NumberUpTo(uint64_t{1} << 14U);
  const bool fits = count == 0 || (count >= kLeastBuckets && std::has_single_bit(count));
  if (!head.ok() || !fits || today < -kFarthestDay || today > kFarthestDay) return false;
  today_ = today;
  buckets_.resize(count);
  for (size_t first = 0; first < count; first += kBucketsOfPart) {
    const auto part = parts.find(prefix + std::to_string(first / kBucketsOfPart));
    if (part == parts.end() || !LoadPart(part->second, first)) return false;
  }
  // A table that may not be so large now is begun anew.
  if (count * kWays > most_) Clear();
  Sweep(today_);
  return true;
}

bool KnownClients::LoadPart(const std::string& bytes, size_t first) {
  const size_t end = std::min(first + kBucketsOfPart, buckets_.size());
  if (bytes.size() != (end - first) * sizeof(Bucket)) return false;
  for (size_t i = 0; i < bytes.size() / 4; ++i) {
    uint32_t entry = 0;
    for (unsigned at = 0; at < 4; ++at) {
      entry |= uint32_t{static_cast<uint8_t>(bytes[4 * i + at])} << (8 * at);
    }
    Bucket& bucket = buckets_[first + i / kWays];
    // The bits that chose the bucket stand in the print, too.
    const size_t chosen = (first + i / kWays) >> kBaseBits;
    const size_t larger = (buckets_.size() >> kBaseBits) - 1;
    const bool is_here = (entry & kPrint) != 0 && (entry & larger) == chosen;
    if (entry != 0 && !is_here) return false;
    bucket.entries[i % kWays] = entry;
    size_ += entry != 0 ? 1 : 0;
  }
  for (size_t i = first; i < end; ++i) {
    const auto& entries = buckets_[i].entries;
    const auto established = std::count_if(entries.begin(), entries.end(), IsEstablished);
    if (static_cast<size_t>(established) > kMostEstablished) return false;
  }
  return true;
}

}  // namespace accesslog
