// One source that flows: standard input, a FIFO, a syslog socket. Owned and driven by StreamSet.
// What was read from it cannot be read again.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "input/line_block.h"

namespace accesslog {

struct StreamStats {
  bool open = false;
  uint64_t messages = 0;  // datagrams; 0 where bytes flow
  uint64_t bytes = 0;
  uint64_t dropped = 0;               // datagrams that the kernel had no room for
  uint64_t truncated = 0;             // datagrams longer than a line may be
  uint16_t port = 0;                  // of UDP, also where the system chose it
  uint64_t receive_buffer_bytes = 0;  // of UDP, as the kernel counts: with its own overhead
  std::string last_error{};           // "" while all is well
};

class Stream {
 public:
  virtual ~Stream() = default;

  // Once, before all else. The error is a sentence without its subject: "cannot …".
  virtual Result<void> Open() = 0;

  // Looks after what no descriptor tells. Called often; cheap.
  virtual void Look(Time /*now*/, LineSink& /*sink*/) {}

  // Reads what is there, about `max_bytes` of it. True if more is left. Never blocks.
  virtual bool Read(uint64_t max_bytes, LineSink& sink) = 0;

  const StreamStats& stats() const { return stats_; }

 protected:
  StreamStats stats_;
};

}  // namespace accesslog
