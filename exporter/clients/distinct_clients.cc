#include "clients/distinct_clients.h"

#include <algorithm>

#include "clients/saved.h"

namespace accesslog {
namespace {

using std::chrono::minutes;

}  // namespace

DistinctClients::Slice& DistinctClients::Ring::At(int64_t number) {
  if (slices.empty()) slices.resize(count);
  const auto size = static_cast<int64_t>(count);
  return slices[static_cast<size_t>((number % size + size) % size)];
}

void DistinctClients::Raise(HyperLogLog::Place place, Time event) {
  if (event >= end_) BeginMinute(event);
  if (event < begin_) return RaiseLate(place, event);
  // A slice holds all that the shorter ones within it hold.
  for (HyperLogLog* slice : slices_) {
    if (!slice->Raise(place)) return;
  }
}

void DistinctClients::RaiseLate(HyperLogLog::Place place, Time event) {
  for (Ring& ring : rings_) {
    const int64_t number = ring.NumberOf(event);
    Slice& slice = ring.At(number);
    if (slice.number > number) continue;  // its own time is in no window any more
    if (slice.number < number || slice.clients.empty()) slice = {number, {}};
    if (!slice.clients.Raise(place)) return;
  }
}

// The newest slices are spread, the ones before them packed.
void DistinctClients::BeginMinute(Time event) {
  for (Ring& ring : rings_) {
    const int64_t number = ring.NumberOf(event);
    for (Slice& slice : ring.slices) {
      if (slice.number != number) slice.clients.Pack();
    }
    Slice& slice = ring.At(number);
    if (slice.number != number) slice = {number, {}};
    slice.clients.Spread();
    slices_[static_cast<size_t>(&ring - rings_.data())] = &slice.clients;
  }
  newest_ = slices_[0]->Spread();
  begin_ = std::chrono::floor<minutes>(event);
  end_ = begin_ + minutes{1};
}

std::array<DistinctClients::WindowView, DistinctClients::kWindows> DistinctClients::Estimate(
    Time now) const {
  std::array<WindowView, kWindows> views{};
  for (size_t i = 0; i < kWindows; ++i) {
    const Ring& ring = rings_[i];
    const int64_t number = ring.NumberOf(now);
    HyperLogLog::Registers registers{};
    for (const Slice& slice : ring.slices) {
      // Lines may be a little ahead of the wall's clock.
      if (slice.number > number - static_cast<int64_t>(ring.count)) {
        slice.clients.MergeInto(registers);
      }
    }
    views[i] = {ring.name, EstimateCount(registers)};
  }
  return views;
}

void DistinctClients::Expire(Time now, Duration ahead) {
  for (Ring& ring : rings_) {
    const int64_t oldest = ring.NumberOf(now) - static_cast<int64_t>(ring.count) + 1;
    const int64_t newest = ring.NumberOf(now + ahead);
    for (Slice& slice : ring.slices) {
      const bool in_reach = slice.number >= oldest && slice.number <= newest;
      if (in_reach || slice.clients.empty()) continue;
      slice = {};
      // It may have been one of the newest minute's.
      begin_ = end_ = {};
    }
  }
}

void DistinctClients::Clear() {
  for (Ring& ring : rings_) {
    for (Slice& slice : ring.slices) slice = {};
  }
  begin_ = end_ = {};
}

void DistinctClients::Save(std::map<std::string, std::string>& parts,
                           const std::string& prefix) const {
  for (const Ring& ring : rings_) {
    for (size_t i = 0; i < ring.slices.size(); ++i) {
      const Slice& slice = ring.slices[i];
      if (slice.clients.empty()) continue;
      ByteWriter writer;
      writer.Text(ring.name);
      writer.Signed(slice.number);
      slice.clients.Save(writer);
      parts[prefix + ring.name + "/" + std::to_string(i)] = writer.Take();
    }
  }
}

bool DistinctClients::Load(const std::string& bytes) {
  ByteReader reader(bytes);
  const std::string_view name = reader.Text();
  const int64_t number = reader.Signed();
  HyperLogLog clients;
  if (!clients.Load(reader) || !reader.IsDone() || clients.empty()) return false;
  for (Ring& ring : rings_) {
    if (name != ring.name) continue;
    const int64_t farthest = kFarthest / ring.slice;
    if (number < -farthest || number > farthest) return false;
    Slice& slice = ring.At(number);
    if (!slice.clients.empty()) return false;
    slice = {number, std::move(clients)};
    return true;
  }
  return false;
}

}  // namespace accesslog
