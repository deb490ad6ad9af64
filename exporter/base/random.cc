#include "base/random.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace accesslog {

void FillRandom(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    // A key that could be guessed would be worse than none.
    if (got <= 0) throw std::system_error(errno, std::generic_category(), "getrandom");
    bytes = bytes.subspan(static_cast<size_t>(got));
  }
}

}  // namespace accesslog
