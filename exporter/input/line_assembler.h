// Turns pieces of a byte stream into blocks of complete lines. Used by Tailer and by whole-file
// reading. Memory is bounded: a line over the limit is skipped to its end and counted, however long
// it is.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "input/line_block.h"

namespace accesslog {

inline constexpr size_t kMaxLineBytes = 1U << 20U;

class LineAssembler {
 public:
  explicit LineAssembler(size_t max_line_bytes = kMaxLineBytes) : max_line_bytes_(max_line_bytes) {}

  // Hands the lines that `bytes` completes to `sink`, in one or two blocks.
  void Add(std::string_view bytes, LineSink& sink);

  // The stream has ended for good: what is left without '\n' is a line too.
  void Finish(LineSink& sink);

  // Forgets a half line, as after a truncation. Returns how many bytes that were.
  size_t Drop();

  // Goes on inside a line over the limit, of which so many bytes were read elsewhere.
  void ResumeSkipping(size_t bytes);

  bool is_skipping() const { return skipping_; }
  // Bytes read that belong to a line not yet ended.
  size_t pending_bytes() const { return skipping_ ? skipped_bytes_ : partial_.size(); }

 private:
  void KeepRest(std::string_view rest);
  void EndPartial(std::string_view head, LineSink& sink);

  size_t max_line_bytes_;
  std::string partial_;
  bool skipping_ = false;  // inside a line over the limit
  size_t skipped_bytes_ = 0;
};

}  // namespace accesslog
