// How often clients come that have no place in the table: what a newcomer must show to get one. Fixed
// memory, O(1), no allocation after the first client.
//
// A count-min sketch of four rows (Cormode and Muthukrishnan, J. Algorithms 55, 2005) with conservative
// update (Estan and Varghese, SIGCOMM 2002), aged by halving as in TinyLFU (Einziger, Friedman and
// Manes, ACM TOS 13, 2017). It never tells less than what was added since the last halving plus half
// of what it told before, rounded down. It is halved after every width/4 additions, so it holds at most
// the weight of width/2: with additions of weight 1 it tells 1/2 too much at most in the mean, and by
// measurement (the tests) more than 1 too much for less than one client in 55. Places are hashed with a
// secret, so nobody can choose addresses that share their counters.
//
// A client's four counters stand in one cache line, one in each quarter: a spray waits for memory once
// a line, not four times.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "base/byte_codec.h"
#include "clients/client_key.h"

namespace accesslog {

class FrequencySketch {
 public:
  // `width` counters a row, rounded up to a power of two, at least 64; 8 bytes of memory for each.
  FrequencySketch(uint32_t width, uint64_t secret);
  FrequencySketch(const FrequencySketch&) = delete;
  FrequencySketch& operator=(const FrequencySketch&) = delete;

  // Adds `weight` for the client and returns what the client has now.
  uint32_t Add(const ClientKey& key, uint32_t weight);
  // Starts to fetch what Add will need.
  void Fetch(const ClientKey& key) const;
  // The client has at least `value`, which was counted elsewhere.
  void Raise(const ClientKey& key, uint32_t value);
  uint32_t Estimate(const ClientKey& key) const;
  // Everything counts half as much; 1 becomes 0.
  void Halve();

  uint32_t width() const { return width_; }

  void Save(ByteWriter& writer) const;
  // For a sketch that was just made; false, and it is to be thrown away, where the bytes are damaged.
  // What was saved in another width is forgotten.
  bool Load(ByteReader& reader);

 private:
  static constexpr size_t kRows = 4;
  using Counter = uint16_t;
  using Places = std::array<uint32_t, kRows>;
  static constexpr size_t kCacheLine = 64;
  static constexpr uint32_t kRowCounters = kCacheLine / sizeof(Counter) / kRows;  // in a cache line
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };

  Places PlacesOf(const ClientKey& key) const;
  uint32_t Least(const Places& places) const;
  void RaiseTo(const Places& places, uint32_t value);
  void CountAddition();
  void Allocate();
  std::span<Counter> All() const { return {counters_, size_t{width_} * kRows}; }

  uint32_t width_;
  uint64_t secret_;
  uint32_t additions_ = 0;  // since the last halving that they caused
  // Null until the first client. From calloc, so that pages nobody counts in take no memory.
  std::unique_ptr<char, Free> memory_;
  Counter* counters_ = nullptr;
};

}  // namespace accesslog
