// What must hold for every line, whatever stands in it. Used by the unit tests on generated lines
// and by the fuzzer on all others.
#pragma once

#include <string>
#include <string_view>

#include "parse/outcome.h"
#include "record/record.h"

namespace accesslog {

// The first law that `record`, as parsed from `line`, breaks; empty if it keeps them all.
std::string BrokenLaw(std::string_view line, ParseOutcome outcome, const Record& record);

}  // namespace accesslog
