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

// How many bytes hash number `i` is of, in a head of `length`.
size_t HashedLength(size_t i, size_t length) {
  return std::min(kTellingBytes + i * kHeadStep, length);
}

uint32_t ShortHashOf(std::string_view bytes) {
  const uint64_t hash = HashOf(bytes);
  return static_cast<uint32_t>(hash ^ hash >> 32U);
}

// Fewer bytes than asked for at the end of the file, or where it cannot be read.
size_t ReadUpTo(File& file, uint64_t offset, std::span<char> bytes) {
  size_t have = 0;
  while (have < bytes.size()) {
    const auto count = file.ReadAt(offset + have, bytes.subspan(have));
    if (!count || *count == 0) break;
    have += *count;
  }
  return have;
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
  const std::span<char> bytes(buffer.data(), mark.length);
  if (ReadUpTo(file, mark.end - mark.length, bytes) < bytes.size()) return false;
  return mark.length == 0 || HashOf({bytes.data(), bytes.size()}) == mark.hash;
}

size_t HeadHashes(size_t length) {
  return length < kTellingBytes ? 0 : (length - kTellingBytes + kHeadStep - 1) / kHeadStep + 1;
}

HeadMark HeadOf(std::string_view head) {
  head = head.substr(0, kHeadBytes);
  HeadMark mark{.length = static_cast<uint32_t>(head.size())};
  for (size_t i = 0; i < HeadHashes(head.size()); ++i) {
    mark.hashes.push_back(ShortHashOf(head.substr(0, HashedLength(i, head.size()))));
  }
  return mark;
}

void KeepWholeHead(HeadMark& head) {
  const size_t known = head.length < kHeadBytes || head.hashes.empty() ? 0 : 1;
  const size_t hidden = head.hashes.size() - known;
  std::fill_n(head.hashes.begin(), hidden, 0U);
}

bool BeginsLike(File& file, const HeadMark& head) {
  std::array<char, kHeadBytes> buffer{};
  const std::span<char> bytes(buffer.data(), std::min<size_t>(head.length, buffer.size()));
  const size_t have = ReadUpTo(file, 0, bytes);
  if (have < kTellingBytes) return false;
  // The longest of which all is there.
  size_t i = HeadHashes(have) - 1;
  while (HashedLength(i, head.length) > have) --i;
  const uint32_t hash = head.hashes[i];
  return hash != 0 && ShortHashOf({bytes.data(), HashedLength(i, head.length)}) == hash;
}

}  // namespace accesslog
