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
  auto operator<=>(const FileId&) const = default;
};

struct FileStatus {
  FileId id;
  uint64_t size = 0;  // bytes
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
};

}  // namespace accesslog
