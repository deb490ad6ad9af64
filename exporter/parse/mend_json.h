// Mends what keeps JSON readers from taking a log line. nginx writes `"x":,` and `"x":-` for an empty
// variable, `"x":0.1, 0.2` for several upstreams, \x22 inside strings, bytes that are no UTF-8; and a line
// may be cut. Used by JsonFormat for lines that simdjson does not take.
#pragma once

#include <cstdint>
#include <string_view>

#include "parse/text_arena.h"

namespace accesslog {

struct MendedJson {
  enum class End : uint8_t { kWhole, kCut, kMore };
  std::string_view text;  // in the arena
  End end;                // how the line ended: with its object, before, or with more behind it
};

// A copy of `line` with those places mended. Of a cut line the last member, which may be a part only, is
// left out.
MendedJson MendJson(std::string_view line, TextArena& arena);

}  // namespace accesslog
