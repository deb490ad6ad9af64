// Follows one path: reads what is appended, and goes on through rename+create, copytruncate, a file
// that appears later, vanishes or may not be read for a while. Owned by TailSet, which says when to
// look. Pure logic over FileSystem; it neither sleeps nor reads a clock.
//
// After a rename the old generation is read on until it was quiet for `retire_after`, because a
// server goes on writing to it until it is told to reopen; the new one is read in parallel.
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
#include "input/line_assembler.h"
#include "input/line_block.h"

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
  size_t max_generations = 8;  // renamed files still followed; the oldest is given up first
  size_t max_line_bytes = kMaxLineBytes;
};

// Plain counts of one path, for metrics.
struct TailStats {
  bool open = false;  // or followed under another name
  uint64_t open_errors = 0;  // failed attempts
  uint64_t bytes_behind = 0;
  uint64_t rotations = 0;
  uint64_t truncations = 0;
  uint64_t lost_bytes = 0;  // known to have been written and gone before they were read
};

class Tailer {
 public:
  Tailer(std::string path, TailerOptions options, FileSystem& files, FileRegistry& registry,
         LineSink& sink, spdlog::logger& log);

  // Reads what is there, through `buffer`, up to `max_bytes` so that one busy file does not starve
  // the others. True if more is waiting that can be read at once.
  bool Poll(Time now, std::span<char> buffer, uint64_t max_bytes);

  const std::string& path() const { return path_; }
  // A renamed generation is still followed; its new name is not known.
  bool has_renamed() const { return !renamed_.empty(); }
  const TailStats& stats() const { return stats_; }

 private:
  struct Generation {
    std::unique_ptr<File> file;
    FileId id;
    uint64_t offset = 0;      // next byte to read
    uint64_t known_size = 0;  // largest seen since the last truncation
    Time last_growth{};
    LineAssembler lines;
    std::string said_error;  // the read error that was logged last
  };

  void OpenIfMissing(Time now);
  void NoteFollowedElsewhere();
  void NoteOpenError(const std::string& reason);
  uint64_t StartOffset(File& file, uint64_t size) const;
  void CheckRenamed(Time now);
  void NoteVanished(Time now, const std::string& reason);
  void CheckTruncated(Generation& generation);
  bool ReadOn(Generation& generation, Time now, std::span<char> buffer, uint64_t& budget);
  void NoteReadError(Generation& generation, const std::string& reason);
  void RetireQuiet(Time now);
  void Retire();

  std::string path_;
  TailerOptions options_;
  FileSystem& files_;
  FileRegistry& registry_;
  LineSink& sink_;
  spdlog::logger& log_;
  std::unique_ptr<Generation> current_;
  std::deque<std::unique_ptr<Generation>> renamed_;  // oldest first
  bool first_look_ = true;  // only a file that is there at the first look may start at its end
  std::optional<Time> gone_since_;
  std::string said_error_;  // the open error that was logged last
  TailStats stats_;
};

}  // namespace accesslog
