#include "parse/fields.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/text.h"

namespace accesslog {
namespace {

// Indexed by Field.
constexpr std::array<std::string_view, kFieldCount> kNames = {
    "ignored",      "ignored_number", "ignored_list",  "ident",         "client",       "client_port",
    "forwarded_for", "x_forwarded_for", "forwarded",  "cf_connecting_ip", "x_real_ip", "user",         "time",          "time_iso",     "time_iso_only", "time_epoch",
    "time_epoch_ms", "time_epoch_us", "time_pattern", "time_any",     "date",
    "time_of_day",  "request",       "request_url",   "method",       "target",
    "target_or_dash", "url",       "path",          "query",         "protocol",     "status",
    "bytes",        "referer",       "user_agent",    "host_port",    "duration_s",
    "duration_ms",  "duration_us",   "duration_ns",   "duration_text"};

}  // namespace

bool IsClient(Field field) {
  return field == Field::kClient || field == Field::kClientPort || field == Field::kForwardedFor;
}

bool IsHopHeader(Field field) {
  return field >= Field::kXForwardedFor && field <= Field::kXRealIp;
}

HopHeader HopHeaderOf(Field field) {
  assert(IsHopHeader(field));
  return static_cast<HopHeader>(static_cast<int>(field) - static_cast<int>(Field::kXForwardedFor));
}

bool IsList(Field field) {
  return field == Field::kIgnoredList || field == Field::kForwardedFor ||
         field == Field::kXForwardedFor || field == Field::kForwarded;
}

bool IsDuration(Field field) { return field >= Field::kDurationS; }

bool IsNumber(Field field) {
  return field == Field::kStatus || field == Field::kBytes || field == Field::kIgnoredNumber || field == Field::kTimeEpoch ||
         field == Field::kTimeEpochMs || field == Field::kTimeEpochUs ||
         (IsDuration(field) && field != Field::kDurationText);
}

bool HasTimeShape(Field field) {
  return field == Field::kTime || field == Field::kTimeIso || field == Field::kTimeIsoOnly ||
         field == Field::kTimePattern;
}

bool IsTarget(Field field) {
  return field == Field::kTarget || field == Field::kTargetOrDash || field == Field::kUrl ||
         field == Field::kPath;
}

bool IsIgnored(Field field) { return field <= Field::kIgnoredList; }

std::string_view FieldName(Field field) { return kNames[static_cast<size_t>(field)]; }

std::optional<Field> FieldFromName(std::string_view name) {
  const auto* at = std::find(kNames.begin(), kNames.end(), name);
  if (at == kNames.end()) return std::nullopt;
  return static_cast<Field>(at - kNames.begin());
}

std::vector<std::string> FieldNames() { return {kNames.begin(), kNames.end()}; }

bool Has(const FormatSpec& spec, Field field) {
  return std::any_of(spec.pieces.begin(), spec.pieces.end(),
                     [field](const FormatPiece& piece) { return piece.field == field; });
}

std::optional<Error> WhyUnusable(const FormatSpec& spec) {
  if (std::none_of(spec.pieces.begin(), spec.pieces.end(),
                   [](const FormatPiece& piece) { return IsClient(piece.field); })) {
    return Error{"the format has no client address"};
  }
  if (!Has(spec, Field::kStatus)) return Error{"the format has no status"};
  for (size_t i = 0; i + 1 < spec.pieces.size(); ++i) {
    if (spec.pieces[i].after.empty() && !IsTarget(spec.pieces[i + 1].field)) {
      return Error{"no text between " + std::string(FieldName(spec.pieces[i].field)) + " and " +
                   std::string(FieldName(spec.pieces[i + 1].field)) +
                   ", so nobody can tell where one ends"};
    }
  }
  return std::nullopt;
}

std::string Quoted(std::string_view text) { return "'" + Printable(text) + "'"; }

}  // namespace accesslog
