// What must hold for every line, whatever stands in it. Used by the unit tests on generated lines
// and by the fuzzer on all others.
#pragma once

#include <string>
#include <string_view>

#include "parse/outcome.h"
#include "record/record.h"

namespace accesslog {

// Where the texts of a record may lie: formats that escape as JSON does, and frames, may put them
// elsewhere.
enum class Texts { kOfTheLine, kAnywhere };

// The first law that `record`, as parsed from `line`, breaks; empty if it keeps them all.
std::string BrokenLaw(std::string_view line, ParseOutcome outcome, const Record& record,
                      Texts texts = Texts::kOfTheLine);

}  // namespace accesslog
