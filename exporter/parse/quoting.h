// Where a quoted text ends.
#pragma once

#include <cstddef>
#include <string_view>

namespace accesslog {

// Whether a backslash escapes the character at `at`: an odd number of them stand before it.
inline bool IsEscaped(std::string_view text, size_t at) {
  size_t backslashes = 0;
  while (backslashes < at && text[at - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

}  // namespace accesslog
