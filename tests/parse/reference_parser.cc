#include "parse/reference_parser.h"

#include <arpa/inet.h>
#include <re2/re2.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace accesslog {
namespace {

// Bytes, not characters; '.' is any of them.
class Regex {
 public:
  explicit Regex(const std::string& pattern) : regex_(pattern, Options()) {}
  const RE2& operator*() const { return regex_; }

 private:
  static RE2::Options Options() {
    RE2::Options options(RE2::Latin1);
    options.set_dot_nl(true);
    return options;
  }

  RE2 regex_;
};

template <typename... Groups>
bool Matches(const Regex& regex, const std::string& text, Groups*... groups) {
  return RE2::FullMatch(text, *regex, groups...);
}

std::string OrMissing(const std::string& value) { return value == "-" ? "" : value; }

// --- The values of fields
// ---------------------------------------------------------------------------

bool ReadIpv4(const std::string& text, std::string& canonical) {
  static const Regex kDotted(R"((\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3}))");
  std::array<int, 4> parts{};
  if (!Matches(kDotted, text, &parts[0], &parts[1], &parts[2], &parts[3])) return false;
  canonical.clear();
  for (const int part : parts) {
    if (part > 255) return false;
    canonical += (canonical.empty() ? "" : ".") + std::to_string(part);
  }
  return true;
}

bool ReadIpv6(const std::string& text, std::string& canonical) {
  static const Regex kWithZone(R"(([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:%[0-9A-Za-z._-]{1,15})?)");
  std::string digits;
  in6_addr bytes{};
  if (!Matches(kWithZone, text, &digits)) return false;
  if (inet_pton(AF_INET6, digits.c_str(), &bytes) != 1) return false;
  std::array<char, INET6_ADDRSTRLEN> written{};
  inet_ntop(AF_INET6, &bytes, written.data(), written.size());
  canonical = written.data();
  // glibc writes mapped addresses with dots.
  if (IN6_IS_ADDR_V4MAPPED(&bytes)) canonical = canonical.substr(std::string("::ffff:").size());
  return true;
}

bool ReadAddress(const std::string& text, std::string& canonical) {
  static const Regex kBrackets(R"(\[(.*)\])");
  std::string inside = text;
  Matches(kBrackets, text, &inside);
  return ReadIpv4(inside, canonical) || ReadIpv6(inside, canonical);
}

bool IsName(const std::string& text) {
  static const Regex kHostChars(R"([0-9A-Za-z._-]{1,253})");
  static const Regex kSomeLetter(R"(.*[A-Za-z].*)");
  return Matches(kHostChars, text) && Matches(kSomeLetter, text);
}

// A moment of UTC less `offset` seconds; nothing for a day that does not exist.
std::optional<Time> Moment(std::tm parts, int offset) {
  if (parts.tm_year < 70 || parts.tm_mon < 0 || parts.tm_mon > 11 || parts.tm_hour > 23 ||
      parts.tm_min > 59 || parts.tm_sec > 60) {
    return std::nullopt;
  }
  // timegm turns 31 February into 3 March: a day that does not exist comes back as another.
  std::tm day{};
  day.tm_year = parts.tm_year;
  day.tm_mon = parts.tm_mon;
  day.tm_mday = parts.tm_mday;
  timegm(&day);
  if (day.tm_mday != parts.tm_mday || parts.tm_mday == 0) return std::nullopt;
  return Time{std::chrono::seconds{timegm(&parts) - offset}};
}

std::optional<Time> ReadIsoTime(const std::string& text) {
  static const Regex kIso(
      R"((\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?)"
      R"((?:Z|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)?)");
  std::tm parts{};
  std::string fraction;
  std::string sign;
  std::string hours;
  std::string minutes;
  if (!Matches(kIso, text, &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &parts.tm_hour,
               &parts.tm_min, &parts.tm_sec, &fraction, &sign, &hours, &minutes)) {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const int offset = (std::atoi(hours.c_str()) * 60 + std::atoi(minutes.c_str())) * 60;
  auto time = Moment(parts, sign == "-" ? -offset : offset);
  if (time) *time += std::chrono::milliseconds{std::stoi((fraction + "000").substr(0, 3))};
  return time;
}

std::optional<Time> ReadTime(const std::string& text) {
  static const Regex kClf(
      R"((\d\d)/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/(\d{4}):(\d\d):(\d\d):(\d\d) )"
      R"(([+-])(\d\d)(\d\d))");
  static const std::string kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  std::tm parts{};
  std::string month;
  std::string sign;
  int zone_hours = 0;
  int zone_minutes = 0;
  if (!Matches(kClf, text, &parts.tm_mday, &month, &parts.tm_year, &parts.tm_hour, &parts.tm_min,
               &parts.tm_sec, &sign, &zone_hours, &zone_minutes)) {
    return ReadIsoTime(text);
  }
  if (zone_minutes > 59) return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon = static_cast<int>(kMonths.find(month) / 3);
  const int offset = (zone_hours * 60 + zone_minutes) * 60 * (sign == "-" ? -1 : 1);
  return Moment(parts, offset);
}

uint16_t ReadStatus(const std::string& text) {
  static const Regex kStatus("[1-5][0-9][0-9]");
  return Matches(kStatus, text) ? static_cast<uint16_t>(std::stoi(text)) : kInvalidStatus;
}

std::optional<uint64_t> ReadNumber(const std::string& text) {
  static const Regex kNumber("[0-9]+");
  if (!Matches(kNumber, text)) return std::nullopt;
  errno = 0;
  const uint64_t number = std::strtoull(text.c_str(), nullptr, 10);
  if (errno == ERANGE) return std::nullopt;
  return number;
}

void ReadRequest(const std::string& text, ParsedLine& parsed) {
  static const Regex kRequest(
      R"(([A-Za-z][A-Za-z_-]{0,31}) ([^?]*?)(?:\?(.*?))?(?: (HTTP/[^ ]*))?)");
  static const Regex kOwnLabel("GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH");
  parsed.request = text;
  const bool is_request = Matches(kRequest, text, &parsed.method_text, &parsed.path, &parsed.query,
                                  &parsed.protocol);
  if (!is_request) parsed.path = text;
  if (Matches(kOwnLabel, parsed.method_text)) parsed.method = parsed.method_text;
}

void ReadHost(const std::string& text, ParsedLine& parsed) {
  static const Regex kWithPort(R"((.*):[^:]*)");
  static const Regex kBracketsAtTheEnd(R"(.*\])");
  parsed.host = OrMissing(text);
  std::string address;
  // Without brackets, its last group is no port.
  const bool bare_v6 = text.find(':') != text.rfind(':') && text.find('[') == std::string::npos &&
                       ReadAddress(text, address);
  if (!bare_v6 && !Matches(kBracketsAtTheEnd, text)) Matches(kWithPort, text, &parsed.host);
}

// False if `value` cannot be a client, or is one where none belongs.
bool Read(std::string_view field, const std::string& value, ParsedLine& parsed) {
  if (field == "client") {
    parsed.client = value;
    return ReadAddress(value, parsed.address) || IsName(value);
  }
  if (field == "ident") {
    std::string ignored;
    return !ReadAddress(value, ignored);
  }
  if (field == "host") ReadHost(value, parsed);
  if (field == "user") parsed.user = OrMissing(value);
  if (field == "time") parsed.time = ReadTime(value);
  if (field == "request") ReadRequest(OrMissing(value), parsed);
  if (field == "status") parsed.status = ReadStatus(value);
  if (field == "bytes") parsed.bytes = ReadNumber(value);
  if (field == "referer") parsed.referer = OrMissing(value);
  if (field == "user_agent") parsed.user_agent = OrMissing(value);
  return true;
}

// --- Where fields end
// -------------------------------------------------------------------------------

// The text of one field, then what ends it; behind that, in the better expressions, what the next
// field begins with.
struct FieldRule {
  std::string name;
  std::vector<std::unique_ptr<Regex>> endings;  // best first
};

using FormatRules = std::vector<FieldRule>;

FieldRule Rule(std::string name, const std::vector<std::string>& endings) {
  FieldRule rule{std::move(name), {}};
  for (const std::string& ending : endings) {
    rule.endings.push_back(std::make_unique<Regex>(R"(\A)" + ending));
  }
  return rule;
}

// Between quotes: a backslash takes the next byte with it.
const std::string kQuoted = R"(((?:[^\\]|\\.)*?))";

FormatRules CommonRules() {
  FormatRules rules;
  rules.push_back(Rule("client", {R"((.*?)( ))"}));
  rules.push_back(Rule("ident", {R"((.*?)( ))"}));
  rules.push_back(Rule("user", {R"((.*?)( \[).{26}\] ")", R"((.*?)( \[))"}));
  rules.push_back(Rule("time", {R"((.*?)(\] "))"}));
  rules.push_back(Rule("request", {kQuoted + R"((" )[0-9-])", kQuoted + R"((" ))"}));
  rules.push_back(Rule("status", {R"((.*?)( )[0-9-])", R"((.*?)( ))"}));
  rules.push_back(Rule("bytes", {R"(([^ ]+)())", R"(()() )"}));
  return rules;
}

FormatRules CombinedRules() {
  FormatRules rules = CommonRules();
  rules.pop_back();
  rules.push_back(Rule("bytes", {R"((.*?)( "))"}));
  rules.push_back(Rule("referer", {kQuoted + R"((" "))"}));
  rules.push_back(Rule("user_agent", {kQuoted + R"((")())"}));
  return rules;
}

FormatRules VhostCombinedRules() {
  FormatRules rules = CombinedRules();
  rules.insert(rules.begin(), Rule("host", {R"((.*?)( ))"}));
  return rules;
}

const FormatRules& RulesOf(std::string_view format) {
  static const std::map<std::string_view, FormatRules> kRules = [] {
    std::map<std::string_view, FormatRules> rules;
    rules["common"] = CommonRules();
    rules["combined"] = CombinedRules();
    rules["vhost_combined"] = VhostCombinedRules();
    return rules;
  }();
  return kRules.at(format);
}

// Takes the field of `rule` off the front of `rest`; false if it does not end.
bool TakeField(const FieldRule& rule, std::string& rest, std::string& value) {
  for (const auto& ending : rule.endings) {
    std::string separator;
    if (!RE2::PartialMatch(rest, **ending, &value, &separator)) continue;
    rest.erase(0, value.size() + separator.size());
    return true;
  }
  value = rest;
  return false;
}

ParsedLine Failed(ParseOutcome outcome) { return {.outcome = outcome}; }

std::string Unwrapped(std::string_view line) {
  static const Regex kCarried(R"(\x00*(?:\xEF\xBB\xBF)?(.*?)\r*)");
  static const Regex kInQuotes(R"re("(.*)")re");
  std::string text;
  Matches(kCarried, std::string(line), &text);
  Matches(kInQuotes, std::string(text), &text);
  return text;
}

}  // namespace

ParsedLine ReferenceParse(std::string_view format, std::string_view line) {
  std::string rest = Unwrapped(line);
  if (rest.empty()) return Failed(ParseOutcome::kEmpty);
  ParsedLine parsed;
  bool status_was_read = false;
  for (const FieldRule& rule : RulesOf(format)) {
    std::string value;
    const bool ended = TakeField(rule, rest, value);
    if (!Read(rule.name, value, parsed)) return Failed(ParseOutcome::kBadClient);
    if (rule.name == "status") status_was_read = ended || parsed.status != kInvalidStatus;
    if (ended) continue;
    if (!status_was_read) return Failed(ParseOutcome::kNoStatus);
    parsed.outcome = ParseOutcome::kIncomplete;
    return parsed;
  }
  parsed.outcome = rest.empty() ? ParseOutcome::kComplete : ParseOutcome::kExtra;
  return parsed;
}

}  // namespace accesslog
