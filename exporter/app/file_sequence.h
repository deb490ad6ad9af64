// The files of `analyze` one behind the other, as chunks. Used by one thread at a time; only
// bytes_read may be asked meanwhile.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/analyzed_chunk.h"
#include "input/whole_file.h"

namespace accesslog {

class FileSequence {
 public:
  explicit FileSequence(std::vector<std::string> paths);

  // The next chunk, which may be empty; false behind the last. Each file ends with a chunk that
  // says so, also one that cannot be opened.
  bool Read(AnalyzedChunk& chunk);

  const std::vector<std::string>& paths() const { return paths_; }
  // As they lie in the files.
  uint64_t bytes_read() const { return bytes_read_.load(std::memory_order_relaxed); }
  // Nothing if one of the files has no size.
  std::optional<uint64_t> total_bytes() const { return total_bytes_; }

 private:
  Result<bool> ReadLines(LineChunk& lines);

  std::vector<std::string> paths_;
  std::optional<uint64_t> total_bytes_;
  size_t current_ = 0;
  std::optional<WholeFile> file_;  // the current one, once it is open
  uint64_t bytes_before_ = 0;      // in the files before the current one
  std::atomic<uint64_t> bytes_read_ = 0;
};

// `paths` in the order of the first time in each, oldest first, because windows of detection slide
// forward only and a rotated log is often named behind its successor. What has no time that could
// be looked at beforehand, as standard input, keeps its place. `parser` is how each file's parser
// begins.
std::vector<std::string> OldestFirst(std::vector<std::string> paths, const LogParser& parser);

}  // namespace accesslog
