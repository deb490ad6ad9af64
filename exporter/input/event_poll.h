// The streams' file descriptors behind one epoll descriptor, each with the index of its stream.
// Level-triggered, so that whoever waits on fd() need not read everything at once.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace accesslog {

class EventPoll {
 public:
  // Error if the system has no descriptor to give.
  Result<void> Create();

  int fd() const { return fd_.get(); }

  // False where `fd` cannot be waited for, as a regular file; errno says why.
  bool Add(int fd, size_t index);
  // Before `fd` is closed: the system forgets it by itself only when no copy of it is left.
  void Remove(int fd);

  // The streams that have something, each once.
  void Ready(std::vector<size_t>& indexes) const;

 private:
  UniqueFd fd_;
  size_t count_ = 0;
};

// What one stream sees of it.
class StreamEvents {
 public:
  StreamEvents(EventPoll& poll, size_t index) : poll_(poll), index_(index) {}
  bool Add(int fd) { return poll_.Add(fd, index_); }
  void Remove(int fd) { poll_.Remove(fd); }

 private:
  EventPoll& poll_;
  size_t index_;
};

}  // namespace accesslog
