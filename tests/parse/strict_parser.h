// The lines of other servers read a second time, slowly: one regular expression for a whole line, plain
// splitting for IIS, nlohmann/json for JSON. Knows only lines without damage, of which the fast parser
// must say the same.
#pragma once

#include <optional>
#include <string_view>

#include "parse/parsed_line.h"

namespace accesslog {

// `server` as LineGenerator::Servers has it. Nothing for a line that is not as this server writes it.
std::optional<ParsedLine> StrictParse(std::string_view server, std::string_view line);

}  // namespace accesslog
