#include "base/sip_hash.h"

#include <bit>
#include <cstddef>

namespace accesslog {
namespace {

// Up to eight bytes, the first the least significant.
uint64_t WordOf(const char* bytes, size_t count) {
  uint64_t word = 0;
  for (size_t i = 0; i < count; ++i) {
    word |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
  }
  return word;
}

struct SipState {
  uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
  void Compress(uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }
};

}  // namespace

uint64_t SipHash(const SipKey& key, std::string_view text) {
  const auto* const key_bytes = reinterpret_cast<const char*>(key.data());
  const uint64_t k0 = WordOf(key_bytes, 8);
  const uint64_t k1 = WordOf(key_bytes + 8, 8);
  // "somepseudorandomlygeneratedbytes", as the paper has it.
  SipState state{k0 ^ 0x736F6D6570736575U, k1 ^ 0x646F72616E646F6DU, k0 ^ 0x6C7967656E657261U,
                 k1 ^ 0x7465646279746573U};
  const uint64_t length = uint64_t{text.size()} << 56U;
  for (; text.size() >= 8; text.remove_prefix(8)) state.Compress(WordOf(text.data(), 8));
  state.Compress(length | WordOf(text.data(), text.size()));
  state.v2 ^= 0xFFU;
  for (int i = 0; i < 4; ++i) state.Round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace accesslog
