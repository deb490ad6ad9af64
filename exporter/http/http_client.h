// One GET, for `healthcheck`.
#pragma once

#include <string>

#include "base/result.h"
#include "http/http_server.h"
#include "http/listen_address.h"

namespace accesslog {

// An answer of any status is a value; an error says that there was none, and why.
Result<HttpResponse> HttpGet(const ListenAddress& address, const std::string& path,
                             int timeout_ms);

}  // namespace accesslog
