#include "input/content_mark.h"

#include <algorithm>
#include <array>

namespace accesslog {
namespace {

// FNV-1a. Nobody gains by a collision that he can write only behind the bytes that he would need to
// be in front of.
uint64_t HashOf(std::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3U;
  return hash;
}

}  // namespace

ContentMark MarkOf(uint64_t end, std::string_view before) {
  const size_t length = std::min(before.size(), kMarkBytes);
  return {end, static_cast<uint32_t>(length), HashOf(before.substr(before.size() - length))};
}

bool Holds(File& file, const ContentMark& mark) {
  const auto status = file.Stat();
  if (!status || status->size < mark.end || mark.length > mark.end) return false;
  if (mark.length > kMarkBytes) return false;
  std::array<char, kMarkBytes> buffer{};
  size_t have = 0;
  while (have < mark.length) {
    const std::span<char> rest(buffer.data() + have, mark.length - have);
    const auto count = file.ReadAt(mark.end - mark.length + have, rest);
    if (!count || *count == 0) return false;
    have += *count;
  }
  return mark.length == 0 || HashOf({buffer.data(), have}) == mark.hash;
}

}  // namespace accesslog
