#include "parse/line_parser.h"

#include <algorithm>

#include "base/text.h"
#include "parse/client_field.h"
#include "parse/request_field.h"

namespace accesslog {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// Undoes what carriers add around a line: CR of Windows, the BOM, the NULs that a writer without
// O_APPEND leaves after copytruncate, and one more pair of quotes around the whole.
std::string_view Unwrap(std::string_view line, bool format_is_quoted) {
  while (!line.empty() && line.front() == '\0') line.remove_prefix(1);
  if (line.starts_with(kBom)) line.remove_prefix(kBom.size());
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (!format_is_quoted && line.size() >= 2 && line.front() == '"' && line.back() == '"') {
    line = line.substr(1, line.size() - 2);
  }
  return line;
}

bool IsEscaped(std::string_view text, size_t at) {
  size_t backslashes = 0;
  while (backslashes < at && text[at - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

// "-" is how every server writes "nothing".
std::string_view OrMissing(std::string_view value) { return value == "-" ? "" : value; }

uint16_t ParseStatus(std::string_view text) {
  if (text.size() != 3 || !IsDigit(text[0]) || !IsDigit(text[1]) || !IsDigit(text[2])) {
    return kInvalidStatus;
  }
  const int status = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
  return status >= 100 && status <= 599 ? static_cast<uint16_t>(status) : kInvalidStatus;
}

// "example.com:443", "[2001:db8::1]:80" or a name alone.
std::string_view WithoutPort(std::string_view host) {
  const size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return host;
  return host.substr(0, colon);
}

}  // namespace

LineParser::LineParser(const FormatSpec& spec) : before_(spec.before) {
  std::string_view text_before = spec.before;
  for (size_t i = 0; i < spec.pieces.size(); ++i) {
    const FormatPiece& piece = spec.pieces[i];
    Step step;
    step.field = piece.field;
    step.ending = piece.after;
    step.quoted = text_before.ends_with('"') && piece.after.starts_with('"');
    if (piece.field == Field::kClient || piece.field == Field::kStatus) last_needed_ = i;
    if (i + 1 < spec.pieces.size()) {
      const FormatPiece& next = spec.pieces[i + 1];
      if (next.field == Field::kStatus || next.field == Field::kBytes) step.next = Shape::kNumber;
      if (next.field == Field::kTime) {
        step.next = Shape::kTime;
        step.ending_of_next = next.after;
      }
    }
    text_before = piece.after;
    steps_.push_back(std::move(step));
  }
}

// `rest` starts where the next field would start.
bool LineParser::LooksLike(const Step& step, std::string_view rest) {
  switch (step.next) {
    case Shape::kAny:
      return true;
    case Shape::kNumber:
      return !rest.empty() && (IsDigit(rest[0]) || rest[0] == '-');
    case Shape::kTime:
      return rest.size() >= kClfTimeLength &&
             rest.substr(kClfTimeLength).starts_with(step.ending_of_next);
  }
  return true;
}

// Where in `rest` the field of `step` ends; npos if its ending is nowhere. An escaped quote ends
// nothing; an ending behind which the next field does not follow is taken only if there is no
// better one.
size_t LineParser::FindEnd(const Step& step, std::string_view rest) {
  constexpr size_t kNowhere = std::string_view::npos;
  if (step.ending.empty()) return rest.empty() ? kNowhere : std::min(rest.find(' '), rest.size());
  size_t fallback = kNowhere;
  for (size_t at = rest.find(step.ending); at != kNowhere; at = rest.find(step.ending, at + 1)) {
    if (step.quoted && IsEscaped(rest, at)) continue;
    if (LooksLike(step, rest.substr(at + step.ending.size()))) return at;
    if (fallback == kNowhere) fallback = at;
  }
  return fallback;
}

// False if the client is not acceptable; every other bad value is just missing.
bool LineParser::Store(Field field, std::string_view value, Record& record) {
  switch (field) {
    case Field::kIgnored:
      break;
    case Field::kIdent:
      // An address here is the client, behind a virtual host that only looks like one.
      return value == "-" || !IpAddress::Parse(value);
    case Field::kClient:
      record.client = value;
      return ParseClientField(value, record.address);
    case Field::kUser:
      record.user = OrMissing(value);
      break;
    case Field::kTime:
      record.time = times_.Parse(value);
      break;
    case Field::kRequest:
      SplitRequest(OrMissing(value), record);
      break;
    case Field::kStatus:
      record.status = ParseStatus(value);
      break;
    case Field::kBytes:
      record.bytes = ParseUint(value);
      break;
    case Field::kReferer:
      record.referer = OrMissing(value);
      break;
    case Field::kUserAgent:
      record.user_agent = OrMissing(value);
      break;
    case Field::kHostPort:
      record.host = OrMissing(WithoutPort(value));
      break;
  }
  return true;
}

// A field that the end of the line cut may be a part only: the address of another client, a digit
// of a status. But a status has three digits, so one that is valid is whole.
bool LineParser::IsReadableWhenCutAt(size_t step, const Record& record) const {
  if (step != last_needed_) return step > last_needed_;
  return steps_[step].field == Field::kStatus && record.status != kInvalidStatus;
}

ParseOutcome LineParser::Parse(std::string_view line, Record& record) {
  record = Record{};
  line = Unwrap(line, before_.starts_with('"'));
  record.line = line;
  if (line.empty()) return ParseOutcome::kEmpty;
  if (!line.starts_with(before_)) return ParseOutcome::kNoStatus;

  std::string_view rest = line.substr(before_.size());
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const size_t end = FindEnd(step, rest);
    const bool cut = end == std::string_view::npos;
    if (!Store(step.field, rest.substr(0, end), record)) return ParseOutcome::kBadClient;
    if (cut) {
      return IsReadableWhenCutAt(i, record) ? ParseOutcome::kIncomplete : ParseOutcome::kNoStatus;
    }
    rest.remove_prefix(end + step.ending.size());
  }
  return rest.empty() ? ParseOutcome::kComplete : ParseOutcome::kExtra;
}

}  // namespace accesslog
