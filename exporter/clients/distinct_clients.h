// How many different clients came within the last 5 minutes, hour and day of event time: an
// estimate in fixed memory, at most 90 KiB a site, and next to nothing for a site with few clients.
// A window is the union of slices (of 1 minute, 5 minutes, 1 hour), so it is never shorter than its
// name says and at most a slice longer. Part of Visitors.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/hyper_log_log.h"

namespace accesslog {

class DistinctClients {
 public:
  struct WindowView {
    const char* name;  // the label value
    double clients;
  };
  static constexpr size_t kWindows = 3;

  DistinctClients() = default;
  DistinctClients(const DistinctClients&) = delete;
  DistinctClients& operator=(const DistinctClients&) = delete;

  // `hash` is keyed with a secret that stays the same as long as what was saved is loaded again, so
  // nobody can choose addresses that raise the estimate more than others. `event` is not believed
  // beyond the present: the caller's matter.
  void Add(uint64_t hash, Time event) {
    const auto place = HyperLogLog::PlaceOf(hash);
    // Who came in this minute before changes nothing in any window.
    if (event >= begin_ && event < end_ && newest_[place.index] >= place.rank) return;
    Raise(place, event);
  }

  // At event time `now`.
  std::array<WindowView, kWindows> Estimate(Time now) const;

  // Gives up the slices that are in no window of `now`, and those from further ahead than
  // `ahead`, which a clock left that was set back since.
  void Expire(Time now, Duration ahead);

  // The windows begin anew.
  void Clear();

  // One part for each slice, so that only those change that clients come in.
  void Save(std::map<std::string, std::string>& parts, const std::string& prefix) const;
  // A part that Save gave; false where it is damaged.
  bool Load(const std::string& bytes);

 private:
  struct Slice {
    int64_t number = 0;  // since the epoch
    HyperLogLog clients;
  };
  struct Ring {
    const char* name;
    Duration slice;
    size_t count;  // one more than the window has, for the newest is not full
    std::vector<Slice> slices{};

    int64_t NumberOf(Time time) const {
      const int64_t since_epoch = time.time_since_epoch().count();
      const int64_t length = slice.count();
      return since_epoch / length - (since_epoch % length < 0 ? 1 : 0);
    }
    Slice& At(int64_t number);
  };

  void Raise(HyperLogLog::Place place, Time event);
  void RaiseLate(HyperLogLog::Place place, Time event);
  void BeginMinute(Time event);

  std::array<Ring, kWindows> rings_ = {
      Ring{"5m", std::chrono::minutes{1}, 6}, Ring{"1h", std::chrono::minutes{5}, 13},
      Ring{"24h", std::chrono::hours{1}, 25}};
  // The newest minute, the slices in which it is, and the registers of the first of them.
  Time begin_{};
  Time end_{};
  std::array<HyperLogLog*, kWindows> slices_{};
  const uint8_t* newest_ = nullptr;
};

}  // namespace accesslog
