// Puts the text of a field into the Record: the one place that knows what a field means, whichever
// format it came from.
#pragma once

#include <string_view>

#include "parse/format_spec.h"
#include "parse/parse_state.h"
#include "parse/time_pattern.h"
#include "record/record.h"

namespace accesslog {

// "-" is how every server writes "nothing".
inline std::string_view OrMissing(std::string_view value) {
  return value == "-" ? std::string_view() : value;
}

// False if the client is not acceptable, or the line cannot be of this format; every other bad value
// is just missing. `pattern` is that of
// Field::kTimePattern.
bool StoreField(Field field, std::string_view value, const TimePattern* pattern, ParseState& state,
                Record& record);

// For a client field that was refused.
inline void ForgetClient(Record& record) {
  record.client = {};
  record.address.reset();
  record.hops = nullptr;
}

// Whether a line whose client was refused is a request for all that. Strict, for any text may fail at
// its first field.
inline bool IsRequestOfNobody(const Record& record) {
  return record.status != kInvalidStatus && record.time.has_value();
}

}  // namespace accesslog
