// The time by which windows slide: that of the log lines, so that `analyze`, catching up and live
// agree. While the log is silent it moves on with the wall clock, so that a window empties. It goes
// forward only, except where all lines say for long that it is ahead of them.
#pragma once

#include <algorithm>
#include <optional>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/restore_times.h"

namespace accesslog {

class EventClock {
 public:
  // A line whose time is further ahead of the wall's than `max_ahead` is not believed: a wrong
  // clock must not push every window ahead.
  explicit EventClock(Duration max_ahead) : max_ahead_(max_ahead) {}

  // The time to charge a line to: its own, or the wall's where it has none that is believed.
  Time Observe(std::optional<Time> line_time, Time wall) {
    // Lines read while catching up are believed: squeezed into the present, hours would look like a
    // burst.
    const bool believed = line_time && (!live_ || *line_time - wall <= max_ahead_);
    const Time at = believed ? *line_time : wall;
    if (live_) Follow(at, wall);
    return at;
  }

  // From now on lines are read as they are written, so the difference between their time and the
  // wall's is that of two clocks, not the age of an old log.
  void GoLive() { live_ = true; }
  bool is_live() const { return live_; }

  // What the log's clock says at `wall`. Before the first live line that is the wall's own time:
  // what an old log tells of last year is no signal of today.
  Time Now(Time wall) const {
    if (!latest_) return wall;
    return *latest_ + std::max(wall - latest_wall_, Duration{0});
  }

  void Save(ByteWriter& writer) const;
  // For a clock that was just made; false, and it is to be thrown away, where the bytes are
  // damaged. After a restart it is not live: lines written meanwhile are believed. Until it is, it
  // goes on with the difference between the log's clock and the wall's, unless the wall's was set
  // back.
  bool Load(ByteReader& reader, const RestoreTimes& times);

 private:
  // Lines that come late one after the other, all by about the same.
  struct Lag {
    Time since{};         // wall time of the first of them
    Duration first{};     // its time minus the wall's
    Duration smallest{};  // the same of the one that was least late
  };

  void Follow(Time at, Time wall) {
    const Time now = Now(wall);
    if (at < now) return FallBehind(at, now, wall);
    latest_ = at;
    latest_wall_ = wall;
    lag_.reset();
  }
  void FallBehind(Time at, Time now, Time wall);

  Duration max_ahead_;
  bool live_ = false;
  std::optional<Time> latest_;  // of the live lines
  Time latest_wall_{};          // when that line was read
  std::optional<Lag> lag_;
};

}  // namespace accesslog
