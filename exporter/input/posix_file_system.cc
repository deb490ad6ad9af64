#include "input/posix_file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "base/text.h"
#include "base/unique_fd.h"

namespace accesslog {
namespace {

constexpr unsigned kStatusFields = STATX_INO | STATX_SIZE | STATX_MTIME | STATX_BTIME | STATX_TYPE;

int64_t ToNanoseconds(const struct statx_timestamp& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

struct Entry {
  FileStatus status;
  uint16_t mode = 0;
};

// With an empty path that of the open `file`.
Result<Entry> StatusOf(int file, const char* path) {
  struct statx status {};
  const int flags = *path == '\0' ? AT_EMPTY_PATH : 0;
  if (::statx(file, path, flags, kStatusFields, &status) != 0) return Error{ErrnoText(errno)};
  const bool knows_birth = (status.stx_mask & STATX_BTIME) != 0;
  const FileId id{makedev(status.stx_dev_major, status.stx_dev_minor), status.stx_ino,
                  knows_birth ? ToNanoseconds(status.stx_btime) : 0};
  return Entry{{id, status.stx_size, ToNanoseconds(status.stx_mtime)}, status.stx_mode};
}

Result<FileStatus> JustStatus(Result<Entry> entry) {
  if (!entry) return entry.error();
  return entry->status;
}

class PosixFile final : public File {
 public:
  explicit PosixFile(UniqueFd fd) : fd_(std::move(fd)) {}

  Result<FileStatus> Stat() override { return JustStatus(StatusOf(fd_.get(), "")); }

  Result<size_t> ReadAt(uint64_t offset, std::span<char> buffer) override {
    ssize_t count = 0;
    do {
      count = ::pread(fd_.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
    } while (count < 0 && errno == EINTR);
    if (count < 0) return Error{ErrnoText(errno)};
    return static_cast<size_t>(count);
  }

 private:
  UniqueFd fd_;
};

}  // namespace

Result<std::unique_ptr<File>> PosixFileSystem::Open(const std::string& path) {
  // Without O_NONBLOCK, opening a FIFO that nobody writes would block the whole exporter.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return Error{ErrnoText(errno)};
  const auto entry = StatusOf(fd.get(), "");
  if (!entry) return entry.error();
  if (S_ISDIR(entry->mode)) return Error{"Is a directory; name the log files in it"};
  if (!S_ISREG(entry->mode)) return Error{"Not a regular file"};
  return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(fd)));
}

Result<FileStatus> PosixFileSystem::Stat(const std::string& path) {
  return JustStatus(StatusOf(AT_FDCWD, path.c_str()));
}

std::vector<std::string> PosixFileSystem::Glob(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  // One thread does all the tailing.
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
  }
  ::globfree(&found);
  return paths;
}

std::vector<std::string> PosixFileSystem::List(const std::string& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), &::closedir);
  // One thread reads a stream.
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  while (const dirent* entry = stream ? ::readdir(stream.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return names;
}

std::string PosixFileSystem::RealPath(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return error ? "" : real.string();
}

bool PosixFileSystem::ReportsChanges(const std::string& directory) {
  // The local ones; of all others, as of 9p and virtiofs, at most our own writes would be reported.
  static constexpr std::array<long, 9> kLocal = {
      EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC,    TMPFS_MAGIC, OVERLAYFS_SUPER_MAGIC,
      F2FS_SUPER_MAGIC, RAMFS_MAGIC,     0x2FC12FC1 /* ZFS */, 0x3153464A /* JFS */};
  struct statfs status {};
  if (::statfs(directory.c_str(), &status) != 0) return false;
  return std::find(kLocal.begin(), kLocal.end(), static_cast<long>(status.f_type)) != kLocal.end();
}

}  // namespace accesslog
