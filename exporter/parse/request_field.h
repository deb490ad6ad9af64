// The request line as logged, taken apart into method, path, query and protocol.
#pragma once

#include <string_view>

#include "record/record.h"

namespace accesslog {

// Fills the request parts of `record`. What is no request line (TLS bytes, "", "-") leaves the parts
// empty and the method `other`; record.request still holds it.
void SplitRequest(std::string_view request, Record& record);

}  // namespace accesslog
