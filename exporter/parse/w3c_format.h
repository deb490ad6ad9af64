// The W3C extended log file format, as IIS writes it (fields between blanks) and CloudFront (between
// tabs): https://www.w3.org/TR/WD-logfile.html. Which fields a line has is said by the #Fields line
// before it, which may come again, and change, at any place of the file.
#pragma once

#include <string_view>

#include "base/result.h"
#include "parse/log_format.h"

namespace accesslog {

class W3cFormat final : public LogFormat {
 public:
  // Until a #Fields line was seen, the fields are those that IIS writes by default.
  static FormatPtr Create();

  // Directives are ParseOutcome::kComment.
  ParseOutcome Parse(std::string_view line, ParseState& state, Record& record,
                     ParseTrace* trace) const override;

  // As if the file had said so before.
  static void RestoreFields(std::string_view directive, ParseState& state);

  // Whether `line` is a directive, such as "#Fields: …".
  static bool IsDirective(std::string_view line) { return line.starts_with('#'); }
  // Whether it is one by which the format can be known.
  static bool DeclaresFields(std::string_view line) { return line.starts_with("#Fields:"); }

 private:
  explicit W3cFormat(FormatPtr defaults) : defaults_(std::move(defaults)) {}

  FormatPtr defaults_;
};

// The format that the text behind "#Fields:" describes. Errors: no client address or no status.
Result<FormatPtr> CompileW3cFields(std::string_view fields);

}  // namespace accesslog
