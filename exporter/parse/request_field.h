// The request line as logged, taken apart into method, path, query and protocol.
#pragma once

#include <string_view>

#include "record/record.h"

namespace accesslog {

// Fills the request parts of `record`. What is no request line (TLS bytes, "batman") is all path, and
// the method is `other`; record.request holds it too.
void SplitRequest(std::string_view request, Record& record);

// "/a?b=1": path and query.
void SplitTarget(std::string_view target, Record& record);

// Where record.path is a whole URL ("https://example.org:443/a"), leaves the path of it there, and its
// host in record.host.
void SplitUrl(Record& record);

}  // namespace accesslog
