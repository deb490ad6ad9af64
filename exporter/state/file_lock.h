// Keeps a second process away from a state file. The kernel frees it however the process ends; who
// only reads needs no lock. The file FILE.lock holds the owner's pid and is never removed, because
// a process that waits might hold the removed one.
#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace accesslog {

class FileLock {
 public:
  explicit FileLock(std::string file) : file_(std::move(file)) {}

  // Error only if another process has it. Where a lock cannot be made, on a full or read-only disk,
  // there is none; the next call tries again.
  Result<void> Take();

 private:
  std::string file_;
  UniqueFd fd_;
};

}  // namespace accesslog
