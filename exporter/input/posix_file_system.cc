#include "input/posix_file_system.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "base/unique_fd.h"

namespace accesslog {
namespace {

FileStatus ToStatus(const struct stat& status) {
  return {{status.st_dev, status.st_ino}, static_cast<uint64_t>(status.st_size)};
}

class PosixFile final : public File {
 public:
  explicit PosixFile(UniqueFd fd) : fd_(std::move(fd)) {}

  Result<FileStatus> Stat() override {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) return Error{ErrnoText(errno)};
    return ToStatus(status);
  }

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
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return Error{ErrnoText(errno)};
  if (S_ISDIR(status.st_mode)) return Error{"Is a directory; name the log files in it"};
  if (!S_ISREG(status.st_mode)) return Error{"Not a regular file"};
  return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(fd)));
}

Result<FileStatus> PosixFileSystem::Stat(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return Error{ErrnoText(errno)};
  return ToStatus(status);
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

}  // namespace accesslog
