// On which days and in how many ways each client was found to attack, for longer than detect watches
// it: a bounded number of clients, the one quiet for longest is forgotten first. Part of Detector.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/lru_table.h"
#include "detect/detection.h"

namespace accesslog {

class Offenders {
 public:
  Offenders(uint32_t most, uint64_t secret) : most_(most), offenses_(secret) {}

  struct Tally {
    uint32_t days = 0;   // of the last seven with a detection
    uint32_t kinds = 0;  // of detections in the last 24 hours
  };
  // The client, whose key is an address or a hash, reached a detection or still does. Host names are
  // clients like others. `day` is that of `at` where the site is.
  Tally Note(const ClientKey& key, Detection detection, Time at, int64_t day);

  bool Forget(const ClientKey& key);
  void ForgetAll();

  void Save(ByteWriter& writer) const;
  // For an object that was just made; false, and it is to be thrown away, where the bytes are damaged.
  bool Load(ByteReader& reader);
  // Those whose key `keep` does not hold for are forgotten.
  void KeepIf(const std::function<bool(const ClientKey&)>& keep);

 private:
  struct Offense {
    int64_t day = 0;    // the newest
    uint8_t days = 0;   // bit n: n days before it
    std::array<uint32_t, kDetectionCount> minutes{};  // since 1970, of the last time; 0: never
  };

  uint32_t most_;
  LruTable<Offense> offenses_;
};

}  // namespace accesslog
