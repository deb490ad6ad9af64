// JSON lines, one object each. simdjson finds the structure; the values are views into the line unless
// they hold escapes.
//
// A line that simdjson does not take is read a second time after it was mended; see mend_json.h.
#pragma once

#include <string_view>

#include "base/result.h"
#include "parse/json_keys.h"
#include "parse/log_format.h"

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

}  // namespace accesslog
