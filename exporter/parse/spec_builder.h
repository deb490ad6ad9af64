// Puts a FormatSpec together, field by field, for the compilers of nginx's and Apache's format
// strings. Where several fields tell the same thing it keeps the one that tells it best and reads
// past the others.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parse/format_spec.h"

namespace accesslog {

class SpecBuilder {
 public:
  explicit SpecBuilder(Escape escape) { spec_.escape = escape; }

  void AddText(std::string_view text);

  // `rank` compares fields that tell the same: the lowest is kept, and of equals the first. `name` is
  // what the user wrote, for errors.
  void Add(Field field, int rank, std::string_view name);

  // A time as strftime writes it. Pieces of one time (%{%F %T}t.%{msec_frac}t) are put together.
  void AddTimePattern(std::string_view pattern, std::string_view name);

  // Path, then query at once behind it: both are one target from now on. False if the field before is
  // no path. `target` is kTargetOrDash if a missing query is written as '-'.
  bool ExtendPathToTarget(Field target = Field::kTarget);

  // The field that was added last and nothing behind it yet; kIgnored if there is none.
  Field Adjacent() const;

  // Errors: two fields with nothing between them; no client or no status.
  Result<FormatSpec> Finish();

 private:
  struct Source {
    int rank = 0;
    std::string name;
  };

  std::string& text() { return spec_.pieces.empty() ? spec_.before : spec_.pieces.back().after; }
  void PreferTimeWithBlanks();
  bool IsBetter(size_t a, size_t b) const;
  void Ignore(size_t piece);
  void KeepBest();
  void TakeClientFromHeader();
  void IgnorePartsOfRequest();

  FormatSpec spec_;
  std::vector<Source> sources_;  // of spec_.pieces
  std::string problem_;          // the first
};

}  // namespace accesslog
