#include "app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace accesslog {
namespace {

constexpr size_t kUsualColumns = 80;

size_t ColumnsOfStderr() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

}  // namespace

std::optional<Terminal> TerminalOf(std::ostream& stream) {
  if (&stream != &std::cerr || ::isatty(STDERR_FILENO) == 0) return std::nullopt;
  const char* term = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): before any thread
  if (term == nullptr || std::string_view(term).empty() || std::string_view(term) == "dumb") {
    return std::nullopt;
  }
  return Terminal{stream, ColumnsOfStderr};
}

}  // namespace accesslog
