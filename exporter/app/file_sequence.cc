#include "app/file_sequence.h"

namespace accesslog {
namespace {

std::optional<uint64_t> TotalBytes(const std::vector<std::string>& paths) {
  uint64_t total = 0;
  for (const std::string& path : paths) {
    const auto size = SizeOf(path);
    if (!size) return std::nullopt;
    total += *size;
  }
  return total;
}

}  // namespace

FileSequence::FileSequence(std::vector<std::string> paths)
    : paths_(std::move(paths)), total_bytes_(TotalBytes(paths_)) {}

bool FileSequence::Read(AnalyzedChunk& chunk) {
  if (current_ == paths_.size()) return false;
  chunk.file = current_;
  chunk.begins_file = !file_.has_value();
  chunk.ends_file = false;
  chunk.error.reset();
  const auto more = ReadLines(chunk.lines);
  if (more && *more) return true;
  chunk.lines.text = {};
  chunk.lines.oversized_lines = 0;
  if (!more) chunk.error = more.error();
  chunk.ends_file = true;
  file_.reset();
  bytes_before_ = bytes_read();
  ++current_;
  return true;
}

Result<bool> FileSequence::ReadLines(LineChunk& lines) {
  if (!file_) {
    auto opened = WholeFile::Open(paths_[current_]);
    if (!opened) return opened.error();
    file_ = std::move(*opened);
  }
  const auto more = file_->Read(lines);
  bytes_read_.store(bytes_before_ + file_->position(), std::memory_order_relaxed);
  return more;
}

}  // namespace accesslog
