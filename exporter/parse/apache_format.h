// Compiles Apache's LogFormat (mod_log_config): https://httpd.apache.org/docs/2.4/mod/mod_log_config.html
#pragma once

#include <string_view>

#include "base/result.h"
#include "parse/format_spec.h"

namespace accesslog {

// `text` is the format string, with or without its quotes and \" as in the configuration, or the whole
// LogFormat or CustomLog directive. Directives that tell nothing we count are read past.
Result<FormatSpec> CompileApacheFormat(std::string_view text);

}  // namespace accesslog
