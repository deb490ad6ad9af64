// How many different hashes were added, in fixed memory: HyperLogLog (Flajolet, Fusy, Gandouet and
// Meunier, 2007) with 2,048 registers. Its standard error is 1.04/sqrt(2048) = 2.3 %. The estimator
// is that of Ertl ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), which
// needs neither a correction for small numbers nor tables against a bias between small and large.
// Used by DistinctClients.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_codec.h"

namespace accesslog {

class HyperLogLog {
 public:
  static constexpr unsigned kIndexBits = 11;
  static constexpr size_t kRegisters = size_t{1} << kIndexBits;
  // Ranks take five bits: 2^31 times as many clients as registers are beyond any log.
  static constexpr uint8_t kMaxRank = 31;
  using Registers = std::array<uint8_t, kRegisters>;

  // What a hash does: the register it may raise, and how far.
  struct Place {
    uint16_t index;
    uint8_t rank;  // 1…kMaxRank
  };
  static Place PlaceOf(uint64_t hash) {
    const int zeros = std::countl_zero(hash << kIndexBits);
    return {static_cast<uint16_t>(hash >> (64 - kIndexBits)),
            static_cast<uint8_t>(std::min<int>(zeros, kMaxRank - 1) + 1)};
  }

  // Whether the place was higher than what was there.
  bool Raise(Place place);
  // One byte a register from now on, 2 KiB, so that Raise takes a few instructions.
  const uint8_t* Spread();
  // As little memory as it can be: two bytes for each register that is not 0.
  void Pack();
  void MergeInto(Registers& registers) const;
  bool empty() const { return few_.empty() && all_.empty(); }

  // The same bytes for the same registers, spread or packed.
  void Save(ByteWriter& writer) const;
  // Packed. False where the bytes are damaged.
  bool Load(ByteReader& reader);

 private:
  static uint16_t Pair(Place place) {
    return static_cast<uint16_t>(place.index << 5U | place.rank);
  }
  bool RaiseFew(Place place);

  // One of them is in use: register and rank of those above 0, by register; or all ranks.
  std::vector<uint16_t> few_;
  std::vector<uint8_t> all_;
};

double EstimateCount(const HyperLogLog::Registers& registers);

}  // namespace accesslog
