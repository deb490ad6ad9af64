#include "input/fifo.h"

#include <fcntl.h>
#include <spdlog/logger.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "input/byte_reader.h"

namespace accesslog {

Fifo::Fifo(std::string path, std::span<char> buffer, StreamEvents events, spdlog::logger& log)
    : path_(std::move(path)), buffer_(buffer), events_(events), log_(log) {}

Result<void> Fifo::Open() {
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0 && !S_ISFIFO(status.st_mode)) {
    return Error{"cannot be read as a pipe: " + Printable(path_) +
                 " is none; name a log file without fifo:, or make the pipe with mkfifo"};
  }
  pipe_ = OpenPipe();
  stats_.open = pipe_.has_value();
  return {};
}

std::optional<Fifo::Pipe> Fifo::OpenPipe() {
  // Without O_NONBLOCK, opening waits for a writer.
  UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    Complain(ErrnoText(errno));
    return std::nullopt;
  }
  if (!S_ISFIFO(status.st_mode)) {
    Complain("it is no pipe");
    return std::nullopt;
  }
  if (!events_.Add(fd.get())) {
    Complain(ErrnoText(errno));
    return std::nullopt;
  }
  EnlargePipe(fd.get());
  if (!stats_.last_error.empty()) log_.info("{}: reading", Printable(path_));
  stats_.last_error.clear();
  return Pipe{std::move(fd), status.st_dev, status.st_ino};
}

void Fifo::Complain(const std::string& why) {
  if (why == stats_.last_error) return;
  stats_.last_error = why;
  log_.warn("{} cannot be read: {}; looking again every second", Printable(path_), why);
}

bool Fifo::LeadsTo(const Pipe& pipe) const {
  struct stat status {};
  // A pipe whose name is gone is read on: whoever has it open may write to it.
  if (::stat(path_.c_str(), &status) != 0) return true;
  return status.st_dev == pipe.device && status.st_ino == pipe.inode;
}

void Fifo::Look(Time now, LineSink& sink) {
  // The clock may be set back.
  if (last_look_ && now - *last_look_ < kLookInterval && now >= *last_look_) return;
  last_look_ = now;
  if (pipe_ && LeadsTo(*pipe_)) return;
  auto next = OpenPipe();
  if (!next) return;
  if (pipe_) {
    log_.info("{} was replaced by another pipe", Printable(path_));
    if (former_) {
      ReadPipe(former_, uint64_t{buffer_.size()}, sink);
      Close(former_, sink);
    }
    former_ = std::move(pipe_);
  }
  pipe_ = std::move(next);
  stats_.open = true;
}

bool Fifo::Read(uint64_t max_bytes, LineSink& sink) {
  const bool more_of_former = ReadPipe(former_, max_bytes, sink);
  const bool more = ReadPipe(pipe_, max_bytes, sink);
  stats_.open = pipe_.has_value();
  return more || more_of_former;
}

// Closes the pipe where all its writers have left; the one that the name leads to is opened anew.
bool Fifo::ReadPipe(std::optional<Pipe>& pipe, uint64_t max_bytes, LineSink& sink) {
  if (!pipe) return false;
  const ReadEnd end = ReadBytes(pipe->fd.get(), buffer_, max_bytes, pipe->lines, sink, stats_);
  if (end == ReadEnd::kEnded) {
    auto next = &pipe == &pipe_ ? OpenPipe() : std::nullopt;
    Close(pipe, sink);
    pipe = std::move(next);
  }
  return end == ReadEnd::kMore;
}

void Fifo::Close(std::optional<Pipe>& pipe, LineSink& sink) {
  if (!pipe) return;
  pipe->lines.Finish(sink);
  events_.Remove(pipe->fd.get());
  pipe.reset();
}

}  // namespace accesslog
