// Follows one path: reads what is appended, and goes on through rename+create, copytruncate, a file
// that appears later, vanishes or may not be read for a while, and through the end of the process.
// Owned by TailSet, which says when to look. Pure logic over FileSystem; it neither sleeps nor
// reads a clock.
//
// After a rename the old generation is read on until it was quiet for `retire_after`, because a
// server goes on writing to it until it is told to reopen; the new one is read in parallel. What
// was rotated twice between two looks is found beside the log; so is the rest of what copytruncate
// cut off.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "input/file_registry.h"
#include "input/file_system.h"
#include "input/find_files.h"
#include "input/generation.h"
#include "input/line_block.h"
#include "input/tail_state.h"

namespace spdlog {
class logger;
}

namespace accesslog {

enum class StartAt : uint8_t { kEnd, kBeginning };

struct TailerOptions {
  StartAt start = StartAt::kEnd;
  Duration retire_after = std::chrono::minutes{10};
  // A name may be missing for so long between two files without a word.
  Duration rotation_pause = std::chrono::seconds{10};
  size_t max_generations = 8;  // renamed files still followed; the oldest that was read goes first
  size_t max_line_bytes = kMaxLineBytes;
  bool operator==(const TailerOptions&) const = default;
};

class Tailer {
 public:
  Tailer(std::string path, TailerOptions options, FileSystem& files, FileRegistry& registry,
         LineSink& sink, spdlog::logger& log);

  // Before the first Open or Poll: go on where `tail` was saved.
  void Restore(SavedTail tail);
  SavedTail Save() const;

  // Finds and opens the files, and reads nothing.
  void Open(Time now) { OpenIfMissing(now); }

  // Reads what is there, through `buffer`, up to `max_bytes` so that one busy file does not starve
  // the others. True if more is waiting that can be read at once.
  bool Poll(Time now, std::span<char> buffer, uint64_t max_bytes);

  const std::string& path() const { return path_; }
  // A file is still followed that was renamed; its new name is not known.
  bool has_renamed() const { return !renamed_.empty() || (current_ && gone_since_); }
  // Nothing is open, and nothing was found to go on with.
  bool is_empty() const { return !current_ && renamed_.empty() && !saved_; }
  const TailStats& stats() const { return stats_; }
  // A file that was being read when the tail was saved is not there any more.
  bool lost_at_restore() const { return lost_at_restore_; }

 private:
  void OpenIfMissing(Time now);
  void OpenSaved(Time now);
  void OpenNew(std::unique_ptr<File> file, const FileStatus& status, Time now);
  bool ReadsOnAsBefore(Time now);
  void TakeOpenFiles(Time now);
  void Adopt(FoundFile found, Time now);
  bool IsCopyOfLive(const FoundFile& found) const;
  void NoteMissing(const std::vector<bool>& found);
  void TakeFirstLook();
  const SavedGeneration* FindFinished(const FileId& id, File& file) const;
  FileSearch Search() const;
  bool AddUnseen(int64_t since, Time now);  // true if there are any
  void NoteFollowedElsewhere();
  void NoteOpenError(const std::string& reason);
  uint64_t StartOffset(File& file, uint64_t size) const;
  void CheckRenamed(Time now);
  void NoteVanished(Time now, const std::string& reason);
  void NoteTruncated(Generation& generation, Time now);
  void RememberGone(SavedGeneration gone);
  void Remember(SavedGeneration finished);
  std::unique_ptr<Generation> FindCopy(const Generation& generation, Time now);
  bool ReadOn(Generation& generation, Time now, std::span<char> buffer, uint64_t& budget);
  void NoteReadError(Generation& generation, const std::string& reason);
  void RetireQuiet(Time now);
  void RetireBeyondLimit();
  void Retire();

  std::string path_;
  TailerOptions options_;
  FileSystem& files_;
  FileRegistry& registry_;
  LineSink& sink_;
  spdlog::logger& log_;
  std::unique_ptr<Generation> current_;
  std::deque<std::unique_ptr<Generation>> renamed_;  // oldest first
  std::deque<SavedGeneration> finished_;             // the last that were read to their ends
  std::optional<SavedTail> saved_;                   // not found yet
  bool first_look_ = true;  // only a file that is there at the first look may start at its end
  // What was there at the first look, until it is opened.
  std::optional<FileStatus> first_seen_;
  int64_t modified_ = 0;      // of the live file, when it was last looked at
  int64_t unseen_since_ = 0;  // rotated files older than this are not ours
  std::optional<Time> gone_since_;
  std::string said_error_;   // the open error that was logged last
  bool found_copy_ = false;  // which is to be read before the file that it was made of
  bool lost_at_restore_ = false;
  TailStats stats_;
};

}  // namespace accesslog
