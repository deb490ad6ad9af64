// Sends datagrams to a syslog socket under test.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace accesslog {

class DatagramSender {
 public:
  // To a port of the IPv4 loopback.
  explicit DatagramSender(uint16_t port) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    Connect(address);
  }
  explicit DatagramSender(const std::string& path)
      : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    Connect(address);
  }

  bool is_connected() const { return connected_; }

  // False where the system did not take it.
  bool Send(std::string_view message) const {
    return ::send(fd_.get(), message.data(), message.size(), 0) ==
           static_cast<ssize_t>(message.size());
  }

  // What the system is asked to hold for it, and so how long a message may be.
  bool SetBuffer(int bytes) const {
    return ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)) == 0;
  }

 private:
  template <typename Address>
  void Connect(const Address& address) {
    sockaddr_storage storage{};
    std::memcpy(&storage, &address, sizeof(address));
    connected_ =
        ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&storage), sizeof(address)) == 0;
  }

  UniqueFd fd_;
  bool connected_ = false;
};

}  // namespace accesslog
