#include "http/shared_body.h"

#include <algorithm>

#include "http/gzip.h"

namespace accesslog {
namespace {

// Large enough that the system takes each back when it is freed.
constexpr size_t kBlock = size_t{256} << 10U;
constexpr size_t kFirstBlock = size_t{8} << 10U;

void Append(std::string_view piece, SharedBody::Blocks& blocks) {
  while (!piece.empty()) {
    if (blocks.empty() || blocks.back().size() >= kBlock) {
      blocks.emplace_back().reserve(blocks.size() == 1 ? kFirstBlock : kBlock);
    }
    std::string& block = blocks.back();
    const size_t taken = std::min(kBlock - block.size(), piece.size());
    block += piece.substr(0, taken);
    piece.remove_prefix(taken);
  }
}

}  // namespace

const SharedBody::Blocks& SharedBody::Text() const {
  const std::lock_guard lock(mutex_);
  if (!text_) {
    Blocks blocks;
    write_([&](std::string_view piece) { Append(piece, blocks); });
    bytes_ += SizeOf(blocks);
    text_ = std::move(blocks);
  }
  return *text_;
}

// Out of the pieces, so that the whole text is never in memory where nobody asks for it.
const SharedBody::Blocks& SharedBody::Gzip() const {
  const std::lock_guard lock(mutex_);
  if (!gzip_) {
    Blocks blocks;
    GzipStream gzip([&](std::string_view piece) { Append(piece, blocks); });
    write_([&](std::string_view piece) { gzip.Add(piece); });
    gzip.Finish();
    bytes_ += SizeOf(blocks);
    gzip_ = std::move(blocks);
  }
  return *gzip_;
}

size_t SizeOf(const SharedBody::Blocks& blocks) {
  size_t size = 0;
  for (const std::string& block : blocks) size += block.size();
  return size;
}

}  // namespace accesslog
