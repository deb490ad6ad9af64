#include "input/event_poll.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"

namespace accesslog {

Result<void> EventPoll::Create() {
  fd_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  if (!fd_) return Error{"cannot wait for streams: " + ErrnoText(errno)};
  return {};
}

bool EventPoll::Add(int fd, size_t index) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return false;
  ++count_;
  return true;
}

void EventPoll::Remove(int fd) {
  if (::epoll_ctl(fd_.get(), EPOLL_CTL_DEL, fd, nullptr) == 0) --count_;
}

void EventPoll::Ready(std::vector<size_t>& indexes) const {
  indexes.clear();
  if (count_ == 0) return;
  std::vector<epoll_event> events(count_);
  const int found = ::epoll_wait(fd_.get(), events.data(), static_cast<int>(count_), 0);
  for (int i = 0; i < found; ++i) indexes.push_back(events[static_cast<size_t>(i)].data.u64);
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
}

}  // namespace accesslog
