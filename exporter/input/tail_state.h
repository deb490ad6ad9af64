// How far a log was read: what must be kept to go on behind the last line that was counted, after
// the end of the process or with a new configuration. Made and used by Tailer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/byte_codec.h"
#include "input/content_mark.h"
#include "input/file_system.h"

namespace accesslog {

// Plain counts of one path, for metrics.
struct TailStats {
  bool open = false;         // or followed under another name
  uint64_t open_errors = 0;  // failed attempts
  uint64_t bytes_behind = 0;
  uint64_t rotations = 0;
  uint64_t truncations = 0;
  uint64_t lost_bytes = 0;  // known to have been written and gone before they were read
  uint64_t lost_files = 0;  // gone while nobody looked; what was in them is not known
  bool operator==(const TailStats&) const = default;
};

struct SavedGeneration {
  FileId id;
  ContentMark mark;  // at the place up to which it was read
  // Its first bytes, for copies that end in front of that place, and for a file of which too little was
  // read to know it by.
  HeadMark head;
  uint64_t half_line = 0;  // so many bytes of that belong to a line that has not ended
  bool skipping = false;   // which is over the limit, and will be counted when it ends
  uint64_t known_size = 0;
  bool live = false;  // was under the log's own name
  // Within one process: the open file, which may have no name any more. Not kept on disk.
  std::shared_ptr<File> file{};
};

struct SavedTail {
  TailStats stats;
  std::vector<SavedGeneration> generations;  // oldest first
  std::vector<SavedGeneration> finished;     // read to their ends and given up
  int64_t modified = 0;                      // when the live file last changed
  int64_t unseen_since = 0;                  // rotated files that are older are not ours
};

// Without what shorter pieces of the files' beginnings tell: from many hashes, each of a few bytes more,
// a line can be guessed piece by piece, and the address in it. Costs that a copy of a file is not known
// that ends within its first bytes.
SavedTail WithoutHeads(SavedTail tail);

void Save(const SavedTail& tail, ByteWriter& writer);
// False if the bytes are damaged.
bool Load(ByteReader& reader, SavedTail& tail);

}  // namespace accesslog
