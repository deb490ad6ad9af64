// The small language in which the built-in formats are written: `$name` is a field, all else is
// text. Used by LogParser, and by tests that need a format of their own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parse/format_spec.h"

namespace accesslog {

// Errors: an unknown field name; two fields with nothing between them; a field that stands twice,
// $ignored excepted; no client or no status.
Result<FormatSpec> CompileDescription(std::string_view description);

// The inverse of CompileDescription.
std::string Describe(const FormatSpec& spec);

struct BuiltinFormat {
  std::string_view name;
  std::string_view description;
};

// In the order in which `auto` tries them.
const std::vector<BuiltinFormat>& BuiltinFormats();

}  // namespace accesslog
