#include "input/inflated_file.h"

#include <zlib.h>

#include <algorithm>
#include <vector>

namespace accesslog {
namespace {

constexpr size_t kChunkBytes = size_t{64} * 1024;
constexpr int kGzipOnly = 16 + MAX_WBITS;

class InflatedFile final : public File {
 public:
  explicit InflatedFile(std::unique_ptr<File> compressed)
      : compressed_(std::move(compressed)), input_(kChunkBytes), skipped_(kChunkBytes) {
    inflateInit2(&stream_, kGzipOnly);
  }
  InflatedFile(const InflatedFile&) = delete;
  InflatedFile& operator=(const InflatedFile&) = delete;
  ~InflatedFile() override { inflateEnd(&stream_); }

  // Reads all of it. False if it is no gzip file.
  bool Measure() {
    while (Skip() > 0) {
    }
    size_ = position_;
    return size_ > 0 || ended_well_;
  }

  Result<FileStatus> Stat() override {
    auto status = compressed_->Stat();
    if (!status) return status.error();
    status->size = size_;
    return *status;
  }

  Result<size_t> ReadAt(uint64_t offset, std::span<char> buffer) override {
    if (offset < position_) Rewind();
    while (position_ < offset) {
      if (Skip(offset - position_) == 0) return size_t{0};
    }
    return Inflate(buffer);
  }

 private:
  void Rewind() {
    inflateReset(&stream_);
    stream_.avail_in = 0;
    read_ = 0;
    position_ = 0;
    ended_ = false;
  }

  size_t Skip(uint64_t at_most = kChunkBytes) {
    return Inflate(std::span(skipped_).first(std::min<uint64_t>(at_most, skipped_.size())));
  }

  // False at the end of the compressed bytes.
  bool Refill() {
    if (stream_.avail_in > 0) return true;
    const auto count = compressed_->ReadAt(read_, input_);
    if (!count || *count == 0) return false;
    read_ += *count;
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(*count);
    return true;
  }

  // The next bytes; 0 at the end, and where the data is damaged.
  size_t Inflate(std::span<char> buffer) {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(buffer.size());
    while (!ended_ && stream_.avail_out > 0) {
      // Behind the last of its input, zlib may hold bytes for which there was no room before.
      const bool fed = Refill();
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_BUF_ERROR && !fed) break;
      // Another member may follow.
      ended_well_ = code == Z_STREAM_END;
      if (ended_well_) inflateReset(&stream_);
      if (code != Z_OK && code != Z_STREAM_END) ended_ = true;
    }
    const size_t count = buffer.size() - stream_.avail_out;
    position_ += count;
    return count;
  }

  std::unique_ptr<File> compressed_;
  std::vector<char> input_;
  std::vector<char> skipped_;
  z_stream stream_{};
  uint64_t read_ = 0;      // of the compressed bytes
  uint64_t position_ = 0;  // in the contents
  uint64_t size_ = 0;
  bool ended_ = false;
  bool ended_well_ = false;
};

}  // namespace

Result<std::unique_ptr<File>> OpenInflated(std::unique_ptr<File> compressed) {
  auto file = std::make_unique<InflatedFile>(std::move(compressed));
  if (!file->Measure()) return Error{"no gzip data"};
  return std::unique_ptr<File>(std::move(file));
}

}  // namespace accesslog
