#include "parse/framing.h"

#include <algorithm>

#include "base/text.h"
#include "parse/civil_time.h"
#include "parse/quoting.h"
#include "parse/time_reader.h"

namespace accesslog {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kDockerBegin = R"({"log":")";
constexpr std::string_view kDockerStream = R"(","stream":"std)";

struct Parts {
  bool ok = false;
  bool whole = true;  // the line ends here
  bool err = false;   // standard error
  std::string_view text{};
};

// The escaped text is left as it is, but for its line end.
Parts SplitDocker(std::string_view line) {
  if (!line.starts_with(kDockerBegin)) return {};
  line.remove_prefix(kDockerBegin.size());
  size_t end = line.find('"');
  while (end != std::string_view::npos && IsEscaped(line, end)) end = line.find('"', end + 1);
  if (end == std::string_view::npos || !line.substr(end).starts_with(kDockerStream)) return {};
  Parts parts{.ok = true};
  parts.err = line.substr(end + kDockerStream.size()).starts_with("err");
  parts.text = line.substr(0, end);
  parts.whole = parts.text.ends_with("\\n") && !IsEscaped(parts.text, parts.text.size() - 2);
  if (parts.whole) parts.text.remove_suffix(2);
  if (parts.whole && parts.text.ends_with("\\r")) parts.text.remove_suffix(2);
  return parts;
}

bool TakeWord(std::string_view& line, std::string_view word) {
  if (!line.starts_with(word)) return false;
  line.remove_prefix(word.size());
  return true;
}

Parts SplitCri(std::string_view line) {
  const size_t time = ReadIsoTime(line).length;
  if (time == 0 || line[10] != 'T') return {};
  line.remove_prefix(time);
  Parts parts;
  parts.err = line.starts_with(" stderr ");
  if (!TakeWord(line, " stdout ") && !TakeWord(line, " stderr ")) return {};
  // "F", "P", and tags behind a ':' that nobody uses yet.
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos || blank == 0) return {};
  parts.whole = line[0] == 'F';
  parts.ok = parts.whole || line[0] == 'P';
  parts.text = line.substr(blank + 1);
  return parts;
}

// "Nov 22 10:00:00 " with the day of the month in two places; 0 if that is not there.
size_t BsdTimeLength(std::string_view text) {
  constexpr size_t kLength = 16;
  if (text.size() < kLength || MonthFromName(text.substr(0, 3)) == 0) return 0;
  const bool shape = text[3] == ' ' && (text[4] == ' ' || IsDigit(text[4])) && IsDigit(text[5]) &&
                     text[6] == ' ' && text[9] == ':' && text[12] == ':' && text[15] == ' ' &&
                     ReadDigits(text.substr(7), 2) >= 0 && ReadDigits(text.substr(10), 2) >= 0 &&
                     ReadDigits(text.substr(13), 2) >= 0;
  return shape ? kLength : 0;
}

// "<190>" at the beginning; takes it off.
bool TakePriority(std::string_view& line) {
  const size_t close = line.starts_with('<') ? line.find('>') : std::string_view::npos;
  if (close == std::string_view::npos || close < 2 || close > 4) return false;
  if (!ParseUint(line.substr(1, close - 1))) return false;
  line.remove_prefix(close + 1);
  return true;
}

bool TakeToken(std::string_view& line) {
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos || blank == 0) return false;
  line.remove_prefix(blank + 1);
  return true;
}

// RFC 5424 behind "<PRI>1 ": time, host, app, process, message id, structured data.
Parts SplitSyslog5424(std::string_view line) {
  for (int i = 0; i < 5; ++i) {
    if (!TakeToken(line)) return {};
  }
  if (TakeWord(line, "-")) {
    if (!TakeWord(line, " ")) return {};
  } else {
    while (line.starts_with('[')) {
      size_t close = line.find(']');
      while (close != std::string_view::npos && IsEscaped(line, close)) {
        close = line.find(']', close + 1);
      }
      if (close == std::string_view::npos) return {};
      line.remove_prefix(close + 1);
    }
    if (!TakeWord(line, " ")) return {};
  }
  TakeWord(line, kBom);
  return {.ok = true, .text = line};
}

bool IsTagChar(char c) {
  return IsAlpha(c) || IsDigit(c) || c == '-' || c == '_' || c == '.' || c == '/';
}

// "nginx: " or "nginx[123]: " at the beginning; its length, or 0.
size_t TagLength(std::string_view text) {
  size_t at = 0;
  while (at < text.size() && IsTagChar(text[at])) ++at;
  if (at == 0) return 0;
  if (at < text.size() && text[at] == '[') {
    ++at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    if (at == text.size() || text[at] != ']') return 0;
    ++at;
  }
  return text.substr(at).starts_with(": ") ? at + 2 : 0;
}

// Behind the time: an optional host, then the tag.
Parts SplitTagged(std::string_view line) {
  size_t tag = TagLength(line);
  if (tag == 0) {
    if (!TakeToken(line)) return {};
    tag = TagLength(line);
  }
  if (tag == 0) return {};
  return {.ok = true, .text = line.substr(tag)};
}

Parts SplitSyslog(std::string_view line) {
  const bool priority = TakePriority(line);
  if (priority && line.starts_with("1 ")) return SplitSyslog5424(line.substr(2));
  size_t time = BsdTimeLength(line);
  if (time == 0) {
    // rsyslog's and journald's own ways to write the time.
    time = ReadIsoTime(line).length;
    if (time == 0 || time >= line.size() || line[time] != ' ') return {};
    ++time;
  }
  return SplitTagged(line.substr(time));
}

Parts Split(Framing framing, std::string_view line) {
  switch (framing) {
    case Framing::kDocker:
      return SplitDocker(line);
    case Framing::kCri:
      return SplitCri(line);
    case Framing::kSyslog:
      return SplitSyslog(line);
    default:
      return {};
  }
}

}  // namespace

std::string_view TrimLine(std::string_view line) {
  while (!line.empty() && line.front() == '\0') line.remove_prefix(1);
  if (line.starts_with(kBom)) line.remove_prefix(kBom.size());
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view FramingName(Framing framing) {
  switch (framing) {
    case Framing::kDocker:
      return "docker";
    case Framing::kCri:
      return "cri";
    case Framing::kSyslog:
      return "syslog";
    default:
      return "";
  }
}

bool LooksFramed(Framing framing, std::string_view line) { return Split(framing, line).ok; }

Frame Deframer::Unframe(Framing framing, std::string_view line, TextArena& texts,
                        std::string_view& inner) {
  const Parts parts = Split(framing, line);
  if (!parts.ok) return Frame::kNone;
  const std::string_view text =
      framing == Framing::kDocker ? UnescapeJson(parts.text, texts) : parts.text;
  return Join(parts.whole, parts.err, text, texts, inner);
}

void Deframer::Save(ByteWriter& writer) const {
  for (const std::string& fragment : fragments_) writer.Text(fragment);
}

bool Deframer::Load(ByteReader& reader) {
  size_t room = kMaxFramedBytes;
  for (std::string& fragment : fragments_) {
    const std::string_view text = reader.Text();
    if (text.size() > room) {
      reader.Fail();
      break;
    }
    room -= text.size();
    fragment = text;
  }
  return reader.ok();
}

Frame Deframer::Join(bool whole, bool err, std::string_view part, TextArena& texts,
                     std::string_view& inner) {
  std::string& fragment = fragments_[err ? 1 : 0];
  if (whole && fragment.empty()) {
    inner = part;
    return Frame::kWhole;
  }
  const size_t used = fragments_[0].size() + fragments_[1].size();
  fragment += part.substr(0, kMaxFramedBytes - std::min(used, kMaxFramedBytes));
  if (!whole) return Frame::kFragment;
  char* const joined = texts.Take(fragment.size());
  std::copy(fragment.begin(), fragment.end(), joined);
  inner = {joined, fragment.size()};
  fragment.clear();
  fragment.shrink_to_fit();
  return Frame::kWhole;
}

}  // namespace accesslog
