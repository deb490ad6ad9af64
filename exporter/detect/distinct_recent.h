// How many different things the last minutes held: the newest kMost of them, by hash, each with the time
// at which it was seen last. Fixed memory, allocated as it is needed. Above kMost the count stays there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_codec.h"
#include "base/clock.h"

namespace accesslog {

template <size_t kMost>
class DistinctRecent {
 public:
  void Add(uint32_t hash, Time at) {
    const uint32_t second = SecondOf(at);
    const auto same = std::find_if(seen_.begin(), seen_.end(),
                                   [hash](const Seen& seen) { return seen.hash == hash; });
    if (same != seen_.end()) {
      same->second = std::max(same->second, second);
    } else if (seen_.size() < kMost) {
      seen_.push_back({hash, second});
    } else {
      auto oldest = std::min_element(seen_.begin(), seen_.end(), [](const Seen& a, const Seen& b) {
        return a.second < b.second;
      });
      if (oldest->second <= second) *oldest = {hash, second};
    }
  }

  // Seen in (now - span, now].
  uint32_t Count(Time now, Duration span) const {
    const uint32_t last = SecondOf(now);
    const uint32_t first = SecondOf(now - span);
    return static_cast<uint32_t>(std::count_if(seen_.begin(), seen_.end(), [&](const Seen& seen) {
      return seen.second > first && seen.second <= last;
    }));
  }

  // When the first of them was seen last.
  std::optional<Time> First(Time now, Duration span) const {
    const uint32_t last = SecondOf(now);
    const uint32_t first = SecondOf(now - span);
    std::optional<uint32_t> found;
    for (const Seen& seen : seen_) {
      const bool counts = seen.second > first && seen.second <= last;
      if (counts && (!found || seen.second < *found)) found = seen.second;
    }
    if (!found) return std::nullopt;
    return Time{std::chrono::seconds{*found}};
  }

  // No Count is larger.
  size_t size() const { return seen_.size(); }
  void Clear() { seen_.clear(); }

  void Save(ByteWriter& writer) const {
    writer.Number(seen_.size());
    for (const Seen& seen : seen_) {
      writer.Number(seen.hash);
      writer.Number(seen.second);
    }
  }
  // For an object that was just made; false, and it is to be thrown away, where the bytes are damaged.
  bool Load(ByteReader& reader) {
    for (uint64_t left = reader.NumberUpTo(kMost); left > 0 && reader.ok(); --left) {
      const auto hash = static_cast<uint32_t>(reader.NumberUpTo(UINT32_MAX));
      seen_.push_back({hash, static_cast<uint32_t>(reader.NumberUpTo(UINT32_MAX))});
    }
    return reader.ok();
  }

 private:
  struct Seen {
    uint32_t hash;
    uint32_t second;  // since 1970, until 2106
  };

  static uint32_t SecondOf(Time at) {
    const int64_t second = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return static_cast<uint32_t>(std::clamp<int64_t>(second, 0, UINT32_MAX));
  }

  std::vector<Seen> seen_;
};

}  // namespace accesslog
