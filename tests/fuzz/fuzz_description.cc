// The first line of the input is a description, the others are a log in it.
#include "fuzz/check.h"
#include "parse/description.h"
#include "parse/parsed_line.h"
#include "parse/record_laws.h"

namespace accesslog {
namespace {

void ReadDescription(std::string_view rest) {
  const std::string_view description = TakeLine(rest);
  const auto spec = CompileDescription(description);
  if (!spec) return Check(!spec.error().message.empty(), "an error has a message");
  Check(Describe(*spec) == description, "Describe is the inverse of CompileDescription");
  LineParser parser(*spec);
  while (!rest.empty()) {
    const std::string_view line = TakeLine(rest);
    Record record;
    const ParseOutcome outcome = parser.Parse(line, record);
    const std::string broken = BrokenLaw(line, outcome, record);
    Check(broken.empty(), broken);
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadDescription(accesslog::AsText(data, size));
  return 0;
}
