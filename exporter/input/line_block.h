// What input hands on: some complete lines of one file, in order. The unit of locking and, later, of
// snapshots: a block is counted whole or not at all.
#pragma once

#include <cstdint>
#include <string_view>

namespace accesslog {

struct LineBlock {
  std::string_view text;         // each line ends with '\n'
  uint64_t oversized_lines = 0;  // lines over the limit that ended here; their bytes are not in `text`
};

// Calls `use(line)` for each line, without its '\n'.
template <typename Use>
void ForEachLine(std::string_view text, Use&& use) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    use(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// Takes the blocks of one file. `text` is valid during the call only.
class LineSink {
 public:
  virtual ~LineSink() = default;
  virtual void Take(const LineBlock& block) = 0;
};

}  // namespace accesslog
