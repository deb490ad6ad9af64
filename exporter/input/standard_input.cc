#include "input/standard_input.h"

#include <spdlog/logger.h>
#include <sys/eventfd.h>

#include <cerrno>

#include "base/text.h"
#include "input/byte_reader.h"

namespace accesslog {

Result<void> StandardInput::Open() {
  EnlargePipe(fd_);
  stats_.open = events_.Add(fd_) || AddAlwaysReady();
  if (!stats_.open) {
    // As where a daemon was started with `<&-`: what is served beside it goes on.
    stats_.last_error = ErrnoText(errno);
    log_.warn("standard input cannot be read: {}", stats_.last_error);
  }
  return {};
}

// A regular file has always something to say, if only its end, and epoll does not take it. A
// descriptor that is always readable stands for it.
bool StandardInput::AddAlwaysReady() {
  if (errno != EPERM) return false;
  always_ready_ = UniqueFd(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
  return always_ready_ && events_.Add(always_ready_.get());
}

bool StandardInput::Read(uint64_t max_bytes, LineSink& sink) {
  if (!stats_.open) return false;
  const ReadEnd end = ReadBytes(fd_, buffer_, max_bytes, lines_, sink, stats_);
  if (end == ReadEnd::kEnded) End(sink);
  return end == ReadEnd::kMore;
}

void StandardInput::End(LineSink& sink) {
  lines_.Finish(sink);
  // Descriptor 0 itself stays: whatever is opened next would become standard input.
  events_.Remove(always_ready_ ? always_ready_.get() : fd_);
  always_ready_.Reset();
  stats_.open = false;
  if (stats_.last_error.empty()) {
    log_.info("standard input has ended; {} read", Plural(stats_.bytes, "byte"));
  } else {
    log_.warn("standard input has ended: {}", stats_.last_error);
  }
}

}  // namespace accesslog
