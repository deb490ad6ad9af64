#include "input/socket_file.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "base/text.h"
#include "base/unique_fd.h"

namespace accesslog {
namespace {

constexpr mode_t kMode = 0666;

sockaddr_un ToSocketAddress(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  return address;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Why `path` may not be taken over, or nothing.
std::optional<Error> WhyTaken(const std::string& path, const sockaddr_un& address) {
  const std::string name = Printable(path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  if (!S_ISSOCK(status.st_mode)) {
    return Error{"cannot listen: " + name +
                 " exists and is no socket; remove it, or choose "
                 "another path"};
  }
  const UniqueFd probe(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!probe) return Error{"cannot listen: " + ErrnoText(errno)};
  // Only the system knows whether a process still holds the socket.
  const bool answered = ::connect(probe.get(), Generic(address), sizeof(address)) == 0;
  if (!answered && (errno == ECONNREFUSED || errno == ENOENT)) return std::nullopt;
  if (!answered && errno != EPROTOTYPE) {
    return Error{"cannot listen: " + name + " exists, and whether it is in use cannot be told: " +
                 ErrnoText(errno) + "; remove it, or choose another path"};
  }
  return Error{"cannot listen: another process listens on " + name +
               "; stop it (`ss -xlp` names it), or choose another path"};
}

Error WhyNot(int error_number, const std::string& path) {
  std::string text = "cannot listen: " + ErrnoText(error_number);
  if (error_number == ENOENT) text += "; create the directory of " + Printable(path);
  if (error_number == EACCES) {
    text += "; let the exporter's user write to the directory of " + Printable(path);
  }
  return Error{text};
}

}  // namespace

Result<void> SocketFile::Bind(int fd, const std::string& path) {
  path_.clear();
  const sockaddr_un address = ToSocketAddress(path);
  if (::bind(fd, Generic(address), sizeof(address)) != 0) {
    if (errno != EADDRINUSE) return WhyNot(errno, path);
    if (const auto why = WhyTaken(path, address)) return *why;
    ::unlink(path.c_str());
    if (::bind(fd, Generic(address), sizeof(address)) != 0) return WhyNot(errno, path);
  }
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || ::chmod(path.c_str(), kMode) != 0) {
    return WhyNot(errno, path);
  }
  path_ = path;
  device_ = status.st_dev;
  inode_ = status.st_ino;
  return {};
}

bool SocketFile::IsThere() const {
  struct stat status {};
  return !path_.empty() && ::lstat(path_.c_str(), &status) == 0 && S_ISSOCK(status.st_mode) &&
         status.st_dev == device_ && status.st_ino == inode_;
}

SocketFile::~SocketFile() {
  if (IsThere()) ::unlink(path_.c_str());
}

}  // namespace accesslog
