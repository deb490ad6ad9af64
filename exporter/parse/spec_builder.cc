#include "parse/spec_builder.h"

#include <algorithm>

#include "base/text.h"
#include "parse/fields.h"

namespace accesslog {
namespace {

constexpr std::string_view kClfPattern = "%d/%b/%Y:%H:%M:%S %z";

bool IsWholeTarget(Field field) { return field == Field::kTarget || field == Field::kTargetOrDash; }

bool IsTime(Field field) {
  return HasTimeShape(field) || field == Field::kTimeEpoch || field == Field::kTimeEpochMs ||
         field == Field::kTimeEpochUs;
}

// Fields that tell the same thing.
bool TellTheSame(Field a, Field b) {
  if (IsClient(a) || IsClient(b)) return IsClient(a) && IsClient(b);
  if (IsTime(a) || IsTime(b)) return IsTime(a) && IsTime(b);
  if (IsDuration(a) || IsDuration(b)) return IsDuration(a) && IsDuration(b);
  if (IsWholeTarget(a) || IsWholeTarget(b)) return IsWholeTarget(a) && IsWholeTarget(b);
  return a == b;
}

// Text between two pieces of one moment.
bool JoinsTimes(std::string_view text) {
  return text.size() <= 1 && text.find_first_not_of(".,:T -") == std::string_view::npos;
}

}  // namespace

void SpecBuilder::AddText(std::string_view added) { text() += added; }

Field SpecBuilder::Adjacent() const {
  if (spec_.pieces.empty() || !spec_.pieces.back().after.empty()) return Field::kIgnored;
  return spec_.pieces.back().field;
}

void SpecBuilder::Add(Field field, int rank, std::string_view name) {
  const bool adjacent = !spec_.pieces.empty() && text().empty();
  // Two fields that nobody wants, and nothing between them, are one.
  if (adjacent && IsIgnored(field) && IsIgnored(spec_.pieces.back().field)) return;
  if (adjacent && !IsTarget(field) && problem_.empty()) {
    problem_ = "there is no text between " + Printable(sources_.back().name) + " and " +
               Printable(name) + ", so nobody can tell where one ends; put a space between them";
  }
  spec_.pieces.push_back({field, ""});
  sources_.push_back({rank, std::string(name)});
}

void SpecBuilder::AddTimePattern(std::string_view pattern, std::string_view name) {
  const bool joins = !spec_.pieces.empty() && JoinsTimes(text()) &&
                     (spec_.pieces.back().field == Field::kTimePattern ||
                      spec_.pieces.back().field == Field::kTime);
  if (joins) {
    if (spec_.pieces.back().field == Field::kTime) spec_.time_pattern = kClfPattern;
    spec_.pieces.back().field = Field::kTimePattern;
    spec_.time_pattern += text();
    spec_.time_pattern += pattern;
    text().clear();
    return PreferTimeWithBlanks();
  }
  if (pattern == kClfPattern) return Add(Field::kTime, 0, name);
  const bool second = Has(spec_, Field::kTimePattern);
  Add(second ? Field::kIgnored : Field::kTimePattern, 1, name);
  if (!second) spec_.time_pattern = pattern;
  PreferTimeWithBlanks();
}

// A time that holds blanks can only be read as a time, so another one has to be read past.
void SpecBuilder::PreferTimeWithBlanks() {
  const bool blanks = spec_.time_pattern.find(' ') != std::string::npos;
  if (blanks && spec_.pieces.back().field == Field::kTimePattern) sources_.back().rank = -1;
}

bool SpecBuilder::ExtendPathToTarget(Field target) {
  if (Adjacent() != Field::kPath && Adjacent() != Field::kTarget) return false;
  spec_.pieces.back().field = target;
  return true;
}

bool SpecBuilder::IsBetter(size_t a, size_t b) const {
  return sources_[a].rank != sources_[b].rank ? sources_[a].rank < sources_[b].rank : a < b;
}

void SpecBuilder::Ignore(size_t piece) {
  Field& field = spec_.pieces[piece].field;
  field = IsList(field) ? Field::kIgnoredList : Field::kIgnored;
}

void SpecBuilder::KeepBest() {
  for (size_t i = 0; i < spec_.pieces.size(); ++i) {
    for (size_t j = 0; j < spec_.pieces.size(); ++j) {
      if (i == j || IsIgnored(spec_.pieces[i].field)) continue;
      if (TellTheSame(spec_.pieces[i].field, spec_.pieces[j].field) && IsBetter(j, i)) Ignore(i);
    }
  }
}

// Where nothing tells who connected to the server, a header is the best there is.
void SpecBuilder::TakeClientFromHeader() {
  const auto tells = [](const FormatPiece& piece) { return IsClient(piece.field); };
  if (std::any_of(spec_.pieces.begin(), spec_.pieces.end(), tells)) return;
  const auto best = std::min_element(
      spec_.pieces.begin(), spec_.pieces.end(), [](const FormatPiece& a, const FormatPiece& b) {
        if (!IsHopHeader(a.field) || !IsHopHeader(b.field)) return IsHopHeader(a.field);
        return a.field < b.field;
      });
  if (best != spec_.pieces.end() && IsHopHeader(best->field)) best->field = Field::kForwardedFor;
}

// What the request line says is what the client asked for; $uri and the like are what the server
// made of it.
void SpecBuilder::IgnorePartsOfRequest() {
  const bool has_request = Has(spec_, Field::kRequest);
  const bool has_target = Has(spec_, Field::kTarget) || Has(spec_, Field::kTargetOrDash);
  for (size_t i = 0; i < spec_.pieces.size(); ++i) {
    const Field field = spec_.pieces[i].field;
    const bool of_target = field == Field::kPath || field == Field::kQuery;
    const bool of_request =
        of_target || field == Field::kMethod || IsWholeTarget(field) || field == Field::kProtocol;
    if ((has_request && of_request) || (has_target && of_target)) Ignore(i);
  }
}

Result<FormatSpec> SpecBuilder::Finish() {
  if (!problem_.empty()) return Error{problem_};
  KeepBest();
  TakeClientFromHeader();
  IgnorePartsOfRequest();
  if (const auto error = WhyUnusable(spec_)) return *error;
  return spec_;
}

}  // namespace accesslog
