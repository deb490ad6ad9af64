// Which sources are streams rather than files, and what their texts mean. Used by StreamSet, and by
// the configuration to refuse what cannot work.
//
//   -                                standard input
//   fifo:/run/x.fifo                 a named pipe; also a plain path where IsFifo
//   syslog+udp://127.0.0.1:5514      [IPv6] in brackets; no host, or 0.0.0.0, is every address
//   syslog+unix:/run/x.sock          a datagram socket, as /dev/log is one
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"

namespace accesslog {

enum class StreamKind : uint8_t { kStandardInput, kFifo, kSyslogUdp, kSyslogUnix };

struct StreamAddress {
  StreamKind kind = StreamKind::kStandardInput;
  std::string path{};  // of a FIFO or a unix socket
  IpAddress host{};    // of UDP; "::" takes IPv4 as well
  uint16_t port = 0;   // of UDP; 0 lets the system choose
  bool operator==(const StreamAddress&) const = default;
};

// Whether `source` can only be a stream. A plain path may still be a FIFO: see IsFifo.
bool NamesStream(std::string_view source);

// Whether each line of `source` comes in the frame of syslog.
bool NamesSyslog(std::string_view source);

// A plain path is taken for a FIFO. The error says what is wrong with `source`, and how it is
// written.
Result<StreamAddress> ParseStreamAddress(std::string_view source);

// Whether `path`, or what it links to, is a named pipe now.
bool IsFifo(const std::string& path);

// Whether only this machine can send to `address`.
bool IsLoopback(const IpAddress& address);

}  // namespace accesslog
