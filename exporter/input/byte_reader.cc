#include "input/byte_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"

namespace accesslog {
namespace {

// What a user may ask for by default (/proc/sys/fs/pipe-max-size).
constexpr int kPipeBytes = 1 << 20;

bool HasInput(int fd) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, 0) > 0;
}

}  // namespace

ReadEnd ReadBytes(int fd, std::span<char> buffer, uint64_t max_bytes, LineAssembler& lines,
                  LineSink& sink, StreamStats& stats) {
  while (max_bytes > 0) {
    if (!HasInput(fd)) return ReadEnd::kDrained;
    const ssize_t count = ::read(fd, buffer.data(), std::min<uint64_t>(buffer.size(), max_bytes));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return ReadEnd::kDrained;
    if (count < 0) stats.last_error = ErrnoText(errno);
    if (count <= 0) return ReadEnd::kEnded;
    const auto size = static_cast<size_t>(count);
    stats.bytes += size;
    max_bytes -= size;
    lines.Add({buffer.data(), size}, sink);
  }
  return ReadEnd::kMore;
}

void EnlargePipe(int fd) {
  const int present = ::fcntl(fd, F_GETPIPE_SZ);
  if (present > 0 && present < kPipeBytes) ::fcntl(fd, F_SETPIPE_SZ, kPipeBytes);
}

}  // namespace accesslog
