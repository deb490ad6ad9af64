// A 64-bit checksum of what is kept, to notice damage and change. Each step is reversible, so a
// change within eight bytes always changes the sum; other changes go unseen once in 2^64. Part of
// the file's format: it must never give another sum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace accesslog {

class Checksum {
 public:
  Checksum& Add(uint64_t number) {
    // Multiplier and shift of MurmurHash3's finalizer; any odd number with mixed bits would do.
    sum_ = (sum_ ^ number) * 0xFF51AFD7ED558CCDU;
    sum_ ^= sum_ >> 33U;
    return *this;
  }

  // With its length, so that what stands in one text and what in the next matters.
  Checksum& Add(std::string_view text) {
    Add(uint64_t{text.size()});
    for (; text.size() >= 8; text.remove_prefix(8)) Add(Word(text.substr(0, 8)));
    return Add(Word(text));
  }

  uint64_t sum() const { return sum_; }

 private:
  static uint64_t Word(std::string_view bytes) {
    uint64_t word = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
      word |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
    }
    return word;
  }

  uint64_t sum_ = 0;
};

}  // namespace accesslog
