// All sources of all sites that are streams, not files: standard input, FIFOs, syslog sockets.
// Driven by the thread that drives TailSet, whose wait fd() ends. Used by `serve`.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "input/datagram_batch.h"
#include "input/event_poll.h"
#include "input/line_block.h"
#include "input/stream.h"
#include "input/stream_address.h"

namespace spdlog {
class logger;
}

namespace accesslog {

struct StreamSource {
  size_t site = 0;   // index of the site, handed back with every stream
  std::string text;  // as ParseStreamAddress takes it
  bool operator==(const StreamSource&) const = default;
};

struct StreamSetOptions {
  std::vector<StreamSource> sources;
  uint64_t bytes_per_turn = 4U << 20U;  // of one stream, so that a flood starves nobody
  // Of a UDP socket; the kernel doubles it for its own overhead. A burst of 10,000 lines fits.
  int receive_buffer_bytes = 4 << 20;
  int standard_input = 0;
};

struct StreamStatus {
  size_t site = 0;
  std::string source;
  StreamStats stats;
  std::shared_ptr<LineSink> sink;
};

class StreamSet {
 public:
  using MakeSink = std::function<std::shared_ptr<LineSink>(size_t site, const std::string& source)>;

  StreamSet(StreamSetOptions options, MakeSink make_sink, spdlog::logger& log);
  ~StreamSet();

  // Binds and opens everything, and makes a sink for each source, in their order. The error names
  // the source. A FIFO that does not exist yet is none.
  Result<void> Open();

  // Whether these are the same streams, of whatever sites. Then they are of those sites from now
  // on.
  bool MoveTo(const std::vector<StreamSource>& sources);

  // From now on the lines go elsewhere; what waits for its line's end goes with them.
  void ChangeSinks(const MakeSink& make_sink);

  // Readable while a stream has something; an end is said once. -1 before Open.
  int fd() const { return poll_.fd(); }

  // Reads what is there. True if more is left. To be called when fd() is readable, and at least
  // once a second for FIFOs that come and go.
  bool Read(Time now);

  // In the order of the sources, as they were first.
  std::vector<StreamStatus> Streams() const;

  const std::vector<StreamSource>& sources() const { return options_.sources; }

 private:
  struct Entry {
    std::shared_ptr<LineSink> sink;
    std::unique_ptr<Stream> stream;
  };

  Result<void> OpenSource(const StreamSource& source, std::vector<StreamAddress>& opened);
  std::unique_ptr<Stream> Make(const StreamAddress& address);
  std::span<char> Buffer();
  DatagramBatch& Batch();
  void LogOpened(const StreamSource& source, const StreamAddress& address,
                 const StreamStats& stats);

  StreamSetOptions options_;
  MakeSink make_sink_;
  spdlog::logger& log_;
  EventPoll poll_;
  std::vector<char> buffer_;              // empty where no bytes flow
  std::unique_ptr<DatagramBatch> batch_;  // null without syslog
  std::vector<Entry> entries_;            // in the order of the sources
  std::vector<size_t> ready_;
};

}  // namespace accesslog
