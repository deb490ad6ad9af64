#include "parse/line_format.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "parse/clf_head.h"
#include "parse/clf_time.h"
#include "parse/client_field.h"
#include "parse/field_store.h"
#include "parse/fields.h"
#include "parse/find_byte.h"
#include "parse/parse_state.h"
#include "parse/quoting.h"
#include "parse/time_reader.h"

namespace accesslog {
namespace {

constexpr size_t kNowhere = std::string_view::npos;
// Bytes of a host name (RFC 1035), and what may stand behind it.
constexpr size_t kMostClient = 300;

// LiteSpeed and some syslog relays put one more pair of quotes around the whole line.
std::string_view WithoutQuotes(std::string_view line) {
  if (line.size() < 2 || line.front() != '"' || line.back() != '"') return line;
  return line.substr(1, line.size() - 2);
}

// nginx writes "0.1, 0.2" and "0.1 : 0.2" where a request went to several servers.
bool IsInsideList(Field field, std::string_view text, size_t at, size_t after) {
  if (at > 0 && text[at - 1] == ',') return true;
  if (field != Field::kIgnoredList) return false;
  return text.substr(0, at).ends_with(" :") || text.substr(after).starts_with(": ");
}

// nginx and Apache know no target of a request that they could not read.
std::string MissingTarget(Escape escape, const std::string& after) {
  if (after.empty()) return "";
  return (escape == Escape::kBackslash ? "-" : "") + after;
}

// A header in front of a client may hold anything: whoever sends it shall not make the line
// unreadable. Hardly any format needs this, so it stays out of what all of them run.
[[gnu::noinline]] bool BeginsWithClient(std::string_view text, const std::string& ending) {
  std::optional<IpAddress> address;
  const size_t end = text.substr(0, kMostClient).find(ending);
  return end != kNowhere && ParseClientField(text.substr(0, end), address);
}

// A line whose client was refused: `rest` is what was left of it behind the last field. Hardly any line
// is such, so this stays out of what all of them run.
[[gnu::noinline, gnu::cold]] ParseOutcome RefuseClient(std::string_view line, std::string_view rest, Record& record) {
  record.unnamed = rest.empty() && IsRequestOfNobody(record);
  if (!record.unnamed) record = Record{};
  record.line = line;
  return ParseOutcome::kBadClient;
}

// What is to be done with a field that was refused: a request may have a client that is none.
[[gnu::noinline, gnu::cold]] bool GoesOnWithout(Field field, std::string_view rest, Record& record,
                                                ParseTrace* trace) {
  if (trace != nullptr) trace->Stop(rest, "an address or a host name");
  if (trace != nullptr || !IsClient(field)) return false;
  ForgetClient(record);
  record.unnamed = true;
  return true;
}

bool TakesLineEnd(Field field) {
  return field == Field::kUserAgent || field == Field::kReferer || field == Field::kRequest;
}

// The pieces in front of the bytes.
constexpr size_t kClfHeadPieces = 6;

// Whether the pieces from `first` on are those that ReadClfHead reads.
bool HasClfHead(const std::vector<FormatPiece>& pieces, size_t first) {
  static const std::array<FormatPiece, kClfHeadPieces> kHead = {{{Field::kClient, " "},
                                                                 {Field::kIdent, " "},
                                                                 {Field::kUser, " ["},
                                                                 {Field::kTime, "] \""},
                                                                 {Field::kRequest, "\" "},
                                                                 {Field::kStatus, " "}}};
  return pieces.size() > first + kHead.size() &&
         std::equal(kHead.begin(), kHead.end(), pieces.begin() + static_cast<ptrdiff_t>(first)) &&
         pieces[first + kHead.size()].field == Field::kBytes;
}

}  // namespace

Result<FormatPtr> LineFormat::Compile(const FormatSpec& spec) {
  if (const auto error = WhyUnusable(spec)) return *error;
  auto format = std::shared_ptr<LineFormat>(new LineFormat(spec));
  if (!spec.time_pattern.empty()) {
    auto pattern = TimePattern::Compile(spec.time_pattern);
    if (!pattern) return pattern.error();
    format->time_pattern_ = std::move(*pattern);
  }
  return FormatPtr(std::move(format));
}

LineFormat::LineFormat(const FormatSpec& spec) : before_(spec.before), escape_(spec.escape) {
  std::string_view text_before = spec.before;
  for (size_t i = 0; i < spec.pieces.size(); ++i) {
    const FormatPiece& piece = spec.pieces[i];
    const bool last = i + 1 == spec.pieces.size();
    Step step;
    step.field = piece.field;
    step.ending = piece.after;
    step.to_slash = piece.after.empty() && !last;
    step.to_line_end = piece.after.empty() && last && TakesLineEnd(piece.field);
    step.time = HasTimeShape(piece.field);
    step.list = IsList(piece.field);
    step.quoted = spec.escape != Escape::kNone && text_before.ends_with('"') &&
                  piece.after.starts_with('"');
    if (IsClient(piece.field) || piece.field == Field::kStatus) last_needed_ = i;
    if (!last) {
      const FormatPiece& next = spec.pieces[i + 1];
      step.next_field = next.field;
      if (IsNumber(next.field)) step.next = Shape::kNumber;
      if (HasTimeShape(next.field)) {
        step.next = Shape::kTime;
        step.ending_of_next = next.after;
      }
      if (next.field == Field::kProtocol) {
        step.next = Shape::kProtocol;
        step.ending_of_next = next.after;
      }
      const bool of_anybody = IsIgnored(piece.field) || IsHopHeader(piece.field);
      if (next.field == Field::kClient && of_anybody && !next.after.empty()) {
        step.next = Shape::kClient;
        step.ending_of_next = next.after;
      }
      if (step.to_slash) step.missing_next = MissingTarget(spec.escape, next.after);
    }
    step.clf_head = spec.escape == Escape::kBackslash && HasClfHead(spec.pieces, i);
    text_before = piece.after;
    steps_.push_back(std::move(step));
  }
}

// How much of `rest` has the shape of the time `field`; 0 if none does.
size_t LineFormat::TimeLength(Field field, std::string_view rest) const {
  switch (field) {
    case Field::kTime:
      return rest.size() >= kClfTimeLength ? kClfTimeLength : 0;
    case Field::kTimeIso:
    case Field::kTimeIsoOnly:
      return ReadIsoTime(rest).length;
    default:
      return time_pattern_ ? time_pattern_->Read(rest).length : 0;
  }
}

// `rest` starts where the next field would start.
bool LineFormat::LooksLike(const Step& step, std::string_view rest) const {
  switch (step.next) {
    case Shape::kAny:
      return true;
    case Shape::kNumber:
      // HAProxy writes a '+' in front of a time that went on after the line was written.
      return !rest.empty() && (IsDigit(rest[0]) || rest[0] == '-' ||
                               (rest[0] == '+' && IsDuration(step.next_field)));
    case Shape::kTime: {
      const size_t length = TimeLength(step.next_field, rest);
      return length > 0 && rest.substr(length).starts_with(step.ending_of_next);
    }
    case Shape::kClient:
      return BeginsWithClient(rest, step.ending_of_next);
    case Shape::kProtocol:
      // A decoded path in front of it may hold blanks.
      return rest.starts_with("HTTP/") ||
             (rest.starts_with('-') && rest.substr(1).starts_with(step.ending_of_next));
  }
  return true;
}

size_t LineFormat::FindWithoutEnding(const Step& step, std::string_view rest) const {
  if (step.to_slash) {
    const size_t slash = rest.find('/');
    return step.missing_next.empty() ? slash : std::min(slash, rest.find(step.missing_next));
  }
  if (rest.empty()) return kNowhere;
  if (step.to_line_end) return rest.size();
  size_t end = rest.find(' ');
  while (step.list && end != kNowhere && IsInsideList(step.field, rest, end, end + 1)) {
    end = rest.find(' ', end + 1);
  }
  return std::min(end, rest.size());
}

// A time may hold the blank that ends it, so it ends where it has been read.
size_t LineFormat::FindTimeEnd(const Step& step, std::string_view rest) const {
  const size_t length = TimeLength(step.field, rest);
  return length > 0 && rest.substr(length).starts_with(step.ending) ? length : kNowhere;
}

// Whether the ending of `step` stands at `at`.
inline bool LineFormat::EndsAt(const Step& step, std::string_view rest, size_t at) {
  const size_t size = step.ending.size();
  if (rest.size() - at < size) return false;
  // Not memcmp: endings are short, and most candidates fail at their second byte.
  const char* const text = rest.data() + at;
  const char* const ending = step.ending.data();
  for (size_t i = 0; i < size; ++i) {
    if (text[i] != ending[i]) return false;
  }
  return true;
}

// Whether the ending found at `at` is none after all.
bool LineFormat::IsInside(const Step& step, std::string_view rest, size_t at) {
  if (step.quoted && at > 0 && rest[at - 1] == '\\' && IsEscaped(rest, at)) return true;
  return step.list && IsInsideList(step.field, rest, at, at + step.ending.size());
}

// Where in `rest` the field of `step` ends; npos if its ending is nowhere. An escaped quote ends
// nothing; an ending behind which the next field does not follow is taken only if there is no
// better one.
size_t LineFormat::FindEnd(const Step& step, std::string_view rest) const {
  if (step.time) {
    const size_t end = FindTimeEnd(step, rest);
    if (end != kNowhere) return end;
  }
  if (step.ending.empty()) return FindWithoutEnding(step, rest);
  const char first = step.ending[0];
  const char* const begin = rest.data();
  const char* const end = begin + rest.size();
  size_t fallback = kNowhere;
  for (const char* hit = FindByte(begin, end, first); hit != nullptr;
       hit = FindByte(hit + 1, end, first)) {
    const auto at = static_cast<size_t>(hit - begin);
    if (!EndsAt(step, rest, at) || IsInside(step, rest, at)) continue;
    if (step.next == Shape::kAny || LooksLike(step, rest.substr(at + step.ending.size()))) return at;
    if (fallback == kNowhere) fallback = at;
  }
  return fallback;
}

// A field that the end of the line cut may be a part only: the address of another client, a digit
// of a status. But a status has three digits, so one that is valid is whole.
bool LineFormat::IsReadableWhenCutAt(size_t step, const Record& record) const {
  if (step != last_needed_) return step > last_needed_;
  return steps_[step].field == Field::kStatus && record.status != kInvalidStatus;
}

std::string LineFormat::ExpectedEnd(const Step& step) {
  const std::string name(FieldName(step.field));
  if (step.ending.empty()) return step.to_slash ? name + " and a '/' behind it" : name;
  return name + " and " + Quoted(step.ending) + " behind it";
}

ParseOutcome LineFormat::Parse(std::string_view line, ParseState& state, Record& record,
                               ParseTrace* trace) const {
  record = Record{};
  if (!before_.starts_with('"')) line = WithoutQuotes(line);
  record.line = line;
  if (line.empty()) return ParseOutcome::kEmpty;
  if (!line.starts_with(before_)) {
    if (trace != nullptr) trace->Stop(line, Quoted(before_));
    return ParseOutcome::kNoStatus;
  }
  state.date.reset();

  std::string_view rest = line.substr(before_.size());
  const TimePattern* pattern = time_pattern_ ? &*time_pattern_ : nullptr;
  for (size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].clf_head && trace == nullptr) {
      const std::string& ending = steps_[i + kClfHeadPieces].ending;
      const size_t head = ReadClfHead(rest, ending, state, record);
      if (head > 0) {
        i += kClfHeadPieces;
        rest.remove_prefix(head);
        continue;
      }
    }
    const Step& step = steps_[i];
    const size_t end = FindEnd(step, rest);
    const bool cut = end == kNowhere;
    std::string_view value = rest.substr(0, end);
    if (escape_ == Escape::kJson) value = UnescapeJson(value, state.texts);
    if (trace != nullptr) trace->parts.push_back({step.field, rest.substr(0, end)});
    if (!StoreField(step.field, value, pattern, state, record)) {
      if (!GoesOnWithout(step.field, rest, record, trace)) {
        // The trace ends here; the record is the one that there is without it.
        return trace != nullptr ? Parse(line, state, record, nullptr) : ParseOutcome::kBadClient;
      }
    }
    if (cut) {
      if (record.unnamed) return RefuseClient(line, i + 1 == steps_.size() ? "" : rest, record);
      if (trace != nullptr) trace->Stop(rest, ExpectedEnd(step));
      return IsReadableWhenCutAt(i, record) ? ParseOutcome::kIncomplete : ParseOutcome::kNoStatus;
    }
    rest.remove_prefix(end + step.ending.size());
  }
  if (record.unnamed) return RefuseClient(line, rest, record);
  if (rest.empty()) return ParseOutcome::kComplete;
  if (trace != nullptr) trace->Stop(rest, "the end of the line");
  return ParseOutcome::kExtra;
}

}  // namespace accesslog
