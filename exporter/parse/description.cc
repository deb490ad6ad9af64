#include "parse/description.h"

#include <algorithm>

#include "base/text.h"
#include "parse/fields.h"

namespace accesslog {
namespace {

bool IsNameChar(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

std::string_view TakeName(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsNameChar);
  return text.substr(0, static_cast<size_t>(end - text.begin()));
}

bool MayStandTwice(Field field) { return IsIgnored(field) || IsDuration(field); }

}  // namespace

Result<FormatSpec> CompileDescription(std::string_view description) {
  FormatSpec spec;
  std::string* text = &spec.before;
  for (size_t i = 0; i < description.size();) {
    if (description[i] != '$') {
      *text += description[i++];
      continue;
    }
    const std::string_view name = TakeName(description.substr(i + 1));
    const auto field = FieldFromName(name);
    if (!field) return Error{"unknown field $" + std::string(name)};
    if (!spec.pieces.empty() && text->empty() && !IsTarget(*field)) {
      return Error{"no text between $" + std::string(name) + " and the field before it"};
    }
    if (!MayStandTwice(*field) && Has(spec, *field)) {
      return Error{"$" + std::string(name) + " stands twice"};
    }
    spec.pieces.push_back({*field, ""});
    text = &spec.pieces.back().after;
    i += 1 + name.size();
  }
  if (const auto error = WhyUnusable(spec)) return *error;
  return spec;
}

std::string Describe(const FormatSpec& spec) {
  std::string text = spec.before;
  for (const FormatPiece& piece : spec.pieces) {
    text += "$" + std::string(FieldName(piece.field)) + piece.after;
  }
  return text;
}

}  // namespace accesslog
