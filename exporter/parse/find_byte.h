// memchr for the fields of a line: most end within some dozens of bytes, where a call costs more than
// the search.
#pragma once

#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace accesslog {

// The first `byte` in [at, end), or null.
inline const char* FindByte(const char* at, const char* end, char byte) {
#if defined(__SSE2__)
  constexpr ptrdiff_t kBlock = 16;
  // What is longer than this is worth memchr's wider blocks.
  const char* const near = end - at > 128 ? at + 128 : end;
  const __m128i wanted = _mm_set1_epi8(byte);
  for (; near - at >= kBlock; at += kBlock) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const int hits = _mm_movemask_epi8(_mm_cmpeq_epi8(block, wanted));
    if (hits != 0) return at + __builtin_ctz(static_cast<unsigned>(hits));
  }
#endif
  if (at == end) return nullptr;
  return static_cast<const char*>(std::memchr(at, byte, static_cast<size_t>(end - at)));
}

}  // namespace accesslog
