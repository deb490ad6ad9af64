// Which files of a site are being read, so that no file is read twice under two names: a second
// spelling of its path, a symlink beside its target, a glob that also matches the renamed
// generation. Shared by the tailers of one site.
#pragma once

#include <cstdint>
#include <deque>
#include <set>

#include "input/file_system.h"

namespace accesslog {

class FileRegistry {
 public:
  // False if the file is read by somebody, or was read to this very size and given up since.
  bool Claim(const FileStatus& status);

  // Nobody reads the file any more; `read` says how far it was read, and what it was like then.
  void Release(const FileStatus& read);

  bool IsTaken(const FileStatus& status) const;

 private:
  static constexpr size_t kMaxReleased = 1000;

  std::set<FileId> held_;
  std::deque<FileStatus> released_;  // newest last
};

}  // namespace accesslog
