// Finds files of a log again: those that were being read, under whatever name they have now, and
// those that came and went while nobody looked. Used by Tailer after a restart, at rotations and
// truncations.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "input/content_mark.h"
#include "input/file_registry.h"
#include "input/file_system.h"

namespace accesslog {

// A file of which a part was read already.
struct KnownFile {
  FileId id;
  ContentMark mark;  // at the end of that part
  HeadMark head{};   // its beginning
};

struct FileSearch {
  std::string path;        // of the live log; its rotated files stand beside it
  bool with_live = false;  // the file under `path` is looked at, too
  std::vector<KnownFile> wanted{};
  std::vector<KnownFile> finished{};  // read to their ends: found they are not, nor copies of them
  // Rotated files that are none of all these are found, too, if they changed since then.
  int64_t unseen_since = std::numeric_limits<int64_t>::max();
};

struct FoundFile {
  std::string path;
  std::unique_ptr<File> file;
  FileStatus status;  // of a compressed file with the size of its contents
  bool compressed = false;
  std::optional<size_t> wanted;  // index; nothing for a file that was not seen before
};

// Oldest first. What `registry` holds is left alone.
std::vector<FoundFile> FindFiles(FileSystem& files, const FileSearch& search,
                                 const FileRegistry& registry);

// When the youngest rotated file of the log was changed last; 0 if there is none.
int64_t NewestRotated(FileSystem& files, const std::string& path);

}  // namespace accesslog
