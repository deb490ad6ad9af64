#include "parse/apache_format.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "parse/server_config.h"
#include "parse/spec_builder.h"

namespace accesslog {
namespace {

// "%400,501{User-Agent}i", taken apart.
struct Directive {
  char position = 0;           // '<' or '>'
  std::string_view argument;   // in the braces
  char letter = 0;
  std::string_view written;    // all of it
};

// Takes a directive off `rest`, which begins with its '%'.
Result<Directive> TakeDirective(std::string_view& rest) {
  const std::string_view begin = rest;
  Directive directive;
  const auto skip = [&](std::string_view chars) {
    while (rest.size() > 1 && chars.find(rest[1]) != std::string_view::npos) {
      if (rest[1] == '<' || rest[1] == '>') directive.position = rest[1];
      rest.remove_prefix(1);
    }
  };
  skip("<>!,0123456789");
  if (rest.size() > 1 && rest[1] == '{') {
    const size_t close = rest.find('}');
    if (close == std::string_view::npos) return Error{"a '{' without its '}'"};
    directive.argument = rest.substr(2, close - 2);
    rest.remove_prefix(close);
  }
  skip("<>!,0123456789");
  // ^ti and ^to are trailer lines.
  const size_t letter = rest.size() > 2 && rest[1] == '^' ? 3 : 1;
  if (rest.size() <= letter) return Error{"a '%' without a directive behind it"};
  directive.letter = letter == 3 ? '^' : rest[letter];
  rest.remove_prefix(letter + 1);
  directive.written = begin.substr(0, begin.size() - rest.size());
  return directive;
}

struct Header {
  std::string_view name;
  Field field;
  int rank;
};

// Behind the address of the connection, as in nginx_format.cc.
constexpr std::array<Header, 10> kRequestHeaders = {{
    {"referer", Field::kReferer, 0},
    {"user-agent", Field::kUserAgent, 0},
    {"host", Field::kHostPort, 2},
    {"true-client-ip", Field::kForwardedFor, 4},
    {"x-client-ip", Field::kForwardedFor, 4},
    {"x-real-ip", Field::kXRealIp, 0},
    {"cf-connecting-ip", Field::kCfConnectingIp, 0},
    {"x-forwarded-for", Field::kXForwardedFor, 0},
    {"forwarded", Field::kForwarded, 0},
    {"x-forwarded-host", Field::kIgnoredList, 0},
}};

void AddHeader(const Directive& directive, SpecBuilder& spec) {
  const std::string name = ToLower(directive.argument);
  const auto* known = std::find_if(kRequestHeaders.begin(), kRequestHeaders.end(),
                                   [&](const Header& header) { return header.name == name; });
  if (known == kRequestHeaders.end()) return spec.Add(Field::kIgnored, 0, directive.written);
  spec.Add(known->field, known->rank, directive.written);
}

void AddTime(const Directive& directive, SpecBuilder& spec) {
  std::string_view format = directive.argument;
  for (const std::string_view moment : {"begin:", "end:"}) {
    if (format.starts_with(moment)) format.remove_prefix(moment.size());
  }
  if (format.empty()) {
    spec.AddText("[");
    spec.Add(Field::kTime, 0, directive.written);
    spec.AddText("]");
  } else if (format == "msec") {
    spec.Add(Field::kTimeEpochMs, 2, directive.written);
  } else if (format == "usec") {
    spec.Add(Field::kTimeEpochUs, 2, directive.written);
  } else if (format == "sec") {
    spec.AddTimePattern("%s", directive.written);
  } else if (format == "msec_frac" || format == "usec_frac") {
    spec.AddTimePattern("%f", directive.written);
  } else {
    spec.AddTimePattern(format, directive.written);
  }
}

void AddDuration(const Directive& directive, SpecBuilder& spec) {
  if (directive.argument == "us") return spec.Add(Field::kDurationUs, 0, directive.written);
  if (directive.argument == "ms") return spec.Add(Field::kDurationMs, 1, directive.written);
  spec.Add(Field::kDurationS, 2, directive.written);
}

// %s is the status of the original request, %>s that of the answer.
int StatusRank(char position) { return position == '>' ? 0 : position == 0 ? 1 : 2; }

bool AddSimple(const Directive& directive, SpecBuilder& spec) {
  struct Simple {
    char letter;
    Field field;
    int rank;
  };
  static constexpr std::array<Simple, 22> kSimple = {{
      {'u', Field::kUser, 0},       {'l', Field::kIdent, 0},     {'r', Field::kRequest, 0},
      {'b', Field::kBytes, 0},      {'B', Field::kBytes, 0},     {'O', Field::kBytes, 1},
      {'m', Field::kMethod, 0},     {'U', Field::kPath, 0},      {'H', Field::kProtocol, 0},
      {'v', Field::kHostPort, 0},   {'V', Field::kHostPort, 1},  {'D', Field::kDurationUs, 0},
      {'A', Field::kIgnored, 0},    {'f', Field::kIgnored, 0},   {'I', Field::kIgnored, 0},
      {'k', Field::kIgnored, 0},    {'L', Field::kIgnored, 0},   {'p', Field::kIgnored, 0},
      {'P', Field::kIgnored, 0},    {'R', Field::kIgnored, 0},   {'S', Field::kIgnored, 0},
      {'X', Field::kIgnored, 0},
  }};
  const auto* known = std::find_if(kSimple.begin(), kSimple.end(), [&](const Simple& simple) {
    return simple.letter == directive.letter;
  });
  if (known == kSimple.end()) return false;
  spec.Add(known->field, known->rank, directive.written);
  return true;
}

// False if Apache has no such directive.
bool AddDirective(const Directive& directive, SpecBuilder& spec) {
  switch (directive.letter) {
    case '%':
      spec.AddText("%");
      return true;
    case 'h':
      spec.Add(Field::kClient, directive.argument.empty() ? 1 : 2, directive.written);
      return true;
    case 'a':
      spec.Add(Field::kClient, directive.argument.empty() ? 0 : 2, directive.written);
      return true;
    case 's':
      spec.Add(Field::kStatus, StatusRank(directive.position), directive.written);
      return true;
    case 't':
      AddTime(directive, spec);
      return true;
    case 'T':
      AddDuration(directive, spec);
      return true;
    case 'q':
      if (!spec.ExtendPathToTarget()) spec.Add(Field::kQuery, 0, directive.written);
      return true;
    case 'i':
      AddHeader(directive, spec);
      return true;
    case 'o':
    case 'C':
    case 'e':
    case 'n':
    case '^':
    case 'x':  // mod_ssl
    case 'c':
      spec.Add(Field::kIgnored, 0, directive.written);
      return true;
    default:
      return AddSimple(directive, spec);
  }
}

bool LooksLikeFormat(std::string_view word) { return word.find('%') != std::string_view::npos; }

// `"%h … %b" nickname`. But a format may itself begin with a quote: then there are directives behind
// the second one.
bool IsQuoted(std::string_view text) {
  if (!text.starts_with('"')) return false;
  if (text.find("\\\"") != std::string_view::npos) return true;
  const size_t close = text.find('"', 1);
  return close != std::string_view::npos && !LooksLikeFormat(text.substr(close));
}

Result<std::string> ReadText(std::string_view text) {
  text = TrimComments(text);
  if (IsQuoted(text)) return ConfigWords(text).front();
  const std::vector<std::string> words = ConfigWords(text);
  const std::string directive = words.empty() ? "" : ToLower(words.front());
  const size_t file = directive == "customlog" || directive == "globallog" ? 1 : 0;
  if (file == 0 && directive != "logformat") {
    return WithoutEscapes(text);
  }
  if (words.size() <= file + 1) return Error{words.front() + " without a format"};
  if (!LooksLikeFormat(words[file + 1])) {
    return Error{"\"" + Printable(words[file + 1]) +
                 "\" is the nickname of a format; what is wanted is the LogFormat line that tells it"};
  }
  return words[file + 1];
}

}  // namespace

Result<FormatSpec> CompileApacheFormat(std::string_view text) {
  const auto format = ReadText(text);
  if (!format) return format.error();
  SpecBuilder spec(Escape::kBackslash);
  for (std::string_view rest = *format; !rest.empty();) {
    const size_t percent = std::min(rest.find('%'), rest.size());
    spec.AddText(rest.substr(0, percent));
    rest.remove_prefix(percent);
    if (rest.empty()) break;
    const auto directive = TakeDirective(rest);
    if (!directive) return directive.error();
    if (!AddDirective(*directive, spec)) {
      return Error{"Apache has no directive " + Printable(directive->written)};
    }
  }
  return spec.Finish();
}

}  // namespace accesslog
