#include "input/tailer.h"

#include <spdlog/logger.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace accesslog {

Tailer::Tailer(std::string path, TailerOptions options, FileSystem& files, FileRegistry& registry,
               LineSink& sink, spdlog::logger& log)
    : path_(std::move(path)),
      options_(options),
      files_(files),
      registry_(registry),
      sink_(sink),
      log_(log) {}

bool Tailer::Poll(Time now, std::span<char> buffer, uint64_t max_bytes) {
  OpenIfMissing(now);
  CheckRenamed(now);
  uint64_t budget = max_bytes;
  bool more = false;
  stats_.bytes_behind = 0;
  // Oldest first: what was written earlier is counted earlier.
  for (auto& generation : renamed_) more = ReadOn(*generation, now, buffer, budget) || more;
  if (current_) more = ReadOn(*current_, now, buffer, budget) || more;
  RetireQuiet(now);
  return more;
}

void Tailer::OpenIfMissing(Time now) {
  if (current_) return;
  const bool first_look = std::exchange(first_look_, false);
  auto file = files_.Open(path_);
  if (!file) return NoteOpenError(file.error().message);
  auto status = (*file)->Stat();
  if (!status) return NoteOpenError(status.error().message);
  if (!registry_.Claim(*status)) return NoteFollowedElsewhere();

  auto generation = std::make_unique<Generation>();
  generation->id = status->id;
  generation->known_size = status->size;
  generation->last_growth = now;
  generation->lines = LineAssembler(options_.max_line_bytes);
  if (first_look && options_.start == StartAt::kEnd) {
    generation->offset = StartOffset(**file, status->size);
    log_.info("following {} from its end; what it held before is not counted: {}", path_,
              Plural(generation->offset, "byte"));
  } else {
    log_.info("following {} from its beginning", path_);
  }
  generation->file = std::move(*file);
  current_ = std::move(generation);
  said_error_.clear();
  stats_.open = true;
}

void Tailer::NoteFollowedElsewhere() {
  stats_.open = true;
  static constexpr const char* kReason = "followed under another name";
  if (std::exchange(said_error_, kReason) == kReason) return;
  log_.info("{} is followed under another name already", path_);
}

void Tailer::NoteOpenError(const std::string& reason) {
  stats_.open = false;
  ++stats_.open_errors;
  if (std::exchange(said_error_, reason) == reason) return;
  log_.warn("cannot open {}: {}; trying again until it can be read", path_, reason);
}

// The start of the last, possibly half-written line, so that its rest is not taken for a line.
uint64_t Tailer::StartOffset(File& file, uint64_t size) const {
  std::array<char, 4096> buffer{};
  uint64_t at = size;
  while (at > 0 && size - at <= options_.max_line_bytes) {
    const uint64_t step = std::min<uint64_t>(buffer.size(), at);
    const auto count = file.ReadAt(at - step, std::span(buffer.data(), step));
    if (!count || *count != step) return size;
    const size_t newline = std::string_view(buffer.data(), step).rfind('\n');
    if (newline != std::string_view::npos) return at - step + newline + 1;
    at -= step;
  }
  // The start of the file, or so far inside a line over the limit that it will be known for one.
  return at;
}

// The name may point to another file now; then ours was renamed (or deleted) and is followed on.
void Tailer::CheckRenamed(Time now) {
  if (!current_) return;
  const auto status = files_.Stat(path_);
  if (!status) return NoteVanished(now, status.error().message);
  gone_since_.reset();
  stats_.open = true;
  if (status->id == current_->id) return;
  ++stats_.rotations;
  log_.info("{} was rotated", path_);
  current_->last_growth = now;
  renamed_.push_back(std::move(current_));
  if (renamed_.size() > options_.max_generations) Retire();
  OpenIfMissing(now);
}

// Renamed and not yet created again, which takes a moment; or deleted, or hidden from us. What is
// open is read on, but whatever is written under the name by others is not seen.
void Tailer::NoteVanished(Time now, const std::string& reason) {
  gone_since_ = gone_since_.value_or(now);
  if (now - *gone_since_ < options_.rotation_pause || !std::exchange(stats_.open, false)) return;
  log_.warn("{} is gone: {}; waiting for it, and reading on what was opened", path_, reason);
}

void Tailer::CheckTruncated(Generation& generation) {
  const auto status = generation.file->Stat();
  if (!status) return;
  // A file only grows unless it was truncated, even if it is longer again than what was read of it.
  if (status->size < generation.known_size) {
    ++stats_.truncations;
    const uint64_t unread = generation.known_size - generation.offset;
    const uint64_t lost = unread + generation.lines.Drop();
    stats_.lost_bytes += lost;
    log_.info("{} was truncated; reading it from its beginning, {} lost", path_,
              Plural(lost, "byte"));
    generation.offset = 0;
    generation.known_size = 0;
  }
  generation.known_size = std::max(generation.known_size, status->size);
}

bool Tailer::ReadOn(Generation& generation, Time now, std::span<char> buffer, uint64_t& budget) {
  CheckTruncated(generation);
  bool progress = budget == 0;
  while (budget > 0) {
    const auto count = generation.file->ReadAt(generation.offset, buffer);
    NoteReadError(generation, count ? "" : count.error().message);
    if (!count || *count == 0) break;
    progress = true;
    generation.offset += *count;
    generation.known_size = std::max(generation.known_size, generation.offset);
    generation.last_growth = now;
    generation.lines.Add(std::string_view(buffer.data(), *count), sink_);
    budget -= std::min<uint64_t>(budget, *count);
    if (*count < buffer.size()) break;
  }
  const uint64_t unread = generation.known_size - generation.offset;
  stats_.bytes_behind += unread;
  // What cannot be read now is not tried again at once.
  return progress && unread > 0;
}

void Tailer::NoteReadError(Generation& generation, const std::string& reason) {
  if (std::exchange(generation.said_error, reason) == reason || reason.empty()) return;
  log_.warn("cannot read {}: {}; trying again", path_, reason);
}

void Tailer::RetireQuiet(Time now) {
  while (!renamed_.empty() && now - renamed_.front()->last_growth >= options_.retire_after) {
    Retire();
  }
}

void Tailer::Retire() {
  Generation& oldest = *renamed_.front();
  const uint64_t unread = oldest.known_size - oldest.offset;
  if (unread == 0) {
    // Nobody will end its last line any more.
    oldest.lines.Finish(sink_);
  } else {
    const uint64_t lost = unread + oldest.lines.Drop();
    stats_.lost_bytes += lost;
    log_.warn("gave up a renamed {} before it was read to its end; {} lost", path_,
              Plural(lost, "byte"));
  }
  registry_.Release(oldest.id, oldest.offset);
  renamed_.pop_front();
}

}  // namespace accesslog
