// Reads a file, standard input or a gzip file from beginning to end, in chunks of whole lines. Used by
// `analyze`. Memory is bounded by the caller's chunks: a line over kMaxLineBytes is skipped and counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct gzFile_s;

namespace accesslog {

// Some whole lines and the memory they stand in, which the next lines use again.
struct LineChunk {
  uint64_t oversized_lines = 0;  // over the limit, in front of `text`; their bytes are not in it
  std::string_view text;         // into `bytes`; each line ends with '\n'
  std::vector<char> bytes;
};

// The size of a regular file, 0 of what is not there; nothing for a pipe or standard input.
std::optional<uint64_t> SizeOf(const std::string& path);

class WholeFile {
 public:
  // "-" is standard input. Gzip is known by its first bytes, not by its name. Errors name the path.
  static Result<WholeFile> Open(const std::string& path);

  // The next lines; false at the end. The last line needs no '\n'. Whatever could be read before an
  // error comes first, the error with the next call.
  Result<bool> Read(LineChunk& chunk);

  // Bytes read so far as they lie in the file, so of a gzip file the compressed ones.
  uint64_t position() const;

 private:
  struct CloseGzip {
    void operator()(gzFile_s* file) const;
  };

  WholeFile() = default;
  size_t Fill(LineChunk& chunk, size_t used);
  void TakeWholeLines(LineChunk& chunk, size_t old_bytes, size_t used);
  void TakeLastLine(LineChunk& chunk, size_t used);
  std::optional<Error> WhyEnded() const;

  std::unique_ptr<gzFile_s, CloseGzip> file_;
  std::string name_;  // for messages
  std::string rest_;       // the beginning of a line that the next bytes go on with
  bool skipping_ = false;  // inside a line over the limit
  bool ended_ = false;
  int errno_ = 0;  // of a read that failed
};

}  // namespace accesslog
