// The formats that are known by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parse/log_format.h"

namespace accesslog {

struct BuiltinFormat {
  std::string_view name;
  FormatPtr format;
};

// Compiled once for the whole program. In the order in which `auto` tries them: where two read a line
// equally well, the first is right.
const std::vector<BuiltinFormat>& BuiltinFormats();

// Null if there is none of that name. Knows other names of the same format, such as w3c for iis.
FormatPtr FindBuiltinFormat(std::string_view name);

// "auto" and the names of all built-in formats.
std::vector<std::string> FormatNames();

// The format of a name in description language, for those that have one; empty for json and iis.
std::string_view BuiltinDescription(std::string_view name);

}  // namespace accesslog
