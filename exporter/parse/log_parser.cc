#include "parse/log_parser.h"

#include "base/text.h"
#include "parse/description.h"

namespace accesslog {
namespace {

// So many lines `auto` compares formats even where the present one can read the line; later only
// where it cannot.
constexpr uint32_t kLearningLines = 100;

}  // namespace

std::vector<std::string> FormatNames() {
  std::vector<std::string> names = {"auto"};
  for (const BuiltinFormat& format : BuiltinFormats()) names.emplace_back(format.name);
  return names;
}

Result<LogParser> LogParser::Create(std::string_view format) {
  LogParser parser;
  for (const BuiltinFormat& builtin : BuiltinFormats()) {
    if (format != "auto" && format != builtin.name) continue;
    auto spec = CompileDescription(builtin.description);
    if (!spec) return spec.error();
    parser.candidates_.push_back({builtin.name, LineParser(*spec)});
  }
  if (parser.candidates_.empty()) {
    std::string message = "unknown format \"" + Printable(format) + "\"; known are";
    const char* separator = " ";
    for (const std::string& name : FormatNames()) {
      message += separator + name;
      separator = ", ";
    }
    return Error{message};
  }
  parser.chosen_ = parser.candidates_.size() == 1;
  return parser;
}

ParseOutcome LogParser::Parse(std::string_view line, Record& record) {
  const ParseOutcome outcome = candidates_[current_].parser.Parse(line, record);
  if (candidates_.size() == 1) return outcome;
  const bool learning = lines_ < kLearningLines;
  if (learning) ++lines_;
  if (outcome == ParseOutcome::kComplete) {
    chosen_ = true;
    return outcome;
  }
  if (outcome == ParseOutcome::kEmpty || (HasRecord(outcome) && !learning)) return outcome;
  return Choose(line, outcome, record);
}

ParseOutcome LogParser::Choose(std::string_view line, ParseOutcome current, Record& record) {
  size_t best = current_;
  ParseOutcome best_outcome = current;
  for (size_t i = 0; i < candidates_.size(); ++i) {
    if (i == current_) continue;
    const ParseOutcome outcome = candidates_[i].parser.Parse(line, record);
    if (outcome < best_outcome) {
      best = i;
      best_outcome = outcome;
    }
  }
  // A line that no format can read says nothing about the format.
  if (HasRecord(best_outcome)) {
    current_ = best;
    chosen_ = true;
  }
  return candidates_[best].parser.Parse(line, record);
}

std::string_view LogParser::format_name() const {
  return chosen_ ? candidates_[current_].name : "auto";
}

}  // namespace accesslog
