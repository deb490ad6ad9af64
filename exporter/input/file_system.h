// The part of a file system that tailing needs. Two implementations: PosixFileSystem, and an
// in-memory twin in tests/support, in which a test renames, truncates and forbids by hand.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace accesslog {

struct FileId {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t born =
      0;  // ns since the epoch, 0 where the file system does not say; inodes are used again
  auto operator<=>(const FileId&) const = default;
};

struct FileStatus {
  FileId id;
  uint64_t size = 0;     // bytes
  int64_t modified = 0;  // ns since the epoch, by the clock of the file system
};

// An open file; it stays the same file when its name moves on.
class File {
 public:
  virtual ~File() = default;
  virtual Result<FileStatus> Stat() = 0;
  // Bytes read, 0 at the end of the file.
  virtual Result<size_t> ReadAt(uint64_t offset, std::span<char> buffer) = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // Opens for reading. The error is a reason without the path, as in "Permission denied".
  virtual Result<std::unique_ptr<File>> Open(const std::string& path) = 0;
  virtual Result<FileStatus> Stat(const std::string& path) = 0;
  // The paths that a pattern with *, ? or […] matches now, sorted.
  virtual std::vector<std::string> Glob(const std::string& pattern) = 0;
  // The names of what is in a directory, in no order; none if it cannot be read.
  virtual std::vector<std::string> List(const std::string& directory) = 0;
  // The path of the file that `path` means, through all symbolic links; "" if there is none.
  virtual std::string RealPath(const std::string& path) = 0;
  // Whether changes in the directory are sure to be reported by inotify: not those that another
  // machine makes on a network share.
  virtual bool ReportsChanges(const std::string& directory) = 0;
};

}  // namespace accesslog
