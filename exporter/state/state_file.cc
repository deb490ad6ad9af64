#include "state/state_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "base/time_format.h"
#include "base/unique_fd.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as many as Linux follows
// It holds addresses of people.
constexpr mode_t kFileMode = 0640;
constexpr mode_t kDirectoryMode = 0750;

Error Cannot(const std::string& what, const std::string& path) {
  return Error{"cannot " + what + " " + Printable(path) + ": " + ErrnoText(errno)};
}

// "20231108T100000Z"
std::string Stamp(Time time) {
  std::string stamp = FormatUtc(time);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  return stamp;
}

bool Exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

bool EndsWithAny(const std::string& name) {
  return name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-journal");
}

// Files put aside before, the companions of SQLite not counted.
int CountSetAside(const std::string& prefix) {
  std::error_code ignored;
  int count = 0;
  const fs::path path(prefix);
  for (fs::directory_iterator entry(path.parent_path(), ignored), end; entry != end;
       entry.increment(ignored)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(path.filename().string()) && !EndsWithAny(name)) ++count;
  }
  return count;
}

}  // namespace

std::string ResolveStatePath(const std::string& path) {
  std::error_code error;
  fs::path resolved = fs::absolute(path, error);
  for (int i = 0; i < kMostLinks && fs::is_symlink(resolved, error); ++i) {
    const fs::path target = fs::read_symlink(resolved, error);
    resolved = resolved.parent_path() / target;
  }
  const fs::path directory = fs::weakly_canonical(resolved.parent_path(), error);
  return error ? resolved.string() : (directory / resolved.filename()).string();
}

std::optional<StateFileStatus> StatusOfStateFile(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return StateFileStatus{status.st_dev, status.st_ino, static_cast<uint64_t>(status.st_size)};
}

Result<StateFileStatus> PrepareStateFile(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (!S_ISREG(status.st_mode)) return Error{Printable(path) + " is not a regular file"};
    return *StatusOfStateFile(path);
  }
  if (errno != ENOENT) return Cannot("open", path);
  const std::string directory = fs::path(path).parent_path().string();
  if (::mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
    return Cannot("make the directory", directory);
  }
  // SQLite would make it readable for everybody. It gives the files beside it the same mode.
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  if (!fd) return Cannot("create", path);
  const auto made = StatusOfStateFile(path);
  if (!made) return Cannot("open", path);
  return *made;
}

bool MayWriteStateFile(const std::string& path) {
  const std::string directory = fs::path(path).parent_path().string();
  return ::access(path.c_str(), W_OK) == 0 && ::access(directory.c_str(), W_OK) == 0;
}

bool HasWriteAheadLog(const std::string& path) {
  const auto log = StatusOfStateFile(path + "-wal");
  return log && log->size > 0;
}

Result<std::string> SetStateFileAside(const std::string& path, Time now) {
  const std::string prefix = path + ".damaged-";
  if (CountSetAside(prefix) >= kMostSetAside) {
    return Error{"there are " + std::to_string(kMostSetAside) + " files " + Printable(prefix) +
                 "* already; look at the disk, and remove them"};
  }
  std::string target = prefix + Stamp(now);
  for (int i = 2; Exists(target); ++i) target = prefix + Stamp(now) + "." + std::to_string(i);
  // The file first: SQLite removes by itself a log whose file is gone.
  if (::rename(path.c_str(), target.c_str()) != 0) return Cannot("rename", path);
  for (const std::string companion : {"-wal", "-shm", "-journal"}) {
    std::rename((path + companion).c_str(), (target + companion).c_str());
  }
  return target;
}

}  // namespace accesslog
