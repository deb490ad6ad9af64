#include "input/inotify_watcher.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace accesslog {
namespace {

constexpr uint32_t kEvents =
    IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_ONLYDIR;

}  // namespace

std::unique_ptr<InotifyWatcher> InotifyWatcher::Create() {
  UniqueFd fd(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd) return nullptr;
  return std::unique_ptr<InotifyWatcher>(new InotifyWatcher(std::move(fd)));
}

bool InotifyWatcher::Watch(const std::string& directory) {
  const int watch = inotify_add_watch(fd_.get(), directory.c_str(), kEvents);
  if (watch < 0) return false;
  directories_[watch] = directory;
  return true;
}

std::vector<FileChange> InotifyWatcher::Wait(Duration timeout, int wake_fd, bool& overflowed) {
  std::array<pollfd, 2> fds = {{{fd_.get(), POLLIN, 0}, {wake_fd, POLLIN, 0}}};
  std::vector<FileChange> changes;
  overflowed = false;
  if (::poll(fds.data(), wake_fd >= 0 ? 2 : 1, static_cast<int>(timeout.count())) <= 0) {
    return changes;
  }
  alignas(inotify_event) std::array<char, 16384> buffer{};
  for (ssize_t size = 0; (size = ::read(fd_.get(), buffer.data(), buffer.size())) > 0;) {
    for (size_t at = 0; at < static_cast<size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof(event));
      const char* name = buffer.data() + at + sizeof(event);
      at += sizeof(event) + event.len;
      if ((event.mask & IN_Q_OVERFLOW) != 0) overflowed = true;
      const auto directory = directories_.find(event.wd);
      if (directory == directories_.end()) continue;
      // A busy file reports each write; one entry is enough.
      const std::string file = event.len > 0 ? name : "";
      if (changes.empty() || changes.back().name != file ||
          changes.back().directory != directory->second) {
        changes.push_back({directory->second, file});
      }
      if ((event.mask & IN_IGNORED) != 0) directories_.erase(directory);
    }
  }
  return changes;
}

}  // namespace accesslog
