// The real file system.
#pragma once

#include "input/file_system.h"

namespace accesslog {

class PosixFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> Open(const std::string& path) override;
  Result<FileStatus> Stat(const std::string& path) override;
  std::vector<std::string> Glob(const std::string& pattern) override;
  std::vector<std::string> List(const std::string& directory) override;
  std::string RealPath(const std::string& path) override;
  bool ReportsChanges(const std::string& directory) override;
};

}  // namespace accesslog
