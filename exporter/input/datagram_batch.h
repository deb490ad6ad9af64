// Receives many datagrams with one call of the system, and hands them on as one block: a datagram
// is a line. Shared by all syslog sockets of a StreamSet, because its memory is large; of that the
// system gives only what is used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "input/line_block.h"

namespace accesslog {

class DatagramBatch {
 public:
  static constexpr size_t kMostMessages = 64;
  static constexpr size_t kBytes = size_t{4} << 20U;

  struct Taken {
    size_t messages = 0;
    uint64_t bytes = 0;
    uint64_t truncated = 0;
    int error = 0;         // an errno value; 0 also where nothing was there
    bool drained = false;  // nothing is left
  };

  DatagramBatch() : bytes_(std::make_unique_for_overwrite<char[]>(kBytes)) {}

  // Datagrams of `max_message_bytes` or more, at most kBytes, are oversized lines. Line ends and
  // NULs at a message's end are taken off; a '\n' within becomes a blank, as who sends a line must
  // not be able to send two; an empty message is no line.
  Taken Receive(int fd, size_t max_message_bytes, LineSink& sink);

 private:
  std::unique_ptr<char[]> bytes_;
};

}  // namespace accesslog
