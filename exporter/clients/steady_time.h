// The wall clock's time, except that it stands still where the wall clock steps back. What is held
// or forgotten by age must not come back, nor wait for hours, because somebody set the clock.
#pragma once

#include <algorithm>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/saved.h"

namespace accesslog {

class SteadyTime {
 public:
  // What `now` is by this time.
  Time At(Time now) const { return steady_ + std::max(now - last_, Duration{0}); }

  // The same, and from now on no less.
  Time Advance(Time now) {
    steady_ = At(now);
    last_ = now;
    return steady_;
  }

  // As the last Advance gave it.
  Time steady() const { return steady_; }

  void Save(ByteWriter& writer) const {
    writer.Moment(steady_);
    writer.Moment(last_);
  }
  // However long ago it was saved, and whatever happened to the wall clock, it goes on from there.
  bool Load(ByteReader& reader) {
    steady_ = LoadTime(reader);
    last_ = LoadTime(reader);
    return reader.ok();
  }

 private:
  Time steady_{};
  Time last_{};  // the wall clock's time at the last call of Advance
};

}  // namespace accesslog
