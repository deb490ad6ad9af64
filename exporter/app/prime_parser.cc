#include "app/prime_parser.h"

#include <algorithm>
#include <vector>

#include "input/line_block.h"

namespace accesslog {
namespace {

constexpr uint64_t kHeadBytes = uint64_t{64} * 1024;
constexpr uint64_t kTailBytes = uint64_t{256} * 1024;

// The bytes from `begin` to `end`, or what can be read of them.
std::string ReadRange(File& file, uint64_t begin, uint64_t end) {
  std::string text(end - begin, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const auto count = file.ReadAt(begin + size, std::span(text).subspan(size));
    if (!count || *count == 0) break;
    size += *count;
  }
  text.resize(size);
  return text;
}

// Whole lines only: a directive begins one.
void PrimeWith(std::string_view text, LogParser& parser) {
  const size_t end = text.rfind('\n');
  if (end == std::string_view::npos) return;
  ForEachLine(text.substr(0, end + 1), [&](std::string_view line) {
    if (line.empty() || (line[0] != '#' && !line.starts_with("\xEF\xBB\xBF#"))) return;
    parser.Prime(line);
  });
}

}  // namespace

void PrimeParser(FileSystem& files, const std::string& path, LogParser& parser) {
  auto file = files.Open(path);
  if (!file) return;
  const auto status = (*file)->Stat();
  if (!status) return;
  const uint64_t size = status->size;
  PrimeWith(ReadRange(**file, 0, std::min(size, kHeadBytes)), parser);
  if (size <= kHeadBytes) return;
  const uint64_t begin = std::max(kHeadBytes, size - std::min(size, kTailBytes));
  const std::string tail = ReadRange(**file, begin, size);
  // The first line is a part of one.
  const size_t first_end = tail.find('\n');
  if (first_end != std::string::npos) PrimeWith(std::string_view(tail).substr(first_end + 1), parser);
}

}  // namespace accesslog
