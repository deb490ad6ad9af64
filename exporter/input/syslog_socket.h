// Receives syslog over UDP or a unix datagram socket. The frame of each message is left to the
// parser. What the kernel had to drop because the exporter was too slow is counted; over a unix
// socket nothing is dropped here, the sender waits or is refused instead. Owned by StreamSet.
#pragma once

#include <optional>

#include "base/unique_fd.h"
#include "input/datagram_batch.h"
#include "input/event_poll.h"
#include "input/socket_file.h"
#include "input/stream.h"
#include "input/stream_address.h"

namespace spdlog {
class logger;
}

namespace accesslog {

class SyslogSocket final : public Stream {
 public:
  // `receive_buffer_bytes`: what the kernel is asked for, for UDP.
  SyslogSocket(StreamAddress address, int receive_buffer_bytes, DatagramBatch& batch,
               StreamEvents events, spdlog::logger& log);

  // Whether the name of a unix socket still leads to it is looked at so often.
  static constexpr Duration kLookInterval = std::chrono::seconds{1};

  Result<void> Open() override;
  // Makes a unix socket anew whose name somebody removed.
  void Look(Time now, LineSink& sink) override;
  bool Read(uint64_t max_bytes, LineSink& sink) override;

 private:
  Result<void> OpenUdp();
  Result<void> OpenUnix();
  void OpenAnew(LineSink& sink);
  void WarnOfShortQueue();
  void RaiseReceiveBuffer();
  void CountDropped();

  StreamAddress address_;
  int receive_buffer_bytes_;
  size_t max_message_bytes_;
  DatagramBatch& batch_;
  StreamEvents events_;
  spdlog::logger& log_;
  UniqueFd fd_;
  SocketFile file_;
  std::optional<Time> last_look_;
  uint32_t dropped_seen_ = 0;
};

// How much a counter of 32 bits that may have begun anew has grown.
constexpr uint32_t Growth(uint32_t before, uint32_t now) { return now - before; }

}  // namespace accesslog
