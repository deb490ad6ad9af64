// A LineSink that keeps what it was given, for tests of input.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "input/line_block.h"

namespace accesslog {

class LineRecorder final : public LineSink {
 public:
  void Take(const LineBlock& block) override {
    ForEachLine(block.text, [this](std::string_view line) { lines_.emplace_back(line); });
    all_ended_ = all_ended_ && (block.text.empty() || block.text.ends_with('\n'));
    oversized_ += block.oversized_lines;
  }

  // The lines since the last call.
  std::vector<std::string> TakeLines() { return std::exchange(lines_, {}); }
  uint64_t oversized() const { return oversized_; }
  // Whether every block ended with '\n', as LineBlock promises.
  bool all_ended() const { return all_ended_; }

 private:
  std::vector<std::string> lines_;
  uint64_t oversized_ = 0;
  bool all_ended_ = true;
};

}  // namespace accesslog
