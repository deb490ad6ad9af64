#include "input/stream_address.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <optional>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr std::string_view kFifo = "fifo:";
constexpr std::string_view kSyslog = "syslog+";
constexpr std::string_view kUdp = "syslog+udp://";
constexpr std::string_view kUnix = "syslog+unix:";
// The system's limit, less the NUL behind the path.
constexpr size_t kMaxSocketPath = sizeof(sockaddr_un::sun_path) - 1;

Error Wrong(std::string_view source, const std::string& why) {
  return Error{"\"" + Printable(source) + "\" " + why};
}

std::optional<IpAddress> ParseHost(std::string_view host) {
  if (host.empty()) return ParseIpv4("0.0.0.0");
  if (host == "localhost") return ParseIpv4("127.0.0.1");
  // Without brackets it would be unclear where the port begins.
  const bool bracketed = host.starts_with('[');
  if (!bracketed && host.find(':') != std::string_view::npos) return std::nullopt;
  return IpAddress::Parse(host);
}

Result<StreamAddress> ParseUdp(std::string_view source) {
  const std::string_view text = source.substr(kUdp.size());
  const size_t colon = text.rfind(':');
  const bool in_brackets = !text.empty() && text.back() == ']';
  if (colon == std::string_view::npos || in_brackets) {
    return Wrong(source, "has no port; write " + std::string(kUdp) + "127.0.0.1:5514");
  }
  const auto port = ParseUint(text.substr(colon + 1));
  if (!port || *port > 65535) {
    return Wrong(source, "has no port between 0 and 65535 behind the last colon");
  }
  const auto host = ParseHost(text.substr(0, colon));
  if (!host) {
    return Wrong(source,
                 "names no address to listen on; write 127.0.0.1, [::1], or 0.0.0.0 for "
                 "every address of this machine");
  }
  return StreamAddress{
      .kind = StreamKind::kSyslogUdp, .host = *host, .port = static_cast<uint16_t>(*port)};
}

Result<StreamAddress> ParseUnix(std::string_view source) {
  const std::string_view path = source.substr(kUnix.size());
  if (!path.starts_with('/') || path.ends_with('/')) {
    return Wrong(source, "names no socket; write " + std::string(kUnix) +
                             "/run/accesslog_exporter/access.sock");
  }
  if (path.size() > kMaxSocketPath) {
    return Wrong(source, "is too long; the path of a socket has at most " +
                             std::to_string(kMaxSocketPath) + " bytes");
  }
  return StreamAddress{.kind = StreamKind::kSyslogUnix, .path = std::string(path)};
}

}  // namespace

bool NamesStream(std::string_view source) {
  return source == "-" || source.starts_with(kFifo) || NamesSyslog(source);
}

bool NamesSyslog(std::string_view source) { return source.starts_with(kSyslog); }

Result<StreamAddress> ParseStreamAddress(std::string_view source) {
  // No path of the system's holds one; what stands behind it would be cut off unseen.
  if (source.find('\0') != std::string_view::npos) return Wrong(source, "holds a NUL");
  if (source == "-") return StreamAddress{};
  if (source.starts_with(kUdp)) return ParseUdp(source);
  if (source.starts_with(kUnix)) return ParseUnix(source);
  if (NamesSyslog(source)) {
    return Wrong(source, "is no way to receive syslog; write " + std::string(kUdp) +
                             "127.0.0.1:5514 or " + std::string(kUnix) + "/run/…");
  }
  std::string_view path = source;
  if (path.starts_with(kFifo)) path.remove_prefix(kFifo.size());
  if (path.empty()) return Wrong(source, "names no pipe; write fifo:/run/…");
  return StreamAddress{.kind = StreamKind::kFifo, .path = std::string(path)};
}

bool IsFifo(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

bool IsLoopback(const IpAddress& address) {
  static constexpr size_t kFirstOfV4 = 12;
  if (address.is_v4()) return address.bytes()[kFirstOfV4] == 127;
  return address == IpAddress::Parse("::1");
}

}  // namespace accesslog
