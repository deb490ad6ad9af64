// How a scrape gets hold of a Detector.
#include <algorithm>

#include "detect/detector.h"

namespace accesslog {

// The present value, or a peak that no scraper may have seen yet.
uint32_t Detector::ShownValue(Suspects::Slot slot, uint32_t threshold, Time event) const {
  const auto& [signal, window, limit] = options_.thresholds[threshold];
  uint32_t value = Value(slot, signal, window, event);
  for (const OpenEpisode& open : suspects_[slot].open) {
    for (const Held& held : open.held) {
      const bool is_new = event - held.at < kPeakHold && held.at <= event;
      if (held.threshold == threshold && is_new) value = std::max(value, held.value);
    }
  }
  return value;
}

void Detector::CopySuspect(Suspects::Slot slot, Time event, SignalCopy& copy) const {
  const size_t before = copy.values.size();
  for (uint32_t i = 0; i < options_.thresholds.size(); ++i) {
    const uint32_t value = ShownValue(slot, i, event);
    if (value != 0) copy.values.push_back({i, value});
  }
  if (copy.values.size() == before) return;
  const ClientKey& key = suspects_.KeyOf(slot);
  if (key.named) copy.names += host_names_.at(slot);
  const Network network =
      suspects_[slot].network.value_or(NetworkOf(key, options_.internal));
  copy.clients.push_back({key, network, static_cast<uint32_t>(copy.values.size()),
                          static_cast<uint32_t>(copy.names.size())});
}

void Detector::CopyTo(Time now, SignalCopy& copy) const {
  copy.clients.reserve(suspects_.size());
  copy.values.reserve(suspects_.size() * 4);
  const Time event = clock_.Now(now);
  for (Suspects::Slot slot = 0; slot < suspects_.slots(); ++slot) {
    if (!suspects_.IsFree(slot) && suspects_[slot].visible) CopySuspect(slot, event, copy);
  }
}

}  // namespace accesslog
