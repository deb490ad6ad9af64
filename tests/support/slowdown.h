// By how much a sanitizer slows a program down. Tests with a bound on real time multiply it; the
// bounds themselves are those of the program that users run.
#pragma once

namespace accesslog {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr int kSlowdown = 5;
#else
inline constexpr int kSlowdown = 1;
#endif

}  // namespace accesslog
