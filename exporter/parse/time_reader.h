// Reads the time field of a line, in whichever way the format writes it. Holds what is worth
// remembering from line to line: neighbouring lines mostly share their second. One object a file.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "parse/civil_time.h"
#include "parse/clf_time.h"

namespace accesslog {

// RFC 3339 at the beginning of `text`: "2023-09-08T12:26:56.123456+02:00"; also with a space for the
// 'T', a comma for the '.', and without zone, which then is UTC.
TimeMatch ReadIsoTime(std::string_view text);

// A decimal number of `per_second` units since 1970, with or without a fraction, that takes up all of
// `text`. Nothing for a negative one or one beyond the year 9999.
std::optional<Time> ReadEpoch(std::string_view text, double per_second);

// Any of the shapes: common log format (also in brackets), RFC 3339, a number of seconds, milli-,
// micro- or nanoseconds, told apart by their size.
std::optional<Time> ReadAnyTime(std::string_view text);

}  // namespace accesslog
