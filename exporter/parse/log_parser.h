// The parser of one file: a format by name, or `auto`, which watches the lines and picks the
// built-in format that reads them best. Owned by the engine, one for each file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parse/line_parser.h"
#include "parse/outcome.h"

namespace accesslog {

class LogParser {
 public:
  // `format` is "auto" or the name of a built-in format.
  static Result<LogParser> Create(std::string_view format);

  // As LineParser::Parse.
  ParseOutcome Parse(std::string_view line, Record& record);

  // The format in use: under `auto` the one chosen last, or "auto" before the first line that any
  // format could read.
  std::string_view format_name() const;

 private:
  struct Candidate {
    std::string_view name;
    LineParser parser;
  };

  LogParser() = default;
  bool IsTimeToChoose(ParseOutcome outcome);
  ParseOutcome Choose(std::string_view line, Record& record);

  std::vector<Candidate> candidates_;  // one, unless the format is auto
  size_t current_ = 0;
  uint32_t lines_ = 0;    // at most kLearningLines
  uint32_t misfits_ = 0;  // in a row, read only in part
  bool chosen_ = false;
};

// "auto" and the names of all built-in formats.
std::vector<std::string> FormatNames();

}  // namespace accesslog
