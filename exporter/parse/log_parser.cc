#include "parse/log_parser.h"

#include "base/text.h"
#include "parse/description.h"

namespace accesslog {
namespace {

// So many lines `auto` compares formats whenever the present one reads a line only in part; later
// it waits for so many such lines in a row, or for one that the present format cannot read at all.
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
  if (candidates_.size() == 1 || !IsTimeToChoose(outcome)) return outcome;
  return Choose(line, record);
}

bool LogParser::IsTimeToChoose(ParseOutcome outcome) {
  const bool learning = lines_ < kLearningLines;
  if (learning) ++lines_;
  if (outcome == ParseOutcome::kEmpty) return false;
  if (outcome == ParseOutcome::kComplete) {
    chosen_ = true;
    misfits_ = 0;
    return false;
  }
  if (HasRecord(outcome) && !learning && ++misfits_ < kLearningLines) return false;
  misfits_ = 0;
  return true;
}

ParseOutcome LogParser::Choose(std::string_view line, Record& record) {
  // A line that no format can read says nothing about the format; the reason why not is that of the
  // present format or, before one was chosen, of the simplest, the last.
  size_t best = chosen_ ? current_ : candidates_.size() - 1;
  ParseOutcome best_outcome = ParseOutcome::kNoStatus;
  for (size_t i = 0; i < candidates_.size(); ++i) {
    const ParseOutcome outcome = candidates_[i].parser.Parse(line, record);
    if (HasRecord(outcome) && outcome < best_outcome) {
      best = i;
      best_outcome = outcome;
    }
  }
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
