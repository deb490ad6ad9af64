// The real file system.
#pragma once

#include "input/file_system.h"

namespace accesslog {

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> Open(const std::string& path) override;
  Result<FileStatus> Stat(const std::string& path) override;
  std::vector<std::string> Glob(const std::string& pattern) override;
};

}  // namespace accesslog
