// What the kinds of fields have in common; asked by the compilers of formats.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parse/format_spec.h"
#include "record/record.h"

namespace accesslog {

bool IsClient(Field field);
bool IsHopHeader(Field field);
HopHeader HopHeaderOf(Field field);  // of a field that IsHopHeader
bool IsList(Field field);        // its parts may have ", " between them
bool IsNumber(Field field);     // begins with a digit or a sign
bool IsDuration(Field field);
bool HasTimeShape(Field field);  // may hold blanks, and ends where it has been read
bool IsTarget(Field field);      // begins with '/'
bool IsIgnored(Field field);

// The name in descriptions, without '$'.
std::string_view FieldName(Field field);
std::optional<Field> FieldFromName(std::string_view name);
std::vector<std::string> FieldNames();

bool Has(const FormatSpec& spec, Field field);

// Why no line of this format could become a Record; nothing if one could.
std::optional<Error> WhyUnusable(const FormatSpec& spec);

// `"text"`, for messages.
std::string Quoted(std::string_view text);

}  // namespace accesslog
