// Standard input, whatever it is: a pipe, a terminal, a regular file, /dev/null, or closed. Read to
// its end once; a last line without '\n' counts. Owned by StreamSet.
#pragma once

#include <span>

#include "base/unique_fd.h"
#include "input/event_poll.h"
#include "input/line_assembler.h"
#include "input/stream.h"

namespace spdlog {
class logger;
}

namespace accesslog {

class StandardInput final : public Stream {
 public:
  // `fd` is not owned: 0, but in tests.
  StandardInput(int fd, std::span<char> buffer, StreamEvents events, spdlog::logger& log)
      : fd_(fd), buffer_(buffer), events_(events), log_(log) {}

  Result<void> Open() override;
  bool Read(uint64_t max_bytes, LineSink& sink) override;

 private:
  bool AddAlwaysReady();
  void End(LineSink& sink);

  int fd_;
  std::span<char> buffer_;
  StreamEvents events_;
  spdlog::logger& log_;
  UniqueFd always_ready_;
  LineAssembler lines_;
};

}  // namespace accesslog
