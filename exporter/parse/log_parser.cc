#include "parse/log_parser.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "parse/w3c_format.h"

namespace accesslog {
namespace {

// So many lines `auto` compares formats whenever the present one does not read a line completely.
// Later it waits for so many lines in a row that are read only in part …
constexpr uint32_t kLearningLines = 100;
// … or for so many that only another format can read.
constexpr uint32_t kStrangeLines = 10;

// The score of a line that was not read.
constexpr int kUnread = 100;

// How well a line was read; less is better. A format that finds a time reads better than one that
// takes the same line without, and one that knows more fields better than one that reads past them.
int Score(ParseOutcome outcome, const Record& record) {
  if (!HasRecord(outcome)) return kUnread;
  if (!record.time && record.status == kInvalidStatus) return kUnread;
  const bool agent = !record.user_agent.empty() || !record.referer.empty();
  return static_cast<int>(outcome) * 4 + (record.time ? 0 : 2) + (agent ? 0 : 1);
}

}  // namespace

Result<LogParser> LogParser::Create(std::string_view format) {
  LogParser parser;
  parser.description_ = format;
  if (format == "auto") {
    parser.formats_ = BuiltinFormats();
    parser.automatic_ = true;
    // The simplest, for the reason why a line is unreadable before a format was chosen.
    while (parser.formats_[parser.current_.format].name != "common") ++parser.current_.format;
    return parser;
  }
  auto compiled = CompileFormat(format);
  if (!compiled) return compiled.error();
  std::string_view name;
  for (const BuiltinFormat& builtin : BuiltinFormats()) {
    if (builtin.format == *compiled) name = builtin.name;
  }
  parser.formats_.push_back({name.empty() ? "custom" : name, std::move(*compiled)});
  return parser;
}

LogParser::Text LogParser::Unframe(std::string_view line) {
  Text text{Frame::kNone, line};
  if (current_.framing == Framing::kNone) return text;
  text.frame = deframer_.Unframe(current_.framing, line, state_.texts, text.inner);
  text.inner = text.frame == Frame::kWhole ? TrimLine(text.inner) : line;
  return text;
}

ParseOutcome LogParser::Parse(std::string_view line, Record& record, ParseTrace* trace) {
  if (!hold_texts_) state_.texts.Clear();
  line = TrimLine(line);
  const Text text = Unframe(line);
  if (text.frame == Frame::kFragment) return ParseOutcome::kFragment;
  const LogFormat& format = *formats_[current_.format].format;
  const ParseOutcome outcome = format.Parse(text.inner, state_, record, trace);
  if (!IsTimeToChoose(outcome)) return outcome;

  std::string_view inner = text.inner;
  const int score = Score(outcome, record);
  const Choice best = Best(line, text, score, inner);
  // The format before the first choice is only a guess.
  if (automatic_ && !chosen_ && best == current_ && HasRecord(outcome) && score == kUnread) {
    return ParseOutcome::kNoStatus;
  }
  if (best == current_ && HasRecord(outcome)) {
    Settle(best, outcome, outcome);
    return outcome;
  }
  if (trace != nullptr) *trace = {};
  const bool fragment = best.framing != current_.framing && inner.empty();
  if (fragment) {
    Settle(best, outcome, ParseOutcome::kFragment);
    if (best != current_) return outcome;
    deframer_.Unframe(best.framing, line, state_.texts, inner);
    return ParseOutcome::kFragment;
  }
  const ParseOutcome better = formats_[best.format].format->Parse(inner, state_, record, trace);
  Settle(best, outcome, better);
  if (trace != nullptr && automatic_ && !chosen_ && !HasRecord(better)) TraceNearest(inner, *trace);
  const bool comment = automatic_ && !HasRecord(better) && W3cFormat::IsDirective(inner);
  return comment ? ParseOutcome::kComment : better;
}

// Replaces the trace by that of the format that made most of the line; combined, if no other did more.
void LogParser::TraceNearest(std::string_view text, ParseTrace& trace) {
  using Progress = std::tuple<bool, int, const char*>;
  Progress best{};
  const auto attempt = [&](const BuiltinFormat& format) {
    ParseTrace one;
    Record record;
    format.format->Parse(text, state_, record, &one);
    const int sure = (record.time ? 1 : 0) + (record.address ? 1 : 0);
    const bool is_json = format.name == "json" && text.starts_with('{');
    const Progress progress{is_json, sure, one.stopped.data()};
    if (progress <= best) return;
    best = progress;
    trace = std::move(one);
    trace.nearest = format.name;
  };
  for (const BuiltinFormat& format : formats_) {
    if (format.name == "combined") attempt(format);
  }
  for (const BuiltinFormat& format : formats_) attempt(format);
}

void LogParser::Prime(std::string_view directive) {
  const auto iis = std::find_if(formats_.begin(), formats_.end(),
                                [](const BuiltinFormat& format) { return format.name == "iis"; });
  if (iis == formats_.end()) return;
  directive = TrimLine(directive);
  Record record;
  iis->format->Parse(directive, state_, record, nullptr);
  if (W3cFormat::DeclaresFields(directive)) {
    current_.format = static_cast<size_t>(iis - formats_.begin());
  }
}

// Counts the line, too.
bool LogParser::IsTimeToChoose(ParseOutcome outcome) {
  if (outcome == ParseOutcome::kEmpty || outcome == ParseOutcome::kComment) return false;
  const bool learning = learned_ < kLearningLines;
  const bool complete = outcome == ParseOutcome::kComplete;
  if (learning && chosen_) {
    ++learned_;
    if (complete) ++fitting_;
  }
  if (complete && chosen_) {
    misfits_ = 0;
    return false;
  }
  if (!HasRecord(outcome) || learning) return true;
  if (outcome <= tolerated_) return false;
  return ++misfits_ >= kLearningLines;
}

// Tries all formats on `text`, as `framing` gives it.
bool LogParser::ImproveOn(int& score, Framing framing, std::string_view text, Choice& best) {
  Record record;
  bool improved = false;
  for (size_t i = 0; i < formats_.size(); ++i) {
    const ParseOutcome outcome = formats_[i].format->Parse(text, state_, record, nullptr);
    const bool directive = outcome == ParseOutcome::kComment && W3cFormat::DeclaresFields(text);
    const int found = directive ? 0 : Score(outcome, record);
    if (found >= score) continue;
    score = found;
    best = {i, framing};
    improved = true;
  }
  return improved;
}

LogParser::Choice LogParser::Best(std::string_view line, const Text& text, int read,
                                  std::string_view& inner) {
  Choice best = current_;
  const bool framed = text.frame == Frame::kWhole || framing_known_;
  // What stands in a frame is the line, even where a lenient format reads frame and all: "Jul" may be
  // the name of a host.
  for (const Framing framing : kFramings) {
    std::string_view content;
    const Frame frame = framed ? Frame::kNone : Deframer().Unframe(framing, line, state_.texts, content);
    if (frame == Frame::kNone) continue;
    if (frame == Frame::kFragment) {
      inner = {};
      return {current_.format, framing};
    }
    int score = kUnread;
    if (!ImproveOn(score, framing, TrimLine(content), best)) continue;
    inner = TrimLine(content);
    return best;
  }
  ImproveOn(read, framed ? current_.framing : Framing::kNone, text.inner, best);
  return best;
}

// `before` is what the present choice made of the line, `outcome` what the best one made of it.
void LogParser::Settle(const Choice& best, ParseOutcome before, ParseOutcome outcome) {
  const bool complete = outcome == ParseOutcome::kComplete;
  if (best == current_ && chosen_) {
    if (misfits_ >= kLearningLines) tolerated_ = outcome;
    misfits_ = 0;
    return;
  }
  // A line that nobody can read says nothing about the format.
  if (best == current_ && !HasRecord(outcome)) return;
  const bool learning = learned_ < kLearningLines;
  if (chosen_ && !learning && !HasRecord(before) && ++misfits_ < kStrangeLines) return;
  if (chosen_ && fitting_ > 0) ++format_changes_;
  current_ = best;
  chosen_ = true;
  learned_ = HasRecord(outcome) ? 1 : 0;
  fitting_ = complete ? 1 : 0;
  misfits_ = 0;
  tolerated_ = ParseOutcome::kComplete;
}

bool LogParser::IsUnnamedRequest(ParseOutcome outcome, const Record& record) const {
  const bool sure = chosen_ || !automatic_;
  return outcome == ParseOutcome::kBadClient && record.unnamed && sure;
}

std::string LogParser::format_name() const {
  if (automatic_ && !chosen_) return "auto";
  std::string name(formats_[current_.format].name);
  if (current_.framing != Framing::kNone) name += " in " + std::string(FramingName(current_.framing));
  return name;
}

double LogParser::confidence() const {
  return learned_ == 0 ? 0 : static_cast<double>(fitting_) / static_cast<double>(learned_);
}

bool LogParser::SameStateAs(const LogParser& other) const {
  return current_ == other.current_ && chosen_ == other.chosen_ && learned_ == other.learned_ &&
         fitting_ == other.fitting_ && misfits_ == other.misfits_ &&
         tolerated_ == other.tolerated_ && format_changes_ == other.format_changes_ &&
         deframer_.is_clean() && other.deframer_.is_clean() && state_.w3c == other.state_.w3c &&
         state_.w3c_date == other.state_.w3c_date;
}

}  // namespace accesslog
