// One file of a log while it is read: the live one, or one that a rotation moved away. It stays the
// same file when its name moves on. Owned by Tailer, which says when to read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "input/content_mark.h"
#include "input/file_system.h"
#include "input/line_assembler.h"
#include "input/line_block.h"
#include "input/tail_state.h"

namespace accesslog {

class Generation {
 public:
  // To be read from its beginning.
  Generation(std::shared_ptr<File> file, const FileStatus& status, size_t max_line_bytes, Time now);

  // To be read from `offset` on, which is the beginning of a line.
  void StartAt(uint64_t offset);
  // To be read on behind what was read of it, or of what it is a copy of.
  void Resume(const SavedGeneration& saved);
  SavedGeneration Save() const;
  // What copies of it are known by: the end of what was read of it; its beginning, while that is
  // too little to tell.
  ContentMark TellingMark() const;

  // Nothing will be written to it any more, as to a compressed file.
  void Seal() { sealed_ = true; }

  enum class State : uint8_t { kSame, kTruncated };
  // Looks whether the file grew or was truncated.
  State Look();
  // Reads once, up to the buffer's size; fewer bytes at the end of the file. The check whether the
  // bytes in front are still those that were read last sees a file that was truncated and grew
  // again.
  struct Read {
    State state = State::kSame;
    uint64_t bytes = 0;
    std::string error{};
  };
  Read ReadOnce(Time now, std::span<char> buffer, LineSink& sink);

  // The file was emptied: all that was read of it, and what waits for its line's end, is forgotten.
  // Returns how many bytes were known that nobody will read: of the half line, and behind it.
  uint64_t BeginAnew();
  // The end: what is left without '\n' is a line, too.
  void Finish(LineSink& sink) { lines_.Finish(sink); }
  uint64_t Drop() { return lines_.Drop(); }

  // There is something to read, or the file was changed without growing.
  bool has_news() const { return unread() > 0 || status_.modified != checked_; }

  const FileId& id() const { return status_.id; }
  int64_t modified() const { return status_.modified; }
  uint64_t unread() const { return known_size_ - offset_; }
  uint64_t offset() const { return offset_; }
  // Before it was found to be truncated.
  uint64_t old_size() const { return old_size_; }
  // It was empty at the look before. Truncations between the two looks show in nothing of it.
  bool was_empty() const { return old_size_ == 0; }
  uint64_t known_size() const { return known_size_; }
  bool sealed() const { return sealed_; }
  // As far as it was read.
  FileStatus read_status() const { return {status_.id, offset_, status_.modified}; }
  Time last_growth() const { return last_growth_; }
  void NoteRenamed(Time now) { last_growth_ = now; }
  std::string& said_error() { return said_error_; }

 private:
  std::string Head() const;
  std::string BytesAt(uint64_t offset, uint64_t size) const;
  void Remember(std::string_view bytes);

  std::shared_ptr<File> file_;
  FileStatus status_;        // when it was last looked at
  uint64_t offset_ = 0;      // next byte to read
  uint64_t known_size_ = 0;  // largest seen since the last truncation
  uint64_t old_size_ = 0;    // known at the look before
  int64_t checked_ = 0;      // status_.modified when the file was last read
  Time last_growth_;
  std::string head_;    // the first bytes, up to kHeadBytes, as far as they were read
  std::string recent_;  // the bytes in front of offset_, up to kMarkBytes
  LineAssembler lines_;
  std::string said_error_;  // the read error that was logged last
  bool sealed_ = false;
};

}  // namespace accesslog
