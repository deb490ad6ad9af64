#include "input/datagram_batch.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace accesslog {
namespace {

std::string_view TrimMessage(std::string_view message) {
  while (!message.empty() && (message.back() == '\n' || message.back() == '\0')) {
    message.remove_suffix(1);
  }
  return message;
}

}  // namespace

DatagramBatch::Taken DatagramBatch::Receive(int fd, size_t max_message_bytes, LineSink& sink) {
  std::array<iovec, kMostMessages> slots{};
  std::array<mmsghdr, kMostMessages> headers{};
  const size_t count = std::min(kMostMessages, kBytes / max_message_bytes);
  for (size_t i = 0; i < count; ++i) {
    // One byte less than there is, so that the '\n' has room.
    slots[i] = {bytes_.get() + i * max_message_bytes, max_message_bytes - 1};
    headers[i].msg_hdr.msg_iov = &slots[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  int received = 0;
  do {
    received = ::recvmmsg(fd, headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT, nullptr);
  } while (received < 0 && errno == EINTR);
  Taken taken;
  if (received < 0) {
    taken.drained = true;
    if (errno != EAGAIN && errno != EWOULDBLOCK) taken.error = errno;
    return taken;
  }
  taken.messages = static_cast<size_t>(received);
  taken.drained = taken.messages < count;
  // The messages move together towards the front; none reaches the place of a later one.
  char* end = bytes_.get();
  for (size_t i = 0; i < taken.messages; ++i) {
    taken.bytes += headers[i].msg_len;
    if ((headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) {
      ++taken.truncated;
      continue;
    }
    const auto line = TrimMessage({static_cast<char*>(slots[i].iov_base), headers[i].msg_len});
    if (line.empty()) continue;
    std::memmove(end, line.data(), line.size());
    std::replace(end, end + line.size(), '\n', ' ');
    end += line.size();
    *end++ = '\n';
  }
  const std::string_view text(bytes_.get(), static_cast<size_t>(end - bytes_.get()));
  if (!text.empty() || taken.truncated > 0) sink.Take({text, taken.truncated});
  return taken;
}

}  // namespace accesslog
