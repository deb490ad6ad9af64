#include "input/syslog_socket.h"

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <spdlog/logger.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/text.h"

namespace accesslog {
namespace {

// More than a datagram of UDP can hold.
constexpr size_t kUdpMessageBytes = size_t{64} * 1024;
// A unix socket takes what fits its sender's buffer, 208 KiB unless somebody asked for more.
constexpr size_t kUnixMessageBytes = size_t{256} * 1024;
// So that a flood of small messages, too, ends with the allowance of a turn.
constexpr uint64_t kBytesPerMessage = 256;

// What systemd sets; the kernel's own default, which containers have, is 10.
constexpr uint64_t kEnoughMessages = 512;

constexpr size_t kFirstOfV4 = 12;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress ToSocketAddress(const IpAddress& host, uint16_t port) {
  SocketAddress result;
  if (host.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, host.bytes().data() + kFirstOfV4, sizeof(v4.sin_addr));
    result.size = sizeof(v4);
    std::memcpy(&result.storage, &v4, sizeof(v4));
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, host.bytes().data(), sizeof(v6.sin6_addr));
    result.size = sizeof(v6);
    std::memcpy(&result.storage, &v6, sizeof(v6));
  }
  return result;
}

uint16_t PortOf(int fd) {
  SocketAddress bound;
  bound.size = sizeof(bound.storage);
  if (::getsockname(fd, bound.generic(), &bound.size) != 0) return 0;
  sockaddr_in v4{};  // the port stands in the same place in both
  std::memcpy(&v4, &bound.storage, sizeof(v4));
  return ntohs(v4.sin_port);
}

Error WhyNot(int error_number, uint16_t port) {
  const std::string number = std::to_string(port);
  std::string text = "cannot listen: " + ErrnoText(error_number);
  if (error_number == EADDRINUSE) {
    text += "; another program listens there (`ss -lunp 'sport = :" + number +
            "'` names it): stop it, or choose another port";
  } else if (error_number == EADDRNOTAVAIL) {
    text += "; this machine has no such address: 127.0.0.1 or 0.0.0.0 always work";
  } else if (error_number == EACCES) {
    text +=
        "; ports below 1024 need the capability CAP_NET_BIND_SERVICE: choose a higher one, "
        "such as 5514";
  } else if (error_number == EAFNOSUPPORT) {
    text += "; this machine has no IPv6: listen on 127.0.0.1 or 0.0.0.0";
  }
  return Error{text};
}

}  // namespace

SyslogSocket::SyslogSocket(StreamAddress address, int receive_buffer_bytes, DatagramBatch& batch,
                           StreamEvents events, spdlog::logger& log)
    : address_(std::move(address)),
      receive_buffer_bytes_(receive_buffer_bytes),
      max_message_bytes_(address_.kind == StreamKind::kSyslogUdp ? kUdpMessageBytes
                                                                 : kUnixMessageBytes),
      batch_(batch),
      events_(events),
      log_(log) {}

Result<void> SyslogSocket::Open() {
  const bool is_udp = address_.kind == StreamKind::kSyslogUdp;
  if (!is_udp && !last_look_) WarnOfShortQueue();
  auto opened = is_udp ? OpenUdp() : OpenUnix();
  if (!opened) return opened;
  if (!events_.Add(fd_.get())) return Error{"cannot be waited for: " + ErrnoText(errno)};
  stats_.open = true;
  return {};
}

Result<void> SyslogSocket::OpenUdp() {
  const int family = address_.host.is_v4() ? AF_INET : AF_INET6;
  fd_ = UniqueFd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd_) return WhyNot(errno, address_.port);
  const int off = 0;
  // "::" is to take IPv4 as well, however the system is set.
  if (family == AF_INET6) ::setsockopt(fd_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  // Before bind: nothing may arrive that finds the small buffer.
  RaiseReceiveBuffer();
  SocketAddress address = ToSocketAddress(address_.host, address_.port);
  if (::bind(fd_.get(), address.generic(), address.size) != 0) return WhyNot(errno, address_.port);
  stats_.port = PortOf(fd_.get());
  return {};
}

Result<void> SyslogSocket::OpenUnix() {
  fd_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd_) return Error{"cannot listen: " + ErrnoText(errno)};
  return file_.Bind(fd_.get(), address_.path);
}

void SyslogSocket::Look(Time now, LineSink& sink) {
  if (address_.kind != StreamKind::kSyslogUnix) return;
  // The clock may be set back.
  if (last_look_ && now - *last_look_ < kLookInterval && now >= *last_look_) return;
  last_look_ = now;
  if (!file_.IsThere()) OpenAnew(sink);
}

// Who had connected to the old socket is refused then, and comes to the new one.
void SyslogSocket::OpenAnew(LineSink& sink) {
  if (stats_.open) {
    Read(max_message_bytes_, sink);
    events_.Remove(fd_.get());
    stats_.open = false;
  }
  const auto opened = Open();
  if (opened) {
    log_.warn("{} was removed by somebody else; it was made anew", Printable(address_.path));
    stats_.last_error.clear();
  } else if (opened.error().message != stats_.last_error) {
    stats_.last_error = opened.error().message;
    log_.error("{} was removed by somebody else: {}; trying again every second",
               Printable(address_.path), stats_.last_error);
  }
}

// So many messages may wait in a unix socket, and no option of the socket changes that. nginx does
// not wait for room: it throws away what does not fit, and nobody can count it.
void SyslogSocket::WarnOfShortQueue() {
  uint64_t limit = kEnoughMessages;
  std::ifstream("/proc/sys/net/unix/max_dgram_qlen") >> limit;
  if (limit >= kEnoughMessages) return;
  log_.warn(
      "the system lets only {} wait in a unix socket; nginx silently loses what "
      "comes in a burst: raise it with sysctl -w net.unix.max_dgram_qlen={} before the "
      "exporter starts, or use syslog+udp",
      Plural(limit, "message"), kEnoughMessages);
}

void SyslogSocket::RaiseReceiveBuffer() {
  const int wanted = receive_buffer_bytes_;
  // The first goes beyond the system's limit, and needs CAP_NET_ADMIN.
  if (::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof(wanted)) != 0) {
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &wanted, sizeof(wanted));
  }
  int given = 0;
  socklen_t size = sizeof(given);
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &given, &size) != 0) return;
  stats_.receive_buffer_bytes = static_cast<uint64_t>(given);
  // The kernel doubles what it was asked for.
  if (given / 2 < wanted) {
    log_.warn(
        "the system allows a receive buffer of {} bytes, not {}; bursts may be dropped: "
        "raise it with sysctl -w net.core.rmem_max={}",
        given / 2, wanted, wanted);
  }
}

bool SyslogSocket::Read(uint64_t max_bytes, LineSink& sink) {
  if (!stats_.open) return false;
  bool more = true;
  for (uint64_t used = 0; more && used < max_bytes;) {
    const DatagramBatch::Taken taken = batch_.Receive(fd_.get(), max_message_bytes_, sink);
    stats_.messages += taken.messages;
    stats_.bytes += taken.bytes;
    stats_.truncated += taken.truncated;
    if (taken.error != 0) stats_.last_error = ErrnoText(taken.error);
    used += taken.bytes + taken.messages * kBytesPerMessage;
    more = !taken.drained;
  }
  if (address_.kind == StreamKind::kSyslogUdp) CountDropped();
  return more;
}

// SO_MEMINFO (Linux 4.12) tells the drops up to now; SO_RXQ_OVFL, those before a message that was
// received, and so never the last ones.
void SyslogSocket::CountDropped() {
  std::array<uint32_t, SK_MEMINFO_VARS> info{};
  socklen_t size = sizeof(info);
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0) return;
  stats_.dropped += Growth(dropped_seen_, info[SK_MEMINFO_DROPS]);
  dropped_seen_ = info[SK_MEMINFO_DROPS];
}

}  // namespace accesslog
