// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): whoever does not
// have the key can neither compute the hash of a text nor find two texts with the same one. Used by
// clients for names that tell nobody's address.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace accesslog {

using SipKey = std::array<uint8_t, 16>;

uint64_t SipHash(const SipKey& key, std::string_view text);

}  // namespace accesslog
