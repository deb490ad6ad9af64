// Compiles nginx's log_format (ngx_http_log_module): https://nginx.org/en/docs/http/ngx_http_log_module.html
#pragma once

#include <string_view>

#include "base/result.h"
#include "parse/format_spec.h"

namespace accesslog {

// `text` is the format string, or the strings in their quotes as they stand in nginx.conf, or the
// whole directive, with its escape= if it has one. Variables that tell nothing we count are read past.
Result<FormatSpec> CompileNginxFormat(std::string_view text);

}  // namespace accesslog
