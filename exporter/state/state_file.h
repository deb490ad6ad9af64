// The state file as a file: where it really is, whether it is still the same one, and how one that
// cannot be used is put aside with all that SQLite keeps beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace accesslog {

// So many files put aside may lie beside a state file; then the disk, not the file, is at fault.
inline constexpr int kMostSetAside = 10;

struct StateFileStatus {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size = 0;  // bytes
  // SQLite never makes it smaller, as we use it; somebody else may have.
  bool Continues(const StateFileStatus& before) const {
    return device == before.device && inode == before.inode && size >= before.size;
  }
};

// The absolute path behind symbolic links, also behind one that leads to no file yet.
std::string ResolveStatePath(const std::string& path);

// Makes the file, empty, and its directory, if they are not there. Its status, or an error for what
// is no regular file or cannot be made.
Result<StateFileStatus> PrepareStateFile(const std::string& path);

// Nothing if there is no such file.
std::optional<StateFileStatus> StatusOfStateFile(const std::string& path);

// False where the file, or the directory that SQLite needs for its log, cannot be written.
bool MayWriteStateFile(const std::string& path);

// Whether SQLite left a log whose content is not yet in the file.
bool HasWriteAheadLog(const std::string& path);

// Renames the file and what SQLite keeps beside it to "FILE.damaged-20231108T100000Z". The new
// name.
Result<std::string> SetStateFileAside(const std::string& path, Time now);

}  // namespace accesslog
