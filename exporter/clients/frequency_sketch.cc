#include "clients/frequency_sketch.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <new>

#include "clients/lru_table.h"

namespace accesslog {
namespace {

constexpr uint32_t kMostCounted = std::numeric_limits<uint16_t>::max();
constexpr uint32_t kNarrowest = 64;

}  // namespace

FrequencySketch::FrequencySketch(uint32_t width, uint64_t secret)
    : width_(std::bit_ceil(std::max(width, kNarrowest))), secret_(secret) {}

// Low bits choose the cache line, high ones the counter in each of its quarters.
FrequencySketch::Places FrequencySketch::PlacesOf(const ClientKey& key) const {
  const uint64_t hash = HashKey(key, secret_);
  const auto line = static_cast<uint32_t>(hash) & (width_ / kRowCounters - 1);
  Places places;
  for (uint32_t row = 0; row < kRows; ++row) {
    const auto counter = static_cast<uint32_t>(hash >> (52U + 3U * row)) % kRowCounters;
    places[row] = (line * kRows + row) * kRowCounters + counter;
  }
  return places;
}

uint32_t FrequencySketch::Least(const Places& places) const {
  uint32_t least = kMostCounted;
  for (const uint32_t place : places) least = std::min<uint32_t>(least, counters_[place]);
  return least;
}

void FrequencySketch::RaiseTo(const Places& places, uint32_t value) {
  const auto counted = static_cast<Counter>(std::min(value, kMostCounted));
  for (const uint32_t place : places) counters_[place] = std::max(counters_[place], counted);
}

uint32_t FrequencySketch::Add(const ClientKey& key, uint32_t weight) {
  if (counters_ == nullptr) Allocate();
  CountAddition();
  const Places places = PlacesOf(key);
  const uint32_t value = std::min(Least(places) + weight, kMostCounted);
  RaiseTo(places, value);
  return value;
}

void FrequencySketch::Fetch(const ClientKey& key) const {
  if (counters_ != nullptr) Prefetch(&counters_[PlacesOf(key)[0]]);
}

void FrequencySketch::Raise(const ClientKey& key, uint32_t value) {
  if (value == 0) return;
  if (counters_ == nullptr) Allocate();
  CountAddition();
  RaiseTo(PlacesOf(key), value);
}

uint32_t FrequencySketch::Estimate(const ClientKey& key) const {
  return counters_ != nullptr ? Least(PlacesOf(key)) : 0;
}

void FrequencySketch::CountAddition() {
  if (++additions_ < width_ / 4) return;
  additions_ = 0;
  Halve();
}

void FrequencySketch::Halve() {
  if (counters_ == nullptr) return;
  for (Counter& counter : All()) counter = static_cast<Counter>(counter / 2);
}

void FrequencySketch::Allocate() {
  // Room for the beginning to stand where a cache line does.
  const size_t size = size_t{width_} * kRows * sizeof(Counter);
  auto* memory = static_cast<char*>(std::calloc(size + kCacheLine, 1));
  if (memory == nullptr) throw std::bad_alloc();
  memory_.reset(memory);
  const auto past = reinterpret_cast<uintptr_t>(memory) % kCacheLine;
  counters_ = reinterpret_cast<Counter*>(memory + (kCacheLine - past));
}

// Most counters are 0: written are the counters that are not, each behind the number of zeros in front.
void FrequencySketch::Save(ByteWriter& writer) const {
  writer.Number(width_);
  writer.Number(secret_);
  writer.Number(additions_);
  uint64_t zeros = 0;
  if (counters_ != nullptr) {
    for (const Counter counter : All()) {
      if (counter == 0) {
        ++zeros;
        continue;
      }
      writer.Number(counter);
      writer.Number(zeros);
      zeros = 0;
    }
  }
  writer.Number(0);
}

bool FrequencySketch::Load(ByteReader& reader) {
  const uint64_t width = reader.NumberUpTo(std::numeric_limits<uint32_t>::max());
  const bool same = width == width_;
  const uint64_t secret = reader.Number();
  const uint64_t additions = reader.NumberUpTo(std::numeric_limits<uint32_t>::max());
  if (same && additions >= width_ / 4) reader.Fail();
  uint64_t place = 0;
  for (uint64_t counter = 1; reader.ok();) {
    counter = reader.NumberUpTo(kMostCounted);
    if (counter == 0) break;
    place += reader.NumberUpTo(width * kRows);
    if (place >= width * kRows) reader.Fail();
    if (!reader.ok()) return false;
    if (same) {
      if (counters_ == nullptr) Allocate();
      counters_[place] = static_cast<Counter>(counter);
    }
    ++place;
  }
  if (!same) return reader.ok();
  secret_ = secret;
  additions_ = static_cast<uint32_t>(additions);
  return reader.ok();
}

}  // namespace accesslog
