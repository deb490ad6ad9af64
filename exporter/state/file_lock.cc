#include "state/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "base/text.h"

namespace accesslog {
namespace {

// " (pid 123)", or "" where that is not known.
std::string OwnerIn(int fd) {
  std::array<char, 24> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  if (size <= 0) return "";
  std::string_view digits(text.data(), static_cast<size_t>(size));
  digits = digits.substr(0, digits.find('\n'));
  const auto pid = ParseUint(digits);
  return pid ? " (pid " + std::to_string(*pid) + ")" : "";
}

// A disk without room for the pid is no harm: it is only for the message.
void WriteOwner(int fd) {
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(fd, pid.data(), pid.size(), 0);
}

}  // namespace

Result<void> FileLock::Take() {
  if (fd_) return {};
  const std::string path = file_ + ".lock";
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!fd) return {};
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return {};
    return Error{"the state file " + Printable(file_) + " is in use by another process" +
                 OwnerIn(fd.get()) + "; end that one, or name another file"};
  }
  WriteOwner(fd.get());
  fd_ = std::move(fd);
  return {};
}

}  // namespace accesslog
