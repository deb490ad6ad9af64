// JSON lines, one object each. simdjson finds the structure; the values are views into the line unless
// they hold escapes.
//
// nginx writes what no JSON reader takes: `"x":,` and `"x":-` for an empty variable, `"x":0.1, 0.2` for
// several upstreams, \x22 inside strings, bytes that are no UTF-8. Such a line is read a second time after those places were mended in
// a copy.
#pragma once

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

// `line` with the places mended that keep JSON readers from taking it, in the arena; see above. Exposed
// for tests.
std::string_view MendJson(std::string_view line, TextArena& arena);

}  // namespace accesslog
