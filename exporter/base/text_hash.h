// A fast keyed hash of text, for tables in memory: whoever does not know the secret cannot choose texts
// that collide. The mixing is that of wyhash (Wang Yi, public domain). Not for what is kept on disk, nor
// where somebody may learn hashes; there is SipHash for that.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace accesslog {

// The high and low halves of the product folded into one word.
inline uint64_t MixWords(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64U);
}

inline uint64_t HashText(std::string_view text, uint64_t secret) {
  constexpr uint64_t kA = 0xA0761D6478BD642FU;
  constexpr uint64_t kB = 0xE7037ED1A0B428DBU;
  const auto word = [](const char* bytes) {
    uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof(value));
    return value;
  };
  uint64_t hash = MixWords(secret ^ kA, text.size() ^ kB) ^ secret;
  const char* at = text.data();
  size_t left = text.size();
  for (; left > 16; left -= 16, at += 16) {
    hash = MixWords(word(at) ^ kA ^ secret, word(at + 8) ^ hash);
  }
  uint64_t low = 0;
  uint64_t high = 0;
  if (left >= 8) {
    low = word(at);
    high = word(at + left - 8);
  } else if (left > 0) {
    std::memcpy(&low, at, left);
  }
  return MixWords(low ^ kB ^ secret, high ^ hash ^ kA);
}

}  // namespace accesslog
