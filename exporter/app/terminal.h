// Whether somebody watches a stream: asked here and nowhere else.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>

namespace accesslog {

struct Terminal {
  std::ostream& out;
  std::function<size_t()> columns;  // at this moment; at least 1
};

// The terminal that std::cerr writes to; nothing for another stream, a pipe, a file, or a terminal
// that cannot erase what it shows (TERM is empty or "dumb").
std::optional<Terminal> TerminalOf(std::ostream& stream);

}  // namespace accesslog
