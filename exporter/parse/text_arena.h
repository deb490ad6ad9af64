// Memory for the few texts that cannot be views into their line, because the line held them escaped or
// in pieces. Reused from line to line, so that in the long run it allocates nothing.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace accesslog {

class TextArena {
 public:
  // `size` bytes to write to, valid until Clear.
  char* Take(size_t size);

  // Gives back the tail of what Take gave last.
  void Return(size_t size) { used_ -= size; }

  // All texts so far are invalid; the memory is kept, up to a bound.
  void Clear() {
    if (used_ > 0 || blocks_.size() > 1) Reset();
  }

 private:
  void Reset();

  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
  };
  std::vector<Block> blocks_;  // the last one is in use
  size_t used_ = 0;            // of the last block
};

// A JSON string's text without its escapes, in the arena; `text` itself where it has none. An escape
// that JSON does not know (\x22) stays as it is; half a surrogate pair becomes U+FFFD.
std::string_view UnescapeJson(std::string_view text, TextArena& arena);

}  // namespace accesslog
