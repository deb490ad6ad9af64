#include "input/tail_set.h"

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

Duration TailSet::interval() const {
  return watcher_ ? options_.sweep_interval : options_.poll_interval;
}

void TailSet::Expand(Time now) {
  const bool due = now - last_expand_ >= options_.glob_interval || now < last_expand_;
  if (expanded_ && !due) return;
  last_expand_ = now;
  const bool found_later = std::exchange(expanded_, true);
  for (const TailSource& source : options_.sources) {
    for (const std::string& pattern : source.patterns) {
      if (IsGlob(pattern)) {
        ExpandGlob(source, pattern, found_later);
      } else {
        AddFile(source, pattern, found_later);
      }
    }
  }
  if (!watcher_) return;
  // Each time anew: a directory may have appeared, or been replaced by another of its name.
  for (const std::string& directory : directories_) watcher_->Watch(directory);
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
    AddFile(source, path, found_later);
  }
}

bool TailSet::IsFollowed(size_t site, const std::string& path) const {
  const auto [first, last] = by_path_.equal_range(path);
  return std::any_of(first, last,
                     [&](const auto& file) { return entries_[file.second].site == site; });
}

void TailSet::AddFile(const TailSource& source, const std::string& path, bool found_later) {
  if (IsFollowed(source.site, path)) return;
  if (entries_.size() >= options_.max_files) {
    if (!std::exchange(said_too_many_, true)) {
      log_.error("{} is not followed: {} files are the limit", path, options_.max_files);
    }
    return;
  }
  TailerOptions tailer = source.tailer;
  // Nothing of a file that came into being while we ran may be passed over.
  if (found_later) tailer.start = StartAt::kBeginning;
  auto sink = make_sink_(source.site, path);
  auto [directory, name] = SplitPath(path);
  directories_.insert(directory);
  by_path_.emplace(path, entries_.size());
  auto followed = std::make_unique<Tailer>(path, tailer, files_, registries_[source.site], *sink, log_);
  entries_.push_back({source.site, directory, name, std::move(sink), std::move(followed)});
}

void TailSet::MarkAll() {
  for (Entry& entry : entries_) entry.due = true;
}

void TailSet::MarkChanged(const std::vector<FileChange>& changes) {
  for (const FileChange& change : changes) {
    for (Entry& entry : entries_) {
      if (entry.directory != change.directory) continue;
      // A renamed file is written under a name that we do not know.
      if (entry.name == change.name || change.name.empty() || entry.tailer->has_renamed()) {
        entry.due = true;
      }
    }
  }
}

bool TailSet::PollDue(Time now) {
  bool more = false;
  for (Entry& entry : entries_) {
    if (!entry.due) continue;
    entry.due = entry.tailer->Poll(now, buffer_, options_.bytes_per_turn);
    more = more || entry.due;
  }
  return more;
}

void TailSet::CatchUp(const Clock& clock, const std::function<bool()>& stop) {
  Expand(clock());
  MarkAll();
  while (PollDue(clock()) && !stop()) {
  }
  last_sweep_ = clock();
}

void TailSet::Step(const Clock& clock, int wake_fd, Duration max_wait) {
  const bool waiting = std::any_of(entries_.begin(), entries_.end(),
                                   [](const Entry& entry) { return entry.due; });
  const Duration until_sweep = last_sweep_ + interval() - clock();
  const Duration longest = std::min(interval(), max_wait);
  const Duration wait = waiting ? Duration{0} : std::clamp(until_sweep, Duration{0}, longest);
  bool overflowed = false;
  if (watcher_) {
    MarkChanged(watcher_->Wait(wait, wake_fd, overflowed));
  } else {
    pollfd fd{wake_fd, POLLIN, 0};
    ::poll(&fd, wake_fd >= 0 ? 1 : 0, static_cast<int>(wait.count()));
  }
  const Time now = clock();
  Expand(now);
  if (overflowed || now - last_sweep_ >= interval() || now < last_sweep_) {
    MarkAll();
    last_sweep_ = now;
  }
  PollDue(now);
}

std::vector<TailedFile> TailSet::Files() const {
  std::vector<TailedFile> files;
  files.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    files.push_back({entry.site, entry.tailer->path(), entry.tailer->stats()});
  }
  for (const auto& [site, pattern] : unmatched_) files.push_back({site, pattern, {}});
  return files;
}

}  // namespace accesslog
