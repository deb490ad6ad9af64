// At most so many events in any hour. Bounds the series that are born, which cost a Prometheus
// memory long after they are gone.
#pragma once

#include <array>
#include <cstdint>

#include "base/byte_codec.h"
#include "base/clock.h"

namespace accesslog {

class ChurnLimit {
 public:
  explicit ChurnLimit(uint32_t per_hour) : per_hour_(per_hour) {}

  // True, and counted, if the hour before `now` has room. Exact to a minute on the safe side: never
  // more than `per_hour` in any 60 minutes. With a share below 1, room is where less than that part of
  // `per_hour` is used; the first is always allowed.
  bool Allow(Time now, double share = 1);
  // Whether Allow would say so.
  bool WouldAllow(Time now, double share = 1);

  // The events, not the limit, which may be another when they are loaded.
  void Save(ByteWriter& writer) const;
  // `now` is the time by which Allow is asked; what happened later happened now. For an object that
  // was just made; false, and the object is to be thrown away, where the bytes are damaged.
  bool Load(ByteReader& reader, Time now);

 private:
  // The minute that just began and the sixty before it cover more than any hour.
  static constexpr int64_t kMinutes = 61;

  static int64_t MinuteOf(Time time);
  void Forget(Time now);
  uint32_t& BirthsIn(int64_t minute) { return births_[static_cast<size_t>(minute % kMinutes)]; }

  uint32_t per_hour_;
  std::array<uint32_t, kMinutes> births_{};  // by minute modulo kMinutes
  uint64_t sum_ = 0;
  int64_t minute_ = 0;
};

}  // namespace accesslog
