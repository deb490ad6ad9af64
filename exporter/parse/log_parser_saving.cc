// How a LogParser becomes bytes and comes back.
#include <algorithm>
#include <limits>

#include "parse/log_parser.h"
#include "parse/w3c_format.h"

namespace accesslog {
namespace {

constexpr uint64_t kVersion = 1;

// Days that ToTime can give, and far more than there are.
constexpr int64_t kFarthestDay = 4000000;

uint32_t LoadCount(ByteReader& reader, uint32_t most = std::numeric_limits<uint32_t>::max()) {
  return static_cast<uint32_t>(reader.NumberUpTo(most));
}

Framing LoadFraming(ByteReader& reader) {
  const std::string_view name = reader.Text();
  if (name.empty()) return Framing::kNone;
  const auto* known = std::find_if(kFramings.begin(), kFramings.end(), [name](Framing framing) {
    return FramingName(framing) == name;
  });
  if (known != kFramings.end()) return *known;
  reader.Fail();
  return Framing::kNone;
}

}  // namespace

struct LogParser::Learned {
  Choice choice;  // its format is formats_.size() if this parser does not know it
  bool chosen = false;
  uint32_t learned = 0;
  uint32_t fitting = 0;
  uint32_t misfits = 0;
  ParseOutcome tolerated = ParseOutcome::kComplete;
  uint64_t format_changes = 0;
  Deframer deframer;
};

void LogParser::Save(ByteWriter& writer) const {
  writer.Number(kVersion);
  writer.Text(description_);
  writer.Text(formats_[current_.format].name);
  writer.Text(FramingName(current_.framing));
  writer.Flag(chosen_);
  writer.Number(learned_);
  writer.Number(fitting_);
  writer.Number(misfits_);
  writer.Number(static_cast<uint64_t>(tolerated_));
  writer.Number(format_changes_);
  deframer_.Save(writer);
  writer.Text(state_.w3c_fields);
  writer.Flag(state_.w3c_date.has_value());
  if (state_.w3c_date) writer.Signed(state_.w3c_date->time_since_epoch().count());
}

bool LogParser::Load(ByteReader& reader) {
  if (reader.Number() != kVersion) return false;
  const bool same = reader.Text() == description_;
  Learned learned = LoadLearned(reader);
  LoadDeclared(reader);
  if (!reader.ok() || !same || learned.choice.format == formats_.size()) return reader.ok();
  current_ = learned.choice;
  chosen_ = learned.chosen;
  learned_ = learned.learned;
  fitting_ = learned.fitting;
  misfits_ = learned.misfits;
  tolerated_ = learned.tolerated;
  format_changes_ = learned.format_changes;
  deframer_ = std::move(learned.deframer);
  return true;
}

LogParser::Learned LogParser::LoadLearned(ByteReader& reader) const {
  Learned learned;
  const std::string_view name = reader.Text();
  const auto format =
      std::find_if(formats_.begin(), formats_.end(),
                   [name](const BuiltinFormat& known) { return known.name == name; });
  learned.choice.format = static_cast<size_t>(format - formats_.begin());
  learned.choice.framing = LoadFraming(reader);
  learned.chosen = reader.Flag();
  learned.learned = LoadCount(reader);
  learned.fitting = LoadCount(reader, learned.learned);
  learned.misfits = LoadCount(reader);
  learned.tolerated =
      static_cast<ParseOutcome>(reader.NumberUpTo(static_cast<uint64_t>(ParseOutcome::kNoStatus)));
  learned.format_changes = reader.Number();
  learned.deframer.Load(reader);
  return learned;
}

void LogParser::LoadDeclared(ByteReader& reader) {
  W3cFormat::RestoreFields(reader.Text(), state_);
  if (!reader.Flag()) return;
  const int64_t day = reader.Signed();
  if (day < -kFarthestDay || day > kFarthestDay) return reader.Fail();
  state_.w3c_date = std::chrono::sys_days{std::chrono::days{day}};
}

}  // namespace accesslog
