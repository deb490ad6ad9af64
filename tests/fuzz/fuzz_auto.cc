// The input is a log of any format, which may change.
#include <algorithm>
#include <vector>

#include "fuzz/read_log.h"
#include "parse/log_parser.h"
#include "parse/w3c_format.h"

namespace accesslog {
namespace {

struct Reading {
  ParseOutcome outcome;
  Record record;
};

Reading Read(LogParser& parser, std::string_view line) {
  Reading reading;
  reading.outcome = parser.Parse(line, reading.record);
  return reading;
}

bool IsFramed(std::string_view line) {
  return std::any_of(kFramings.begin(), kFramings.end(),
                     [line](Framing framing) { return LooksFramed(framing, TrimLine(line)); });
}

// Whether a format that remembers nothing finds a request there.
bool TellsARequest(std::string_view line) {
  static const std::vector<BuiltinFormat>& formats = BuiltinFormats();
  return std::any_of(formats.begin(), formats.end(), [line](const BuiltinFormat& format) {
    if (format.name == "iis") return false;
    LineParser parser(format.format);
    Record record;
    return HasRecord(parser.Parse(line, record)) &&
           (record.time || record.status != kInvalidStatus);
  });
}

void CheckState(const LogParser& parser, uint64_t changes_before) {
  Check(parser.confidence() >= 0 && parser.confidence() <= 1, "confidence is a share");
  Check(parser.format_changes() - changes_before <= 1, "a line changes the format once at most");
  Check(!parser.format_name().empty(), "a format has a name");
}

// `next` is the line behind `line`.
void ReadLine(LogParser& parser, std::string_view line, std::string_view next) {
  LogParser before = parser;
  Check(before.SameStateAs(parser) == parser.SameStateAs(parser), "a copy has the same state");
  const uint64_t changes = parser.format_changes();
  const Reading reading = Read(parser, line);
  CheckState(parser, changes);
  if (reading.outcome == ParseOutcome::kFragment) return;
  const std::string broken = BrokenLaw(line, reading.outcome, reading.record, Texts::kAnywhere);
  Check(broken.empty(), broken);
  const bool plain = !IsFramed(line) && !W3cFormat::IsDirective(TrimLine(line));
  if (plain && TellsARequest(line)) {
    Check(HasRecord(reading.outcome), "auto reads what a built-in format reads");
  }
  if (!before.SameStateAs(parser)) return;
  LogParser copy = parser;
  const Reading a = Read(before, next);
  const Reading b = Read(copy, next);
  Check(a.outcome == b.outcome && (!HasRecord(a.outcome) || Same(a.record, b.record)),
        "parsers of the same state read alike");
}

void ReadWholeLog(std::string_view log) {
  static const LogParser kFresh = *LogParser::Create("auto");
  LogParser parser = kFresh;
  while (!log.empty()) {
    const std::string_view line = TakeLine(log);
    std::string_view rest = log;
    ReadLine(parser, line, TakeLine(rest));
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadWholeLog(accesslog::AsText(data, size));
  return 0;
}
