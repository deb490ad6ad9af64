#include "parse/parsed_line.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "base/time_format.h"
#include "parse/builtin_formats.h"
#include "parse/line_format.h"

namespace accesslog {

std::string_view OutcomeName(ParseOutcome outcome) {
  switch (outcome) {
    case ParseOutcome::kComplete:
      return "complete";
    case ParseOutcome::kExtra:
      return "extra";
    case ParseOutcome::kIncomplete:
      return "incomplete";
    case ParseOutcome::kEmpty:
      return "empty";
    case ParseOutcome::kComment:
      return "comment";
    case ParseOutcome::kFragment:
      return "fragment";
    case ParseOutcome::kBadClient:
      return "bad client";
    case ParseOutcome::kNoStatus:
      return "no status";
  }
  return "unknown";
}

std::ostream& operator<<(std::ostream& out, const ParsedLine& line) {
  const auto text = [&out](std::string_view name, const std::string& value) {
    if (!value.empty()) out << "; " << name << " \"" << PrintableUpTo(value, 300) << "\"";
  };
  out << OutcomeName(line.outcome);
  text("client", line.client);
  text("address", line.address);
  text("host", line.host);
  text("user", line.user);
  if (line.time) out << "; time " << FormatUtc(*line.time, true);
  text("request", line.request);
  text("method", line.method);
  text("method text", line.method_text);
  text("path", line.path);
  text("query", line.query);
  text("protocol", line.protocol);
  out << "; status " << line.status;
  if (line.bytes) out << "; bytes " << *line.bytes;
  text("referer", line.referer);
  text("user agent", line.user_agent);
  if (line.duration) out << "; duration " << *line.duration;
  return out;
}

ParsedLine ToParsedLine(ParseOutcome outcome, const Record& record) {
  if (!HasRecord(outcome)) return {.outcome = outcome};
  return {.outcome = outcome,
          .client = std::string(record.client),
          .address = record.address ? record.address->ToString() : "",
          .host = std::string(record.host),
          .user = std::string(record.user),
          .time = record.time,
          .request = std::string(record.request),
          .method = std::string(MethodName(record.method)),
          .method_text = std::string(record.method_text),
          .path = std::string(record.path),
          .query = std::string(record.query),
          .protocol = std::string(record.protocol),
          .status = record.status,
          .bytes = record.bytes,
          .referer = std::string(record.referer),
          .user_agent = std::string(record.user_agent),
          .duration = record.duration};
}

LineParser::LineParser(const FormatSpec& spec) : format_(*LineFormat::Compile(spec)) {}

LineParser BuiltinParser(std::string_view format) {
  FormatPtr found = FindBuiltinFormat(format);
  assert(found != nullptr);
  return LineParser(std::move(found));
}

ParsedLine ParseAs(std::string_view format, std::string_view line) {
  LineParser parser = BuiltinParser(format);  // the record has views into its memory
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

}  // namespace accesslog
