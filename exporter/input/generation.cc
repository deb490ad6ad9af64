#include "input/generation.h"

#include <algorithm>
#include <array>

namespace accesslog {

Generation::Generation(std::shared_ptr<File> file, const FileStatus& status, size_t max_line_bytes,
                       Time now)
    : file_(std::move(file)),
      status_(status),
      known_size_(status.size),
      last_growth_(now),
      lines_(max_line_bytes) {}

void Generation::StartAt(uint64_t offset) {
  offset_ = offset;
  known_size_ = std::max(known_size_, offset);
  const uint64_t size = std::min<uint64_t>(offset, kMarkBytes);
  head_ = BytesAt(0, std::min<uint64_t>(offset, kHeadBytes));
  recent_ = BytesAt(offset - size, size);
}

// Nothing if there are not so many.
std::string Generation::BytesAt(uint64_t offset, uint64_t size) const {
  std::string bytes(size, '\0');
  const auto count = file_->ReadAt(offset, bytes);
  return count && *count == size ? bytes : "";
}

void Generation::Resume(const SavedGeneration& saved) {
  StartAt(saved.mark.end);
  if (saved.skipping) {
    lines_.ResumeSkipping(saved.half_line);
  } else {
    StartAt(saved.mark.end - saved.half_line);
  }
}

SavedGeneration Generation::Save() const {
  return {.id = status_.id,
          .mark = MarkOf(offset_, recent_),
          .head = HeadOf(Head()),
          .half_line = lines_.pending_bytes(),
          .skipping = lines_.is_skipping(),
          .known_size = known_size_,
          .file = file_};
}

ContentMark Generation::TellingMark() const {
  const ContentMark read = MarkOf(offset_, recent_);
  if (IsTelling(read)) return read;
  const std::string head = Head();
  return MarkOf(head.size(), head);
}

// The bytes that were read; while they are too few to tell, those that stand there.
std::string Generation::Head() const {
  if (head_.size() >= kTellingBytes) return head_;
  std::string head(kHeadBytes, '\0');
  const auto count = file_->ReadAt(0, head);
  head.resize(count ? *count : 0);
  return head;
}

Generation::State Generation::Look() {
  const auto status = file_->Stat();
  if (!status) return State::kSame;
  status_ = *status;
  old_size_ = std::max(known_size_, offset_);
  // A file only grows unless it was truncated, even if it is longer again than what was read of it.
  if (status->size < known_size_) return State::kTruncated;
  known_size_ = status->size;
  return State::kSame;
}

Generation::Read Generation::ReadOnce(Time now, std::span<char> buffer, LineSink& sink) {
  checked_ = status_.modified;
  const size_t overlap = std::min(recent_.size(), buffer.size() / 4);
  const auto count = file_->ReadAt(offset_ - overlap, buffer);
  if (!count) return {State::kSame, 0, count.error().message};
  const std::string_view before(buffer.data(), std::min(*count, overlap));
  if (before != std::string_view(recent_).substr(recent_.size() - overlap)) {
    return {State::kTruncated};
  }
  std::string_view bytes(buffer.data() + overlap, *count - overlap);
  if (bytes.empty()) return {};
  offset_ += bytes.size();
  known_size_ = std::max(known_size_, offset_);
  last_growth_ = now;
  Remember(bytes);
  const uint64_t size = bytes.size();
  // A writer that does not append goes on at its old place after a truncation; in front of it is a
  // hole, which is no part of any line.
  if (lines_.pending_bytes() == 0) {
    bytes.remove_prefix(std::min(bytes.find_first_not_of('\0'), bytes.size()));
  }
  lines_.Add(bytes, sink);
  return {State::kSame, size};
}

void Generation::Remember(std::string_view bytes) {
  if (head_.size() < kHeadBytes && head_.size() + bytes.size() == offset_) {
    head_ += bytes.substr(0, kHeadBytes - head_.size());
  }
  if (bytes.size() >= kMarkBytes) {
    recent_ = bytes.substr(bytes.size() - kMarkBytes);
    return;
  }
  const size_t kept = std::min(recent_.size(), kMarkBytes - bytes.size());
  recent_.erase(0, recent_.size() - kept);
  recent_ += bytes;
}

uint64_t Generation::BeginAnew() {
  const uint64_t lost = old_size_ - std::min(old_size_, offset_) + lines_.Drop();
  offset_ = 0;
  known_size_ = 0;
  head_.clear();
  recent_.clear();
  return lost;
}

}  // namespace accesslog
