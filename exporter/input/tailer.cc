#include "input/tailer.h"

#include <spdlog/logger.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace accesslog {
namespace {

// Files that were read, to know copies of them by.
constexpr size_t kMaxFinished = 16;
// Files that wait to be read, as after months; each is open.
constexpr size_t kMostGenerations = 1000;

}  // namespace

Tailer::Tailer(std::string path, TailerOptions options, FileSystem& files, FileRegistry& registry,
               LineSink& sink, spdlog::logger& log)
    : path_(std::move(path)),
      options_(options),
      files_(files),
      registry_(registry),
      sink_(sink),
      log_(log) {}

void Tailer::Restore(SavedTail tail) {
  const bool open = stats_.open;
  stats_ = tail.stats;
  stats_.open = open;
  stats_.bytes_behind = 0;
  modified_ = tail.modified;
  unseen_since_ = tail.unseen_since;
  first_look_ = false;
  for (const SavedGeneration& finished : tail.finished) {
    registry_.Release({finished.id, finished.mark.end, 0});
    finished_.push_back(finished);
  }
  saved_ = std::move(tail);
}

SavedTail Tailer::Save() const {
  // What was not found yet may still be.
  if (saved_) {
    SavedTail tail = *saved_;
    tail.stats = stats_;
    return tail;
  }
  SavedTail tail;
  tail.stats = stats_;
  tail.modified = modified_;
  tail.unseen_since = unseen_since_;
  for (const auto& generation : renamed_) tail.generations.push_back(generation->Save());
  if (current_) {
    tail.generations.push_back(current_->Save());
    tail.generations.back().live = true;
  }
  tail.finished.assign(finished_.begin(), finished_.end());
  return tail;
}

bool Tailer::Poll(Time now, std::span<char> buffer, uint64_t max_bytes) {
  OpenIfMissing(now);
  CheckRenamed(now);
  uint64_t budget = max_bytes;
  bool more = false;
  do {
    found_copy_ = false;
    stats_.bytes_behind = 0;
    // Oldest first: what was written earlier is counted earlier.
    for (size_t i = 0; i < renamed_.size() && !found_copy_; ++i) {
      more = ReadOn(*renamed_[i], now, buffer, budget) || more;
    }
    if (current_ && !found_copy_) more = ReadOn(*current_, now, buffer, budget) || more;
  } while (found_copy_);
  RetireQuiet(now);
  return more;
}

void Tailer::OpenIfMissing(Time now) {
  if (saved_) return OpenSaved(now);
  if (current_) return;
  if (std::exchange(first_look_, false)) TakeFirstLook();
  auto file = files_.Open(path_);
  if (!file) return NoteOpenError(file.error().message);
  const auto status = (*file)->Stat();
  if (!status) return NoteOpenError(status.error().message);
  if (!registry_.Claim(*status)) return NoteFollowedElsewhere();
  const bool follows_another = modified_ != 0;
  const int64_t since = std::max(modified_, unseen_since_);
  OpenNew(std::move(*file), *status, now);
  // The name may have stood for others since the last look, however short ago that was.
  if (follows_another) AddUnseen(since, now);
}

// What is there is old, even if it may not be read yet.
void Tailer::TakeFirstLook() {
  const auto status = files_.Stat(path_);
  if (status) first_seen_ = *status;
  unseen_since_ = NewestRotated(files_, path_) + 1;
}

void Tailer::OpenNew(std::unique_ptr<File> file, const FileStatus& status, Time now) {
  const bool is_old = first_seen_ && first_seen_->id == status.id;
  const SavedGeneration* finished = FindFinished(status.id, *file);
  File& opened = *file;
  current_ = std::make_unique<Generation>(std::move(file), status, options_.max_line_bytes, now);
  if (finished != nullptr) {
    current_->StartAt(finished->mark.end);
    log_.info("{} is back; reading on behind what was read of it", path_);
  } else if (is_old && options_.start == StartAt::kEnd) {
    const uint64_t offset = StartOffset(opened, std::min(first_seen_->size, status.size));
    current_->StartAt(offset);
    log_.info("following {} from its end; what it held before is not counted: {}", path_,
              Plural(offset, "byte"));
  } else {
    log_.info("following {} from its beginning", path_);
  }
  first_seen_.reset();
  modified_ = status.modified;
  said_error_.clear();
  stats_.open = true;
}

// The file was moved away, given up when it had been quiet for long, and moved back.
const SavedGeneration* Tailer::FindFinished(const FileId& id, File& file) const {
  const auto it = std::find_if(finished_.begin(), finished_.end(), [&](const auto& finished) {
    return finished.id == id && Holds(file, finished.mark);
  });
  return it == finished_.end() ? nullptr : &*it;
}

FileSearch Tailer::Search() const {
  FileSearch search;
  search.path = path_;
  for (const SavedGeneration& finished : finished_) {
    search.finished.push_back({finished.id, finished.mark, finished.head});
  }
  return search;
}

void Tailer::OpenSaved(Time now) {
  TakeOpenFiles(now);
  if (ReadsOnAsBefore(now)) return;
  FileSearch search = Search();
  search.with_live = current_ == nullptr;
  search.unseen_since = std::max(modified_, unseen_since_);
  for (const SavedGeneration& generation : saved_->generations) {
    search.wanted.push_back({generation.id, generation.mark, generation.head});
  }
  // A file that may not be read now may be the one that is wanted.
  const auto live = files_.Open(path_);
  if (!live && search.with_live && files_.Stat(path_)) return NoteOpenError(live.error().message);
  std::vector<FoundFile> found = FindFiles(files_, search, registry_);
  const bool any = std::any_of(found.begin(), found.end(),
                               [](const FoundFile& file) { return file.wanted.has_value(); });
  // The name is missing, and so is what it named: both may come back.
  const bool wants_any = !search.wanted.empty();
  if (!live && !any && wants_any) return NoteOpenError(live.error().message);
  std::vector<bool> is_found(search.wanted.size());
  bool any_unseen = false;
  for (FoundFile& file : found) {
    if (file.wanted) is_found[*file.wanted] = true;
    any_unseen = any_unseen || !file.wanted;
    Adopt(std::move(file), now);
  }
  // A file of which no line was counted, and too little stood there to know it by, is among those that
  // nobody has read, and is read whole.
  for (size_t i = 0; i < is_found.size() && any_unseen; ++i) {
    const SavedGeneration& saved = saved_->generations[i];
    const bool is_unread = saved.mark.end == saved.half_line && !saved.skipping;
    if (is_unread && saved.head.length < kTellingBytes) is_found[i] = true;
  }
  NoteMissing(is_found);
  for (size_t i = 0; i < is_found.size(); ++i) {
    if (!is_found[i]) RememberGone(saved_->generations[i]);
  }
  saved_.reset();
  if (!current_) OpenIfMissing(now);
}

// Mostly nothing was rotated; then no directory need be looked through.
bool Tailer::ReadsOnAsBefore(Time now) {
  if (current_ || saved_->generations.size() != 1 || !saved_->generations.front().live) return false;
  const SavedGeneration& saved = saved_->generations.front();
  auto file = files_.Open(path_);
  if (!file || !IsTelling(saved.mark)) return false;
  const auto status = (*file)->Stat();
  if (!status || status->id != saved.id || !Holds(**file, saved.mark)) return false;
  Adopt({path_, std::move(*file), *status, false, 0}, now);
  saved_.reset();
  return true;
}

// Those that this process has open, under whatever name.
void Tailer::TakeOpenFiles(Time now) {
  std::erase_if(saved_->generations, [&](const SavedGeneration& saved) {
    if (!saved.file) return false;
    const auto status = saved.file->Stat();
    if (!status || !Holds(*saved.file, saved.mark) || !registry_.Claim(*status)) return false;
    auto generation =
        std::make_unique<Generation>(saved.file, *status, options_.max_line_bytes, now);
    generation->Resume(saved);
    if (saved.live) {
      current_ = std::move(generation);
      stats_.open = true;
    } else {
      renamed_.push_back(std::move(generation));
    }
    return true;
  });
}

void Tailer::Adopt(FoundFile found, Time now) {
  if (!registry_.Claim(found.status)) return;
  const auto path = files_.RealPath(path_);
  const bool live = !found.compressed && (found.path == path_ || found.path == path);
  auto generation = std::make_unique<Generation>(std::move(found.file), found.status,
                                                 options_.max_line_bytes, now);
  if (found.wanted) {
    generation->Resume(saved_->generations[*found.wanted]);
    log_.info("reading on in {}, {} behind", found.path, Plural(generation->unread(), "byte"));
  } else {
    log_.info("reading {}, which nobody has read yet", found.path);
  }
  if (found.compressed) generation->Seal();
  if (live) {
    current_ = std::move(generation);
    modified_ = found.status.modified;
    said_error_.clear();
    stats_.open = true;
    return;
  }
  // The log's name stands for another file now.
  const bool was_live = !found.wanted || saved_->generations[*found.wanted].live;
  if (was_live) ++(IsCopyOfLive(found) ? stats_.truncations : stats_.rotations);
  renamed_.push_back(std::move(generation));
}

// The file itself is where it was, and begins anew.
bool Tailer::IsCopyOfLive(const FoundFile& found) const {
  if (!found.wanted) return false;
  const auto status = files_.Stat(path_);
  return status && status->id == saved_->generations[*found.wanted].id;
}

void Tailer::NoteMissing(const std::vector<bool>& found) {
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i]) continue;
    const SavedGeneration& saved = saved_->generations[i];
    const auto status = files_.Stat(path_);
    if (status && status->id == saved.id) ++stats_.truncations;
    const uint64_t lost =
        saved.known_size - std::min(saved.known_size, saved.mark.end) + saved.half_line;
    // What nobody wrote to any more may be deleted without a loss.
    if (!saved.live && lost == 0) continue;
    ++stats_.lost_files;
    stats_.lost_bytes += lost;
    lost_at_restore_ = true;
    log_.warn(
        "the file that was {} when it was last read is gone: {} of it are lost, and whatever "
        "was written behind them",
        path_, Plural(lost, "byte"));
  }
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
  if (status->id == current_->id()) return;
  ++stats_.rotations;
  log_.info("{} was rotated", path_);
  current_->NoteRenamed(now);
  const int64_t since = std::max(modified_, unseen_since_);
  renamed_.push_back(std::move(current_));
  AddUnseen(since, now);
  RetireBeyondLimit();
  OpenIfMissing(now);
}

// Files that had the log's name between two looks.
bool Tailer::AddUnseen(int64_t since, Time now) {
  FileSearch search = Search();
  search.unseen_since = since;
  for (const auto& generation : renamed_) {
    search.finished.push_back(
        {generation->id(), generation->TellingMark(), generation->Save().head});
  }
  const size_t before = renamed_.size();
  for (FoundFile& found : FindFiles(files_, search, registry_)) Adopt(std::move(found), now);
  return renamed_.size() > before;
}

// Renamed and not yet created again, which takes a moment; or deleted, or hidden from us. What is
// open is read on, but whatever is written under the name by others is not seen.
void Tailer::NoteVanished(Time now, const std::string& reason) {
  gone_since_ = gone_since_.value_or(now);
  if (now - *gone_since_ < options_.rotation_pause) return;
  if (std::exchange(stats_.open, false)) {
    log_.warn("{} is gone: {}; waiting for it, and reading on what was opened", path_, reason);
  }
  const Time quiet_since = std::max(*gone_since_, current_->last_growth());
  if (now - quiet_since >= options_.retire_after) renamed_.push_back(std::move(current_));
}

// The copy that copytruncate made holds what was in the file behind the part that was read.
std::unique_ptr<Generation> Tailer::FindCopy(const Generation& generation, Time now) {
  FileSearch search = Search();
  search.unseen_since = std::max(modified_, unseen_since_);
  const SavedGeneration read = generation.Save();
  search.wanted.push_back({FileId{}, read.mark, read.head});
  std::unique_ptr<Generation> copy;
  for (FoundFile& found : FindFiles(files_, search, registry_)) {
    if (!found.wanted) {
      Adopt(std::move(found), now);
    } else if (registry_.Claim(found.status)) {
      copy = std::make_unique<Generation>(std::move(found.file), found.status,
                                          options_.max_line_bytes, now);
      copy->Resume(read);
      if (found.compressed) copy->Seal();
    }
  }
  return copy;
}

void Tailer::NoteTruncated(Generation& generation, Time now) {
  ++stats_.truncations;
  const uint64_t known = generation.old_size();
  auto copy = FindCopy(generation, now);
  RememberGone(generation.Save());
  uint64_t lost = generation.BeginAnew();
  if (copy) {
    lost = known - std::min(known, copy->known_size());
    renamed_.push_front(std::move(copy));
    found_copy_ = true;
  }
  stats_.lost_bytes += lost;
  log_.info("{} was truncated; reading it from its beginning, {} lost", path_,
            Plural(lost, "byte"));
}

// The file is another one now, but copies of what it was may turn up later.
void Tailer::RememberGone(SavedGeneration gone) {
  gone.id = {};
  Remember(std::move(gone));
}

void Tailer::Remember(SavedGeneration finished) {
  finished.file.reset();
  finished_.push_back(std::move(finished));
  if (finished_.size() > kMaxFinished) finished_.pop_front();
}

bool Tailer::ReadOn(Generation& generation, Time now, std::span<char> buffer, uint64_t& budget) {
  if (generation.Look() == Generation::State::kTruncated) {
    NoteTruncated(generation, now);
    generation.Look();
    if (found_copy_) return true;
  }
  if (&generation == current_.get() && generation.was_empty() && generation.has_news() &&
      AddUnseen(std::max(modified_, unseen_since_), now)) {
    found_copy_ = true;
    return true;
  }
  bool progress = budget == 0;
  while (budget > 0 && generation.has_news()) {
    const Generation::Read read = generation.ReadOnce(now, buffer, sink_);
    NoteReadError(generation, read.error);
    if (read.state == Generation::State::kTruncated) {
      NoteTruncated(generation, now);
      generation.Look();
      progress = true;
      if (found_copy_) return true;
      continue;
    }
    if (read.bytes == 0) break;
    progress = true;
    budget -= std::min(budget, read.bytes);
  }
  if (&generation == current_.get()) modified_ = generation.modified();
  stats_.bytes_behind += generation.unread();
  // What cannot be read now is not tried again at once.
  return progress && generation.unread() > 0;
}

void Tailer::NoteReadError(Generation& generation, const std::string& reason) {
  if (std::exchange(generation.said_error(), reason) == reason || reason.empty()) return;
  log_.warn("cannot read {}: {}; trying again", path_, reason);
}

void Tailer::RetireQuiet(Time now) {
  const auto is_over = [&](const Generation& generation) {
    if (generation.sealed() && generation.unread() == 0) return true;
    return now - generation.last_growth() >= options_.retire_after;
  };
  while (!renamed_.empty() && is_over(*renamed_.front())) Retire();
}

// Files that were not read to their ends yet are kept, unless they cannot be read.
void Tailer::RetireBeyondLimit() {
  while (renamed_.size() > options_.max_generations) {
    const Generation& oldest = *renamed_.front();
    const bool waits = oldest.unread() > 0 && renamed_.front()->said_error().empty();
    if (waits && renamed_.size() <= kMostGenerations) return;
    Retire();
  }
}

void Tailer::Retire() {
  Generation& oldest = *renamed_.front();
  if (oldest.unread() == 0) {
    // Nobody will end its last line any more.
    oldest.Finish(sink_);
    Remember(oldest.Save());
  } else {
    const uint64_t lost = oldest.unread() + oldest.Drop();
    stats_.lost_bytes += lost;
    log_.warn("gave up a renamed {} before it was read to its end; {} lost", path_,
              Plural(lost, "byte"));
  }
  registry_.Release(oldest.read_status());
  renamed_.pop_front();
}

}  // namespace accesslog
