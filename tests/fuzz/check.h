// How a fuzz target says that a law is broken: a sentence, and an abort that libFuzzer reports with
// the input. Unlike assert it also holds in builds with NDEBUG.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace accesslog {

inline void Check(bool holds, const std::string& law) {
  if (holds) return;
  std::fprintf(stderr, "broken law: %s\n", law.c_str());
  std::abort();
}

inline std::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Takes the text up to the next '\n', which is dropped, off the front of `rest`.
inline std::string_view TakeLine(std::string_view& rest) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return line;
}

}  // namespace accesslog
