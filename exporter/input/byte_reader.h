// Reads bytes that flow, as from a pipe, into lines. Used by StandardInput and Fifo.
#pragma once

#include <cstdint>
#include <span>

#include "input/line_assembler.h"
#include "input/stream.h"

namespace accesslog {

enum class ReadEnd : uint8_t {
  kMore,     // the allowance is used up
  kDrained,  // nothing is there now
  kEnded,    // nothing will come any more: every writer has left, or reading failed
};

// Reads at most `max_bytes`, and counts them and what went wrong in `stats`. Does not block,
// whether or not `fd` is set to: standard input is shared with others, who may rely on how it is
// set.
ReadEnd ReadBytes(int fd, std::span<char> buffer, uint64_t max_bytes, LineAssembler& lines,
                  LineSink& sink, StreamStats& stats);

// Asks for room for a burst: a full pipe blocks the server that writes into it.
void EnlargePipe(int fd);

}  // namespace accesslog
