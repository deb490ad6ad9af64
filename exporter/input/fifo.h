// A named pipe, read for as long as the exporter lives: writers come and go, and it may be deleted
// and made anew. Owned by StreamSet.
//
// It is opened for reading only, so that the end of the last writer is seen and ends its last line;
// then it is opened anew, because a pipe whose writers have left is readable for ever. The new
// descriptor comes before the old one goes: no writer ever meets a pipe without a reader.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string>

#include "base/unique_fd.h"
#include "input/event_poll.h"
#include "input/line_assembler.h"
#include "input/stream.h"

namespace spdlog {
class logger;
}

namespace accesslog {

class Fifo final : public Stream {
 public:
  // Whether the name still leads to the same pipe is looked at so often.
  static constexpr Duration kLookInterval = std::chrono::seconds{1};

  Fifo(std::string path, std::span<char> buffer, StreamEvents events, spdlog::logger& log);

  // One that does not exist, or may not be read, is waited for.
  Result<void> Open() override;
  void Look(Time now, LineSink& sink) override;
  bool Read(uint64_t max_bytes, LineSink& sink) override;

 private:
  struct Pipe {
    UniqueFd fd;
    dev_t device;
    ino_t inode;
    LineAssembler lines{};
  };

  std::optional<Pipe> OpenPipe();
  bool LeadsTo(const Pipe& pipe) const;
  bool ReadPipe(std::optional<Pipe>& pipe, uint64_t max_bytes, LineSink& sink);
  void Close(std::optional<Pipe>& pipe, LineSink& sink);
  void Complain(const std::string& why);

  std::string path_;
  std::span<char> buffer_;
  StreamEvents events_;
  spdlog::logger& log_;
  std::optional<Pipe> pipe_;
  std::optional<Pipe> former_;  // of the same name, while somebody writes to it still
  std::optional<Time> last_look_;
};

}  // namespace accesslog
