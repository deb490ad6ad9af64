// The head that nearly all lines of nginx, Apache, Traefik and many others share, read in one go:
//   CLIENT - - [TIME] "REQUEST" STATUS BYTES
// Only the usual case: whatever is odd about a line is left to LineFormat's steps, which give the same
// answer where both read. Takes a third off the time of a combined line.
#pragma once

#include <string_view>

#include "parse/parse_state.h"
#include "record/record.h"

namespace accesslog {

// `line` begins with the client. Returns the length of the head up to the end of BYTES, or 0 if this is
// not the usual case; then `record` is as before but for fields that the steps will store again.
size_t ReadClfHead(std::string_view line, ParseState& state, Record& record);

}  // namespace accesslog
