// What a parser said about one line, with strings of its own, so that tests compare it whole and
// after the line is gone.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "parse/format_spec.h"
#include "parse/framing.h"
#include "parse/log_format.h"
#include "parse/outcome.h"
#include "parse/parse_state.h"
#include "record/record.h"

namespace accesslog {

struct ParsedLine {
  ParseOutcome outcome = ParseOutcome::kComplete;
  std::string client{};
  std::string address{};  // canonical; empty for a host name
  std::string host{};
  std::string user{};
  std::optional<Time> time{};
  std::string request{};
  std::string method = "other";  // the label
  std::string method_text{};
  std::string path{};
  std::string query{};
  std::string protocol{};
  uint16_t status = kInvalidStatus;
  std::optional<uint64_t> bytes{};
  std::string referer{};
  std::string user_agent{};
  std::optional<double> duration{};

  bool operator==(const ParsedLine&) const = default;
};

// Only the fields that say something.
std::ostream& operator<<(std::ostream& out, const ParsedLine& line);

std::string_view OutcomeName(ParseOutcome outcome);

// Without a record only the outcome counts; the fields stay empty.
ParsedLine ToParsedLine(ParseOutcome outcome, const Record& record);

// A format and what it remembers, as one file has them.
class LineParser {
 public:
  explicit LineParser(FormatPtr format) : format_(std::move(format)) {}
  explicit LineParser(const FormatSpec& spec);

  ParseOutcome Parse(std::string_view line, Record& record, ParseTrace* trace = nullptr) {
    return format_->Parse(TrimLine(line), state_, record, trace);
  }

 private:
  FormatPtr format_;
  ParseState state_;
};

// Through a fresh LineParser of the built-in format `format`.
ParsedLine ParseAs(std::string_view format, std::string_view line);

// A parser of the built-in format `format`.
LineParser BuiltinParser(std::string_view format);

}  // namespace accesslog
