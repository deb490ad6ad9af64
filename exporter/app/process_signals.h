// SIGTERM and SIGINT, which end the process, and SIGHUP, which asks it to read its configuration
// again, as a file descriptor that becomes readable. Made before any thread is started, so that all
// threads inherit the blocked signals.
#pragma once

#include <utility>

#include "base/unique_fd.h"

namespace accesslog {

class ProcessSignals {
 public:
  ProcessSignals();

  // Readable while a signal has come that was not looked at.
  int fd() const { return fd_.get(); }
  // A signal to end has come; it stays so.
  bool Stopped();
  // True once after one or more SIGHUP that Stopped has seen.
  bool TakeReload() { return std::exchange(reload_, false); }

 private:
  void Look();

  UniqueFd fd_;
  bool stopped_ = false;
  bool reload_ = false;
};

}  // namespace accesslog
