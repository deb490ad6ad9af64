// A LogParser of which one can tell whether it stands as another one does: then both read all lines
// to come alike, and lines that one of them has read need not be read by the other.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "parse/log_parser.h"
#include "parse/outcome.h"

namespace accesslog {

class TrackedParser {
 public:
  explicit TrackedParser(LogParser parser) : parser_(std::move(parser)) {}

  ParseOutcome Parse(std::string_view line, Record& record) {
    const ParseOutcome outcome = parser_.Parse(line, record);
    if (lines_ < kLearningLines) ++lines_;
    if (outcome != ParseOutcome::kEmpty) {
      at_rest_ = outcome == ParseOutcome::kComplete || !HasRecord(outcome);
    }
    return outcome;
  }

  // `other` must have come from the same parser. False where it cannot be known.
  bool SameStateAs(const TrackedParser& other) const {
    return IsSettled() && other.IsSettled() && parser_.format_name() == other.parser_.format_name();
  }

 private:
  // So long LogParser counts its lines; it counts lines in a row that were read only in part, too.
  static constexpr uint32_t kLearningLines = 100;

  bool IsSettled() const { return lines_ == kLearningLines && at_rest_; }

  LogParser parser_;
  uint32_t lines_ = 0;
  bool at_rest_ = false;
};

}  // namespace accesslog
