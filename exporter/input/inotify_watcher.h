// Linux inotify on the directories of the logs: one watch sees appends, renames and new files.
// Network file systems accept the watch and never report what another machine writes; TailSet looks
// at files on its own now and then for that reason.
#pragma once

#include <map>
#include <memory>

#include "base/unique_fd.h"
#include "input/watcher.h"

namespace accesslog {

class InotifyWatcher final : public Watcher {
 public:
  // Null where the system has no inotify instance to give.
  static std::unique_ptr<InotifyWatcher> Create();

  bool Watch(const std::string& directory) override;
  std::vector<FileChange> Wait(Duration timeout, int wake_fd, bool& overflowed) override;

 private:
  explicit InotifyWatcher(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
  std::map<int, std::string> directories_;  // by watch descriptor
};

}  // namespace accesslog
