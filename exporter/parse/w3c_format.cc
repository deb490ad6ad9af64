#include "parse/w3c_format.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "parse/civil_time.h"
#include "parse/line_format.h"
#include "parse/parse_state.h"
#include "parse/spec_builder.h"
#include "parse/time_reader.h"

namespace accesslog {
namespace {

struct W3cField {
  std::string_view name;
  Field field;
  int rank;
};

// https://learn.microsoft.com/windows/win32/http/w3c-logging; the last ones are CloudFront's and those
// of ARR and other proxies.
constexpr std::array<W3cField, 27> kFields = {{
    {"date", Field::kDate, 0},
    {"time", Field::kTimeOfDay, 0},
    {"c-ip", Field::kClient, 0},
    {"cs-username", Field::kUser, 0},
    {"cs-method", Field::kMethod, 0},
    {"cs-uri-stem", Field::kPath, 0},
    {"cs-uri-query", Field::kQuery, 0},
    {"cs-uri", Field::kUrl, 0},
    {"cs-version", Field::kProtocol, 0},
    {"cs-protocol-version", Field::kProtocol, 1},
    {"sc-status", Field::kStatus, 0},
    {"sc-bytes", Field::kBytes, 0},
    {"cs(user-agent)", Field::kUserAgent, 0},
    {"cs(referer)", Field::kReferer, 0},
    {"cs-host", Field::kHostPort, 0},
    {"cs(host)", Field::kHostPort, 1},
    {"x-host-header", Field::kHostPort, 0},
    {"x-forwarded-for", Field::kXForwardedFor, 0},
    {"cs(x-forwarded-for)", Field::kXForwardedFor, 0},
    {"c-ip-forwarded", Field::kXForwardedFor, 1},
    {"forwarded", Field::kForwarded, 0},
    {"cs(forwarded)", Field::kForwarded, 0},
    {"cf-connecting-ip", Field::kCfConnectingIp, 0},
    {"cs(cf-connecting-ip)", Field::kCfConnectingIp, 0},
    {"x-real-ip", Field::kXRealIp, 0},
    {"cs(x-real-ip)", Field::kXRealIp, 0},
    {"time-taken", Field::kDurationMs, 0},
}};

constexpr std::string_view kIisDefaults =
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
    "cs(Referer) sc-status sc-substatus sc-win32-status time-taken";

constexpr std::string_view kFieldsDirective = "#Fields:";
constexpr std::string_view kDateDirective = "#Date:";

void AddField(std::string_view name, bool tabs, SpecBuilder& spec) {
  const std::string lower = ToLower(name);
  const auto* known = std::find_if(kFields.begin(), kFields.end(),
                                   [&](const W3cField& field) { return field.name == lower; });
  if (known == kFields.end()) return spec.Add(Field::kIgnored, 0, name);
  // IIS counts milliseconds, CloudFront seconds.
  const bool seconds = tabs && known->field == Field::kDurationMs;
  spec.Add(seconds ? Field::kDurationS : known->field, known->rank, name);
}

void NoteDate(std::string_view text, ParseState& state) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  CivilTime civil;
  civil.year = ReadDigits(text, 4);
  civil.month = ReadDigits(text.substr(std::min<size_t>(5, text.size())), 2);
  civil.day = ReadDigits(text.substr(std::min<size_t>(8, text.size())), 2);
  const auto midnight = ToTime(civil);
  state.w3c_date.reset();
  if (midnight) state.w3c_date = std::chrono::floor<std::chrono::days>(*midnight);
}

// A format that reads nothing: behind a #Fields line without client or status.
class Unreadable final : public LogFormat {
 public:
  ParseOutcome Parse(std::string_view line, ParseState& /*state*/, Record& record,
                     ParseTrace* trace) const override {
    record = Record{};
    record.line = line;
    if (trace != nullptr) trace->Stop(line, "a #Fields line with c-ip and sc-status before it");
    return ParseOutcome::kNoStatus;
  }
};

// The fields of IIS as it comes, for a file whose #Fields line was not seen. Stricter than where that
// line told the fields: any sentence of fifteen words would do.
class Undeclared final : public LogFormat {
 public:
  explicit Undeclared(FormatPtr format) : format_(std::move(format)) {}

  ParseOutcome Parse(std::string_view line, ParseState& state, Record& record,
                     ParseTrace* trace) const override {
    if (ReadIsoTime(line).length > 0) {
      const ParseOutcome outcome = format_->Parse(line, state, record, trace);
      if (!HasRecord(outcome) || (record.address && record.status != kInvalidStatus)) return outcome;
    }
    record = Record{};
    record.line = line;
    if (line.empty()) return ParseOutcome::kEmpty;
    if (trace != nullptr) trace->Stop(line, "a date and a time, or a #Fields line before it");
    return ParseOutcome::kNoStatus;
  }

 private:
  FormatPtr format_;
};

// `directive` begins with kFieldsDirective.
void NoteFields(std::string_view directive, ParseState& state) {
  auto format = CompileW3cFields(directive.substr(kFieldsDirective.size()));
  state.w3c = format ? *format : std::make_shared<const Unreadable>();
  state.w3c_fields = directive;
}

}  // namespace

Result<FormatPtr> CompileW3cFields(std::string_view fields) {
  // CloudFront's line of names has blanks, its lines of values have tabs.
  const bool tabs = fields.find('\t') != std::string_view::npos ||
                    fields.find("x-edge-") != std::string_view::npos;
  SpecBuilder spec(Escape::kNone);
  bool first = true;
  while (true) {
    fields.remove_prefix(std::min(fields.find_first_not_of(" \t"), fields.size()));
    if (fields.empty()) break;
    const std::string_view name = fields.substr(0, fields.find_first_of(" \t"));
    fields.remove_prefix(name.size());
    if (!first) spec.AddText(tabs ? "\t" : " ");
    first = false;
    AddField(name, tabs, spec);
  }
  const auto compiled = spec.Finish();
  if (!compiled) return compiled.error();
  return LineFormat::Compile(*compiled);
}

FormatPtr W3cFormat::Create() {
  return FormatPtr(
      new W3cFormat(std::make_shared<const Undeclared>(*CompileW3cFields(kIisDefaults))));
}

void W3cFormat::RestoreFields(std::string_view directive, ParseState& state) {
  if (DeclaresFields(directive)) NoteFields(directive, state);
}

ParseOutcome W3cFormat::Parse(std::string_view line, ParseState& state, Record& record,
                              ParseTrace* trace) const {
  if (!IsDirective(line)) {
    const LogFormat& format = state.w3c ? *state.w3c : *defaults_;
    return format.Parse(line, state, record, trace);
  }
  record = Record{};
  record.line = line;
  if (DeclaresFields(line)) NoteFields(line, state);
  if (line.starts_with(kDateDirective)) NoteDate(line.substr(kDateDirective.size()), state);
  return ParseOutcome::kComment;
}

}  // namespace accesslog
