// A TailSet over the in-memory file system, with every line as "path: line".
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "input/tail_set.h"
#include "support/log_recorder.h"
#include "support/manual_clock.h"
#include "support/manual_watcher.h"
#include "support/memory_file_system.h"

namespace accesslog {

using Lines = std::vector<std::string>;

class FollowedLogs {
 public:
  explicit FollowedLogs(TailSetOptions options, std::unique_ptr<Watcher> watcher = nullptr)
      : tails_(
            std::move(options), files_, std::move(watcher),
            [this](size_t site, const std::string& path) {
              sites_.push_back(site);
              return std::make_shared<Sink>(*this, path);
            },
            log_.logger()) {}

  Lines CatchUp() {
    tails_.CatchUp(clock_.AsClock(), [] { return false; });
    return std::exchange(lines_, {});
  }
  // One turn, `later` than the one before. Without a watcher TailSet waits for what is left of its
  // interval, so a test that leaves nothing of it does not sleep.
  Lines Step(Duration later, Duration max_wait = Duration::max()) {
    clock_.Advance(later);
    tails_.Step(clock_.AsClock(), -1, max_wait);
    return std::exchange(lines_, {});
  }

  MemoryFileSystem& files() { return files_; }
  ManualClock& clock() { return clock_; }
  TailSet& tails() { return tails_; }
  // Of each file, in the order in which they were found.
  const std::vector<size_t>& sites() const { return sites_; }
  Lines TakeLog() { return log_.TakeMessages(); }

 private:
  class Sink final : public LineSink {
   public:
    Sink(FollowedLogs& logs, std::string path) : logs_(logs), path_(std::move(path)) {}
    void Take(const LineBlock& block) override {
      ForEachLine(block.text, [this](std::string_view line) {
        logs_.lines_.push_back(path_ + ": " + std::string(line));
      });
    }

   private:
    FollowedLogs& logs_;
    std::string path_;
  };

  MemoryFileSystem files_;
  ManualClock clock_;
  LogRecorder log_;
  Lines lines_;
  std::vector<size_t> sites_;
  TailSet tails_;
};

inline TailSource Source(size_t site, std::vector<std::string> patterns,
                         StartAt start = StartAt::kBeginning) {
  return {.site = site, .patterns = std::move(patterns), .tailer = {.start = start}};
}

}  // namespace accesslog
