// A StreamSet under test, read by hand; what came out of each source is kept.
#pragma once

#include <poll.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "input/stream_set.h"
#include "support/line_recorder.h"
#include "support/log_recorder.h"
#include "support/manual_clock.h"

namespace accesslog {

using Lines = std::vector<std::string>;

class OpenedStreams {
 public:
  explicit OpenedStreams(StreamSetOptions options)
      : streams_(
            std::move(options),
            [this](size_t site, const std::string& source) { return MakeSink(site, source); },
            log_.logger()) {
    const auto result = streams_.Open();
    if (!result) error_ = result.error().message;
  }
  explicit OpenedStreams(const std::string& source)
      : OpenedStreams(StreamSetOptions{.sources = {{0, source}}}) {}

  // Why Open failed, or "".
  const std::string& error() const { return error_; }
  StreamSet& streams() { return streams_; }
  LogRecorder& log() { return log_; }
  ManualClock& clock() { return clock_; }

  bool IsReadable(int timeout_ms = 0) const {
    pollfd fd{streams_.fd(), POLLIN, 0};
    return ::poll(&fd, 1, timeout_ms) > 0;
  }

  bool ReadOnce() { return streams_.Read(clock_.now()); }

  // Reads until nothing is left, and gives the lines of all sources since the last call.
  Lines Read() {
    while (ReadOnce() || IsReadable()) {
    }
    Lines lines;
    for (auto& recorder : recorders_) {
      for (std::string& line : recorder->TakeLines()) lines.push_back(std::move(line));
    }
    return lines;
  }
  // After a look for pipes that come and go.
  Lines ReadLater() {
    clock_.Advance(std::chrono::seconds{1});
    return Read();
  }

  LineRecorder& recorder(size_t index = 0) { return *recorders_.at(index); }
  StreamStats stats(size_t index = 0) const { return streams_.Streams().at(index).stats; }
  // "site: source" of each sink that was asked for.
  const Lines& made() const { return made_; }

 private:
  class Sink final : public LineSink {
   public:
    explicit Sink(LineRecorder& recorder) : recorder_(recorder) {}
    void Take(const LineBlock& block) override { recorder_.Take(block); }

   private:
    LineRecorder& recorder_;
  };

  std::unique_ptr<LineSink> MakeSink(size_t site, const std::string& source) {
    made_.push_back(std::to_string(site) + ": " + source);
    recorders_.push_back(std::make_unique<LineRecorder>());
    return std::make_unique<Sink>(*recorders_.back());
  }

  LogRecorder log_;
  ManualClock clock_;
  std::vector<std::unique_ptr<LineRecorder>> recorders_;
  Lines made_;
  std::string error_;
  StreamSet streams_;
};

}  // namespace accesslog
