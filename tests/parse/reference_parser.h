// The built-in formats read a second time, slowly: each field is a list of regular expressions,
// best first, that must match where the field before it ended. LineParser must agree with it on
// every line.
#pragma once

#include <string_view>

#include "parse/parsed_line.h"

namespace accesslog {

// `format` is the name of a built-in format.
ParsedLine ReferenceParse(std::string_view format, std::string_view line);

}  // namespace accesslog
