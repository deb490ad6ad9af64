// What the parsing of one file remembers from line to line. Nothing of it is a field of a record.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "parse/clf_time.h"
#include "parse/log_format.h"
#include "parse/text_arena.h"

namespace accesslog {

struct JsonScratch;
struct DeleteJsonScratch {
  void operator()(JsonScratch* scratch) const;
};

struct ParseState {
  ParseState() = default;
  // A copy parses as the original would. It shares no memory with it; texts are not copied.
  ParseState(const ParseState& other)
      : clf_times(other.clf_times),
        w3c(other.w3c),
        w3c_fields(other.w3c_fields),
        w3c_date(other.w3c_date) {}
  ParseState(ParseState&&) = default;
  ParseState& operator=(const ParseState& other) { return *this = ParseState(other); }
  ParseState& operator=(ParseState&&) = default;
  ~ParseState() = default;

  ClfTimeCache clf_times;
  std::optional<std::chrono::sys_days> date;  // of this line; see Field::kTimeOfDay
  FormatPtr w3c;                              // of the last #Fields line
  std::string w3c_fields;                     // that line, as it came
  std::optional<std::chrono::sys_days> w3c_date;  // of the last #Date line
  std::unique_ptr<JsonScratch, DeleteJsonScratch> json;
  TextArena texts;
};

}  // namespace accesslog
