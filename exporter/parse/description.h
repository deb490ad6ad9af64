// The small language in which the built-in formats are written: `$name` is a field, all else is
// text. Used by the table of built-in formats, by the compiler of #Fields lines, and by tests that
// need a format of their own.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "parse/format_spec.h"

namespace accesslog {

// Errors: an unknown field name; two fields with nothing between them; a field that stands twice,
// ignored ones and durations excepted; no client or no status.
Result<FormatSpec> CompileDescription(std::string_view description);

// The inverse of CompileDescription.
std::string Describe(const FormatSpec& spec);

}  // namespace accesslog
