// The first line of the input is a description, the others are a log in it.
#include <algorithm>

#include "fuzz/read_log.h"
#include "parse/description.h"
#include "parse/fields.h"

namespace accesslog {
namespace {

// No server tells a request whole and in parts; where one did, the last would count.
bool TellsTwice(const FormatSpec& spec) {
  const bool whole = Has(spec, Field::kRequest) || Has(spec, Field::kRequestUrl);
  return whole && std::any_of(spec.pieces.begin(), spec.pieces.end(), [](const FormatPiece& piece) {
           return IsTarget(piece.field) || piece.field == Field::kMethod ||
                  piece.field == Field::kQuery || piece.field == Field::kProtocol;
         });
}

void ReadDescription(std::string_view rest) {
  const std::string_view description = TakeLine(rest);
  auto spec = CompileDescription(description);
  if (!spec) return CheckMessage(spec.error());
  Check(Describe(*spec) == description, "Describe is the inverse of CompileDescription");
  spec->time_pattern = "%d/%b/%Y:%H:%M:%S.%f";
  if (TellsTwice(*spec)) return;
  ReadLog(LineParser(*spec), rest, Texts::kOfTheLine);
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadDescription(accesslog::AsText(data, size));
  return 0;
}
