// SIGTERM and SIGINT as a file descriptor that becomes readable. Made before any thread is started,
// so that all threads inherit the blocked signals.
#pragma once

#include "base/unique_fd.h"

namespace accesslog {

class StopSignal {
 public:
  StopSignal();

  // Readable once a signal has come; it stays so.
  int fd() const { return fd_.get(); }
  bool Arrived() const;

 private:
  UniqueFd fd_;
};

}  // namespace accesslog
