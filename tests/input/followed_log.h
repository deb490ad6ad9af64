// One Tailer over the in-memory file system: what the tailer tests share. A test does something to
// the files and looks; no test sleeps.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "input/tailer.h"
#include "support/line_recorder.h"
#include "support/log_recorder.h"
#include "support/manual_clock.h"
#include "support/memory_file_system.h"

namespace accesslog {

using Lines = std::vector<std::string>;

inline constexpr const char* kLog = "/var/log/access.log";
inline constexpr const char* kRotated = "/var/log/access.log.1";
inline constexpr uint64_t kNoLimit = 1U << 30U;

inline TailerOptions FromBeginning() { return {.start = StartAt::kBeginning}; }
inline TailerOptions FromEnd() { return {.start = StartAt::kEnd}; }

class FollowedLog {
 public:
  explicit FollowedLog(const TailerOptions& options = FromBeginning()) : options_(options) {
    MakeTailer();
  }

  // What would be kept on disk now.
  std::string Save() const {
    ByteWriter writer;
    accesslog::Save(tailer_->Save(), writer);
    return writer.Take();
  }
  // The process ended at any time; the next one knows what was kept.
  void RestartFrom(const std::string& bytes) {
    MakeTailer();
    ByteReader reader(bytes);
    SavedTail tail;
    if (!Load(reader, tail) || !reader.IsDone()) throw std::logic_error("damaged");
    tailer_->Restore(std::move(tail));
  }
  void Restart() { RestartFrom(Save()); }
  // A new configuration in the same process: open files stay open.
  void Reload() {
    SavedTail tail = tailer_->Save();
    MakeTailer();
    tailer_->Restore(std::move(tail));
  }

  // Opens the file, and reads nothing.
  void Open() { tailer_->Open(clock_.now()); }
  // Looks at the file a second later; the lines that this brought.
  Lines Poll(uint64_t max_bytes = kNoLimit) {
    clock_.Advance(std::chrono::seconds{1});
    more_ = tailer_->Poll(clock_.now(), buffer_, max_bytes);
    return recorder_.TakeLines();
  }
  // What the last Poll answered: whether more is waiting.
  bool more() const { return more_; }

  MemoryFileSystem& files() { return files_; }
  ManualClock& clock() { return clock_; }
  const TailStats& stats() const { return tailer_->stats(); }
  const Tailer& tailer() const { return *tailer_; }
  uint64_t oversized() const { return recorder_.oversized(); }
  std::vector<std::string> TakeLog() { return log_.TakeMessages(); }

 private:
  void MakeTailer() {
    tailer_.reset();
    registry_ = std::make_unique<FileRegistry>();
    tailer_ = std::make_unique<Tailer>(kLog, options_, files_, *registry_, recorder_, log_.logger());
  }

  TailerOptions options_;
  MemoryFileSystem files_;
  std::unique_ptr<FileRegistry> registry_;
  ManualClock clock_;
  LineRecorder recorder_;
  LogRecorder log_;
  std::vector<char> buffer_ = std::vector<char>(64);  // small, so that reads come in pieces
  bool more_ = false;
  std::unique_ptr<Tailer> tailer_;
};

}  // namespace accesslog
