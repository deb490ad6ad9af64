// Says when a file may have changed. Two implementations: InotifyWatcher, and none at all, in which
// case TailSet looks at every file once in `poll_interval`.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"

namespace accesslog {

struct FileChange {
  std::string directory;
  std::string name;  // empty: anything in the directory
};

class Watcher {
 public:
  virtual ~Watcher() = default;
  // Watches the directory; nothing new if it is watched already. False if it cannot be watched yet.
  virtual bool Watch(const std::string& directory) = 0;
  // Waits at most `timeout`, less if something changed or `wake_fd` became readable. An empty answer
  // means that time ran out; `overflowed` that changes were missed and all files must be looked at.
  virtual std::vector<FileChange> Wait(Duration timeout, int wake_fd, bool& overflowed) = 0;
};

}  // namespace accesslog
