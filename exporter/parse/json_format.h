// JSON lines, one object each. simdjson finds the structure; the values are views into the line unless
// they hold escapes.
//
// nginx writes what no JSON reader takes: `"x":,` and `"x":-` for an empty variable, `"x":0.1, 0.2` for
// several upstreams, \x22 inside strings, bytes that are no UTF-8. Such a line is read a second time
// after those places were mended in a copy; and one that was cut, after its last member, which may be a
// part only, was left out.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "parse/json_keys.h"
#include "parse/log_format.h"
#include "parse/text_arena.h"

namespace accesslog {

class JsonFormat final : public LogFormat {
 public:
  // `mapping` as JsonKeys takes it.
  static Result<FormatPtr> Compile(std::string_view mapping);

  ParseOutcome Parse(std::string_view line, ParseState& state, Record& record,
                     ParseTrace* trace) const override;

 private:
  explicit JsonFormat(JsonKeys keys) : keys_(std::move(keys)) {}

  JsonKeys keys_;
};

struct MendedJson {
  enum class End : uint8_t { kWhole, kCut, kMore };
  std::string_view text;  // in the arena
  End end;                // how the line ended: with its object, before, or with more behind it
};

// `line` with the places mended that keep JSON readers from taking it; see above. Exposed for tests.
MendedJson MendJson(std::string_view line, TextArena& arena);

}  // namespace accesslog
