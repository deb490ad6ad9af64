#include "app/file_sequence.h"

#include <algorithm>

#include "input/line_block.h"

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

// The first time that a file tells, if it does so within its first chunk. Only regular files can be
// looked at without taking something away.
std::optional<Time> FirstTime(const std::string& path, LogParser parser) {
  if (SizeOf(path).value_or(0) == 0) return std::nullopt;
  auto file = WholeFile::Open(path);
  if (!file) return std::nullopt;
  LineChunk chunk;
  if (!file->Read(chunk).ok()) return std::nullopt;
  std::optional<Time> first;
  Record record;
  ForEachLine(chunk.text, [&](std::string_view line) {
    if (!first && HasRecord(parser.Parse(line, record))) first = record.time;
  });
  return first;
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
  auto more = file_->Read(lines);
  bytes_read_.store(bytes_before_ + file_->position(), std::memory_order_relaxed);
  return more;
}

std::vector<std::string> OldestFirst(std::vector<std::string> paths, const LogParser& parser) {
  if (paths.size() < 2) return paths;
  struct Dated {
    Time first;
    std::string path;
  };
  std::vector<Dated> dated;
  std::vector<size_t> places;  // of the dated ones
  for (size_t i = 0; i < paths.size(); ++i) {
    const auto first = FirstTime(paths[i], parser);
    if (!first) continue;
    dated.push_back({*first, paths[i]});
    places.push_back(i);
  }
  std::stable_sort(dated.begin(), dated.end(),
                   [](const Dated& a, const Dated& b) { return a.first < b.first; });
  for (size_t i = 0; i < dated.size(); ++i) paths[places[i]] = dated[i].path;
  return paths;
}

}  // namespace accesslog
