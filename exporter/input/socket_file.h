// The name of a unix socket in the file system: made, taken over from a process that died, and
// removed at the end. Never removes what is no socket, nor a socket that another process listens
// on. Owned by SyslogSocket.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace accesslog {

class SocketFile {
 public:
  SocketFile() = default;
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;
  ~SocketFile();

  // Binds the datagram socket `fd` to `path`, for every user to send to, as /dev/log is: the
  // workers of nginx and rsyslog run as users of their own, and a group in common is seldom there.
  // The directory says who may come near.
  // Called again, it forgets what it was bound to before.
  Result<void> Bind(int fd, const std::string& path);

  // Whether the name still leads to the socket that was bound to it.
  bool IsThere() const;

 private:
  std::string path_;  // "" while nothing is bound
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace accesslog
