#include "parse/description.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace accesslog {
namespace {

struct FieldName {
  std::string_view name;
  Field field;
};

constexpr std::array<FieldName, 11> kFieldNames = {{
    {"ignored", Field::kIgnored},
    {"ident", Field::kIdent},
    {"client", Field::kClient},
    {"user", Field::kUser},
    {"time", Field::kTime},
    {"request", Field::kRequest},
    {"status", Field::kStatus},
    {"bytes", Field::kBytes},
    {"referer", Field::kReferer},
    {"user_agent", Field::kUserAgent},
    {"host_port", Field::kHostPort},
}};

bool IsNameChar(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

std::string_view TakeName(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsNameChar);
  return text.substr(0, static_cast<size_t>(end - text.begin()));
}

bool Has(const FormatSpec& spec, Field field) {
  return std::any_of(spec.pieces.begin(), spec.pieces.end(),
                     [field](const FormatPiece& piece) { return piece.field == field; });
}

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
    const auto* known = std::find_if(kFieldNames.begin(), kFieldNames.end(),
                                     [name](const FieldName& f) { return f.name == name; });
    if (known == kFieldNames.end()) return Error{"unknown field $" + std::string(name)};
    if (!spec.pieces.empty() && text->empty()) {
      return Error{"no text between $" + std::string(name) + " and the field before it"};
    }
    if (known->field != Field::kIgnored && Has(spec, known->field)) {
      return Error{"$" + std::string(name) + " stands twice"};
    }
    spec.pieces.push_back({known->field, ""});
    text = &spec.pieces.back().after;
    i += 1 + name.size();
  }
  if (!Has(spec, Field::kClient)) return Error{"the format has no $client"};
  if (!Has(spec, Field::kStatus)) return Error{"the format has no $status"};
  return spec;
}

std::string Describe(const FormatSpec& spec) {
  std::string text = spec.before;
  for (const FormatPiece& piece : spec.pieces) {
    const auto* known = std::find_if(kFieldNames.begin(), kFieldNames.end(),
                                     [&](const FieldName& f) { return f.field == piece.field; });
    text += "$" + std::string(known->name) + piece.after;
  }
  return text;
}

const std::vector<BuiltinFormat>& BuiltinFormats() {
  static const std::vector<BuiltinFormat> formats = {
      {"vhost_combined",
       R"($host_port $client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent")"},
      {"combined",
       R"($client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent")"},
      {"common", R"($client $ident $user [$time] "$request" $status $bytes)"},
  };
  return formats;
}

}  // namespace accesslog
