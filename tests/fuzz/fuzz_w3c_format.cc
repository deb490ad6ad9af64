// The input is a log with #Fields lines.
#include "fuzz/read_log.h"
#include "parse/w3c_format.h"

namespace accesslog {
namespace {

void CompileFields(std::string_view fields) {
  const auto format = CompileW3cFields(fields);
  if (!format) CheckMessage(format.error());
}

// Two parsers, one of which is a copy made in the middle of the log.
void ReadLogInTwo(std::string_view log) {
  LineParser parser = BuiltinParser("iis");
  LineParser copy = parser;
  for (size_t count = 0; !log.empty(); ++count) {
    const std::string_view line = TakeLine(log);
    if (W3cFormat::DeclaresFields(line)) CompileFields(line.substr(std::string("#Fields:").size()));
    if (count % 3 == 0) copy = parser;
    Record record;
    Record again;
    const ParseOutcome outcome = parser.Parse(line, record);
    const std::string broken = BrokenLaw(line, outcome, record);
    Check(broken.empty(), broken);
    Check(copy.Parse(line, again) == outcome && Same(record, again), "a copy reads alike");
    Check(W3cFormat::IsDirective(TrimLine(line)) == (outcome == ParseOutcome::kComment),
          "directives are comments, and nothing else is");
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadLogInTwo(accesslog::AsText(data, size));
  return 0;
}
