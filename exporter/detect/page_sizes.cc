// Three things an attacker might try, and what stands against them.
// - To make a real leak look like a catch-all page he needs three other paths of exactly its size:
// so
//   he must know the size before the first request for the leak, which is already told, and the
//   site must let him choose sizes. Where sizes are crowded (a large site, small answers), more
//   paths are needed, as many as chance does not explain.
// - To have the table forget a catch-all page (which costs false alarms, not silence) he fills it
// with
//   other sizes: those push out each other, but never a size that eight paths have, nor one that
//   three have while there is a lesser one.
// - To ask for one thing under many names helps only where names differ after decoding; the caller
//   hashes the decoded path.
#include "detect/page_sizes.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace accesslog {
namespace {

constexpr uint16_t kMostCounted = 0xFFFF;
constexpr uint32_t kMostInOctave = 0xFFFFFFFF;

uint64_t Mix(uint64_t number) {
  number *= 0x9E3779B97F4A7C15U;
  return number ^ (number >> 32U);
}

uint16_t TagOf(uint64_t path_hash) { return static_cast<uint16_t>(Mix(path_hash)); }

size_t OctaveOf(uint64_t bytes) { return static_cast<size_t>(std::bit_width(bytes)) - 1; }

}  // namespace

PageSizes::PageSizes() : entries_(kSets * kWays) {}

uint32_t PageSizes::GenerationOf(Time at) {
  const int64_t generation = at.time_since_epoch() / kGeneration;
  return static_cast<uint32_t>(std::clamp<int64_t>(generation, 0, 0x7FFFFFFF));
}

size_t PageSizes::SetOf(uint64_t bytes) { return Mix(bytes) % kSets * kWays; }

void PageSizes::Entry::Advance(uint32_t to) {
  if (to <= generation) return;
  const bool next = to == generation + 1;
  generation = to;
  previous = next ? current : uint16_t{0};
  current = 0;
  for (Age& age : ages) age = next && age == Age::kCurrent ? Age::kPrevious : Age::kNever;
}

// A path that has no tag yet takes a free one, else the first one of the previous generation, else
// one after the other.
bool PageSizes::Entry::Meet(uint16_t tag) {
  size_t slot = current % kTags;
  for (size_t i = 0; i < kTags; ++i) {
    if (ages[i] == Age::kNever || tags[i] != tag) continue;
    if (ages[i] == Age::kCurrent) return false;
    slot = i;
    break;
  }
  if (ages[slot] == Age::kNever || tags[slot] != tag) {
    for (const Age worst : {Age::kPrevious, Age::kNever}) {
      const auto* found = std::find(ages.begin(), ages.end(), worst);
      if (found != ages.end()) slot = static_cast<size_t>(found - ages.begin());
    }
  }
  tags[slot] = tag;
  ages[slot] = Age::kCurrent;
  if (current < kMostCounted) ++current;
  return true;
}

size_t PageSizes::Entry::Tags() const {
  return kTags - static_cast<size_t>(std::count(ages.begin(), ages.end(), Age::kNever));
}

bool PageSizes::Entry::Holds(uint16_t tag) const {
  for (size_t i = 0; i < kTags; ++i) {
    if (ages[i] != Age::kNever && tags[i] == tag) return true;
  }
  return false;
}

// Paths other than that of `tag`, at least; more than there are tags are counted by generation.
uint32_t PageSizes::Entry::Others(uint16_t tag) const {
  const auto exactly = static_cast<uint32_t>(Tags()) - (Holds(tag) ? 1 : 0);
  if (Tags() < kTags) return exactly;
  const uint32_t counted = std::max(current, previous);
  return std::max(exactly, counted == 0 ? 0 : counted - 1);
}

void PageSizes::Octave::Advance(uint32_t to) {
  if (to <= generation) return;
  previous = to == generation + 1 ? current : 0;
  current = 0;
  generation = to;
}

PageSizes::Entry PageSizes::Find(uint64_t bytes, Time at) const {
  const auto* first = entries_.data() + SetOf(bytes);
  const auto* found =
      std::find_if(first, first + kWays, [&](const Entry& entry) { return entry.bytes == bytes; });
  if (bytes == 0 || found == first + kWays) return {};
  Entry entry = *found;
  entry.Advance(GenerationOf(at));
  return entry;
}

// The entry of that size, at the front of its set; null where the set holds four that are dearer.
PageSizes::Entry* PageSizes::Place(uint64_t bytes, uint32_t generation) {
  Entry* const first = entries_.data() + SetOf(bytes);
  if (first->bytes == bytes) {
    first->Advance(generation);
    return first;
  }
  Entry* chosen = nullptr;
  size_t fewest = kTags;
  for (Entry* entry = first; entry < first + kWays; ++entry) {
    entry->Advance(generation);
    if (entry->bytes == bytes) {
      chosen = entry;
      break;
    }
    // From three on all are worth the same, until eight, which stay.
    const size_t tags = entry->Tags();
    const size_t worth = entry->bytes == 0 ? 0 : std::min<size_t>(tags, kFewest);
    if (tags < kTags && worth <= fewest) {
      fewest = worth;
      chosen = entry;
    }
  }
  if (chosen == nullptr) return nullptr;
  if (chosen->bytes != bytes) {
    *chosen = Entry{};
    chosen->bytes = bytes;
    chosen->generation = generation;
  }
  std::rotate(first, chosen, chosen + 1);
  return first;
}

void PageSizes::Observe(uint64_t path_hash, uint64_t bytes, Time at) {
  if (bytes == 0) return;
  const uint32_t generation = GenerationOf(at);
  Entry* const entry = Place(bytes, generation);
  if (entry != nullptr && !entry->Meet(TagOf(path_hash))) return;
  Octave& octave = octaves_[OctaveOf(bytes)];
  octave.Advance(generation);
  if (octave.current < kMostInOctave) ++octave.current;
}

// As many as chance hardly brings together: were the sizes of an octave spread evenly, so many
// paths
// (`mean`) would share each size; above 3 + 3 mean lies less than one size in 100,000 (Poisson).
uint32_t PageSizes::Needed(const Entry& entry, Time at) const {
  Octave octave = octaves_[OctaveOf(entry.bytes)];
  octave.Advance(GenerationOf(at));
  const double all = static_cast<double>(octave.current) + octave.previous;
  const double own = static_cast<double>(entry.current) + entry.previous;
  const double mean = std::max(all - own, 0.0) / std::exp2(OctaveOf(entry.bytes));
  const double crowd = std::ceil(std::max(3 * mean - 0.1, 0.0));
  const uint32_t fewest = entry.bytes < kSmall ? kFewestSmall : kFewest;
  return fewest + static_cast<uint32_t>(std::min(crowd, 1e9));
}

bool PageSizes::IsCatchAll(uint64_t path_hash, uint64_t bytes, Time at) const {
  const Entry entry = Find(bytes, at);
  return entry.bytes != 0 && entry.Others(TagOf(path_hash)) >= Needed(entry, at);
}

bool PageSizes::IsUsual(uint64_t path_hash, uint64_t bytes, Time at) const {
  const Entry entry = Find(bytes, at);
  return entry.bytes != 0 && entry.Holds(TagOf(path_hash));
}

void PageSizes::Save(ByteWriter& writer) const {
  writer.Number(static_cast<uint64_t>(std::count_if(
      entries_.begin(), entries_.end(), [](const Entry& entry) { return entry.bytes != 0; })));
  for (const Entry& entry : entries_) {
    if (entry.bytes == 0) continue;
    writer.Number(entry.bytes);
    writer.Number(entry.generation);
    writer.Number(entry.current);
    writer.Number(entry.previous);
    for (size_t i = 0; i < kTags; ++i) {
      writer.Number(static_cast<uint64_t>(entry.ages[i]));
      if (entry.ages[i] != Age::kNever) writer.Number(entry.tags[i]);
    }
  }
  for (const Octave& octave : octaves_) {
    writer.Number(octave.generation);
    writer.Number(octave.current);
    writer.Number(octave.previous);
  }
}

bool PageSizes::LoadEntry(ByteReader& reader) {
  Entry loaded;
  loaded.bytes = reader.Number();
  loaded.generation = static_cast<uint32_t>(reader.NumberUpTo(0x7FFFFFFF));
  loaded.current = static_cast<uint16_t>(reader.NumberUpTo(kMostCounted));
  loaded.previous = static_cast<uint16_t>(reader.NumberUpTo(kMostCounted));
  for (size_t i = 0; i < kTags; ++i) {
    loaded.ages[i] = static_cast<Age>(reader.NumberUpTo(static_cast<uint64_t>(Age::kCurrent)));
    if (loaded.ages[i] == Age::kNever) continue;
    loaded.tags[i] = static_cast<uint16_t>(reader.NumberUpTo(0xFFFF));
  }
  if (!reader.ok() || loaded.bytes == 0) return false;
  Entry* const first = entries_.data() + SetOf(loaded.bytes);
  for (Entry* entry = first; entry < first + kWays; ++entry) {
    if (entry->bytes == loaded.bytes) return false;
    if (entry->bytes != 0) continue;
    *entry = loaded;
    return true;
  }
  return false;
}

bool PageSizes::Load(ByteReader& reader) {
  for (uint64_t left = reader.NumberUpTo(entries_.size()); left > 0; --left) {
    if (LoadEntry(reader)) continue;
    reader.Fail();
    return false;
  }
  for (Octave& octave : octaves_) {
    octave.generation = static_cast<uint32_t>(reader.NumberUpTo(0x7FFFFFFF));
    octave.current = static_cast<uint32_t>(reader.NumberUpTo(kMostInOctave));
    octave.previous = static_cast<uint32_t>(reader.NumberUpTo(kMostInOctave));
  }
  return reader.ok();
}

}  // namespace accesslog
