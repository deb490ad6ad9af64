#include "input/tail_set.h"

#include <fnmatch.h>
#include <poll.h>
#include <spdlog/logger.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "input/rotated_name.h"

namespace accesslog {
namespace {

constexpr size_t kBufferBytes = size_t{256} * 1024;

bool IsGlob(const std::string& pattern) {
  return pattern.find_first_of("*?[") != std::string::npos;
}

std::pair<std::string, std::string> SplitPath(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace

TailSet::TailSet(TailSetOptions options, FileSystem& files, std::unique_ptr<Watcher> watcher,
                 MakeSink make_sink, spdlog::logger& log)
    : options_(std::move(options)),
      files_(files),
      watcher_(std::move(watcher)),
      make_sink_(std::move(make_sink)),
      log_(log),
      buffer_(kBufferBytes) {}

void TailSet::Restore(size_t site, const std::string& path, SavedTail tail) {
  saved_[{site, path}] = std::move(tail);
}

void TailSet::Expand(Time now) {
  const bool due = now - last_expand_ >= options_.glob_interval || now < last_expand_;
  if (expanded_ && !due) return;
  last_expand_ = now;
  const bool found_later = std::exchange(expanded_, true);
  DropVanished();
  for (const TailSource& source : options_.sources) {
    if (!found_later) AddSaved(source);
    for (const std::string& pattern : source.patterns) {
      if (IsGlob(pattern)) {
        ExpandGlob(source, pattern, found_later);
      } else {
        AddFile(source, pattern, pattern, found_later);
      }
    }
  }
  saved_.clear();
  for (auto& entry : entries_) Watch(*entry);
  WatchDirectories();
}

// Each time anew: a directory may have appeared, or been replaced by another of its name.
void TailSet::WatchDirectories() {
  std::set<std::string> reported;
  for (const auto& [directory, files] : directories_) {
    if (watcher_ && watcher_->Watch(directory) && files_.ReportsChanges(directory)) {
      reported.insert(directory);
    }
  }
  any_unreported_ = false;
  for (auto& entry : entries_) {
    entry->reported = std::all_of(entry->names.begin(), entry->names.end(),
                                  [&](const auto& name) { return reported.contains(name.first); });
    any_unreported_ = any_unreported_ || !entry->reported;
  }
}

// Files that were followed before the restart and may have been rotated away since.
void TailSet::AddSaved(const TailSource& source) {
  for (auto saved = saved_.lower_bound({source.site, ""});
       saved != saved_.end() && saved->first.first == source.site;) {
    const std::string path = (saved++)->first.second;
    for (const std::string& pattern : source.patterns) {
      if (!IsGlob(pattern) || ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) != 0) continue;
      AddFile(source, pattern, path, false);
      break;
    }
  }
}

void TailSet::ExpandGlob(const TailSource& source, const std::string& pattern, bool found_later) {
  const std::vector<std::string> paths = files_.Glob(pattern);
  if (!paths.empty()) {
    unmatched_.erase({source.site, pattern});
  } else if (unmatched_.emplace(source.site, pattern).second) {
    log_.warn("no file matches {}; looking again every {} s", pattern,
              std::chrono::floor<std::chrono::seconds>(options_.glob_interval).count());
  }
  for (const std::string& path : paths) {
    if (IsFollowed(source.site, path) || IsCompressedName(path)) continue;
    // What a rotation moved or copied away was read when it was written.
    const auto live = LiveNameOf(path);
    const bool is_rotated = live && (IsFollowed(source.site, *live) ||
                                     std::find(paths.begin(), paths.end(), *live) != paths.end());
    if (is_rotated) continue;
    const auto status = files_.Stat(path);
    if (status && registries_[source.site].IsTaken(*status)) continue;
    AddFile(source, pattern, path, found_later);
  }
}

bool TailSet::IsFollowed(size_t site, const std::string& path) const {
  return followed_.contains({site, path});
}

void TailSet::AddFile(const TailSource& source, const std::string& pattern, const std::string& path,
                      bool found_later) {
  if (IsFollowed(source.site, path)) return;
  if (entries_.size() >= options_.max_files) {
    if (!std::exchange(said_too_many_, true)) {
      log_.error("{} is not followed: {} files are the limit", path, options_.max_files);
    }
    return;
  }
  TailerOptions tailer = source.tailer;
  // Nothing of a file that came into being while we ran, or since, may be passed over.
  if (found_later || source.known_patterns.contains(pattern)) tailer.start = StartAt::kBeginning;
  auto entry = std::make_unique<Entry>(
      Entry{source.site, path, IsGlob(pattern), make_sink_(source.site, path), nullptr});
  entry->tailer =
      std::make_unique<Tailer>(path, tailer, files_, registries_[source.site], *entry->sink, log_);
  const auto saved = saved_.find({source.site, path});
  if (saved != saved_.end()) entry->tailer->Restore(std::move(saved->second));
  followed_.emplace(source.site, path);
  entries_.push_back(std::move(entry));
}

// By its own name and, behind symbolic links, by that of the file: writing to that says nothing in
// the directory of the link.
void TailSet::Watch(Entry& entry) {
  std::vector<std::pair<std::string, std::string>> names = {SplitPath(entry.path)};
  const std::string real = files_.RealPath(entry.path);
  if (!real.empty() && real != entry.path) names.push_back(SplitPath(real));
  if (names != entry.names) {
    Unwatch(entry);
    for (const auto& [directory, name] : names) directories_[directory].emplace(name, &entry);
    entry.names = std::move(names);
  }
}

void TailSet::Unwatch(const Entry& entry) {
  for (const auto& [directory, name] : entry.names) {
    const auto found = directories_.find(directory);
    if (found == directories_.end()) continue;
    std::erase_if(found->second, [&](const auto& file) { return file.second == &entry; });
    if (found->second.empty()) directories_.erase(found);
  }
}

// Files with the day in their names come and go.
void TailSet::DropVanished() {
  std::erase_if(entries_, [&](const std::unique_ptr<Entry>& entry) {
    if (!entry->from_glob || !entry->tailer->is_empty() || files_.Stat(entry->path)) return false;
    log_.info("{} is gone, and read to its end; it is followed no more", entry->path);
    Unwatch(*entry);
    followed_.erase({entry->site, entry->path});
    return true;
  });
}

// Those whose time has come.
void TailSet::MarkDue(Time now, bool all) {
  const bool sweep = all || now - last_sweep_ >= options_.sweep_interval || now < last_sweep_;
  const bool poll = sweep || now - last_poll_ >= options_.poll_interval || now < last_poll_;
  for (const auto& entry : entries_) {
    if (sweep || (poll && !entry->reported)) entry->due = true;
  }
  if (sweep) last_sweep_ = now;
  if (poll) last_poll_ = now;
}

void TailSet::MarkChanged(const std::vector<FileChange>& changes) {
  for (const FileChange& change : changes) {
    const auto directory = directories_.find(change.directory);
    if (directory == directories_.end()) continue;
    const auto [first, last] = directory->second.equal_range(change.name);
    for (auto file = first; file != last; ++file) file->second->due = true;
    if (first != last) continue;
    for (const auto& [name, entry] : directory->second) {
      // A renamed file is written under a name that we do not know.
      if (change.name.empty() || entry->tailer->has_renamed()) entry->due = true;
    }
  }
}

bool TailSet::PollDue(Time now) {
  bool more = false;
  for (const auto& entry : entries_) {
    if (!entry->due) continue;
    entry->due = entry->tailer->Poll(now, buffer_, options_.bytes_per_turn);
    more = more || entry->due;
  }
  return more;
}

std::set<size_t> TailSet::Open(const Clock& clock) {
  const Time now = clock();
  Expand(now);
  std::set<size_t> lost;
  for (const auto& entry : entries_) {
    entry->tailer->Open(now);
    if (entry->tailer->lost_at_restore()) lost.insert(entry->site);
  }
  return lost;
}

void TailSet::CatchUp(const Clock& clock, const std::function<bool()>& after_turn) {
  Expand(clock());
  MarkDue(clock(), true);
  while (PollDue(clock()) && !after_turn()) {
  }
}

// Until something must be looked at that nobody reports.
Duration TailSet::NextLook(Time now) const {
  const Duration sweep = last_sweep_ + options_.sweep_interval - now;
  if (!any_unreported_) return std::min(sweep, options_.sweep_interval);
  return std::min({sweep, last_poll_ + options_.poll_interval - now, options_.poll_interval});
}

void TailSet::Step(const Clock& clock, int wake_fd, Duration max_wait) {
  const bool waiting =
      std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) { return entry->due; });
  const Duration wait =
      waiting ? Duration{0} : std::clamp(NextLook(clock()), Duration{0}, max_wait);
  bool overflowed = false;
  if (watcher_) {
    MarkChanged(watcher_->Wait(wait, wake_fd, overflowed));
  } else {
    pollfd fd{wake_fd, POLLIN, 0};
    ::poll(&fd, wake_fd >= 0 ? 1 : 0, static_cast<int>(wait.count()));
  }
  const Time now = clock();
  Expand(now);
  MarkDue(now, overflowed);
  PollDue(now);
}

uint64_t TailSet::truncations() const {
  uint64_t sum = 0;
  for (const auto& entry : entries_) sum += entry->tailer->stats().truncations;
  return sum;
}

std::vector<TailedFile> TailSet::Files() const {
  std::vector<TailedFile> files;
  files.reserve(entries_.size());
  for (const auto& entry : entries_) {
    files.push_back({entry->site, entry->path, entry->tailer->stats(), entry->sink});
  }
  for (const auto& [site, pattern] : unmatched_) files.push_back({site, pattern, {}, nullptr});
  return files;
}

std::vector<TailSet::SavedFile> TailSet::Save() const {
  std::vector<SavedFile> files;
  files.reserve(entries_.size());
  for (const auto& entry : entries_) {
    files.push_back({entry->site, entry->path, entry->tailer->Save(), entry->sink});
  }
  return files;
}

}  // namespace accesslog
