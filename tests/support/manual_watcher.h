// A Watcher that reports what a test says, and never waits.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "input/watcher.h"

namespace accesslog {

class ManualWatcher final : public Watcher {
 public:
  // What the test and the watcher, which TailSet owns, have in common.
  struct Script {
    std::vector<FileChange> changes;   // for the next Wait
    bool overflow = false;             // in the next Wait
    std::set<std::string> missing;     // directories that cannot be watched
    std::vector<std::string> watched;  // every successful call of Watch
    std::vector<Duration> timeouts;    // every call of Wait
  };

  explicit ManualWatcher(std::shared_ptr<Script> script) : script_(std::move(script)) {}

  bool Watch(const std::string& directory) override {
    if (script_->missing.contains(directory)) return false;
    script_->watched.push_back(directory);
    return true;
  }

  std::vector<FileChange> Wait(Duration timeout, int /*wake_fd*/, bool& overflowed) override {
    script_->timeouts.push_back(timeout);
    overflowed = std::exchange(script_->overflow, false);
    return std::exchange(script_->changes, {});
  }

 private:
  std::shared_ptr<Script> script_;
};

}  // namespace accesslog
