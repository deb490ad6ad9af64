#include "app/explain.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "base/time_format.h"
#include "input/line_assembler.h"
#include "input/line_block.h"
#include "parse/log_parser.h"

namespace accesslog {
namespace {

using Json = nlohmann::ordered_json;

// Longer lines are cut for people; JSON has them whole.
constexpr size_t kShownBytes = 2000;

std::string_view Reason(ParseOutcome outcome) {
  if (outcome == ParseOutcome::kFragment) return "fragment";
  return kUnparsedReasonNames[static_cast<size_t>(ReasonOf(outcome))];
}

std::string ClientText(const Record& record) {
  return record.address ? record.address->ToString() : std::string(record.client);
}

Json TextOrNull(std::string_view text) { return text.empty() ? Json() : Json(Printable(text)); }

// The names are part of the interface; a field that the line does not tell is null.
Json Fields(const Record& record) {
  const bool whole_second = record.time && record.time->time_since_epoch().count() % 1000 == 0;
  Json json;
  json["client"] = ClientText(record);
  json["time"] = record.time ? Json(FormatUtc(*record.time, !whole_second)) : Json();
  json["method"] = TextOrNull(record.method_text);
  json["path"] = TextOrNull(record.path);
  json["query"] = TextOrNull(record.query);
  json["protocol"] = TextOrNull(record.protocol);
  json["status"] = record.status == kInvalidStatus ? Json() : Json(record.status);
  json["bytes"] = record.bytes ? Json(*record.bytes) : Json();
  json["referer"] = TextOrNull(record.referer);
  json["user_agent"] = TextOrNull(record.user_agent);
  json["user"] = TextOrNull(record.user);
  json["host"] = TextOrNull(record.host);
  json["duration"] = record.duration ? Json(*record.duration) : Json();
  return json;
}

// Where in `line` the trace's text stands; nothing if that text was unescaped or put together.
std::optional<size_t> PlaceOf(const ParseTrace& trace, std::string_view line) {
  const std::less_equal<const char*> not_behind;
  const char* at = trace.stopped.data();
  if (at == nullptr || !not_behind(line.data(), at) || !not_behind(at, line.data() + line.size())) {
    return std::nullopt;
  }
  return static_cast<size_t>(at - line.data());
}

// As the characters of a terminal count: a character of several bytes takes one place.
size_t Columns(std::string_view printable) {
  return static_cast<size_t>(std::count_if(printable.begin(), printable.end(), [](char c) {
    return (static_cast<uint8_t>(c) & 0xC0U) != 0x80U;
  }));
}

class Explainer final : public LineSink {
 public:
  Explainer(LogParser parser, bool json, std::ostream& out)
      : parser_(std::move(parser)), json_(json), out_(out) {}

  void Take(const LineBlock& block) override {
    ForEachLine(block.text, [this](std::string_view line) { ExplainLine(line); });
    out_ << std::flush;
    for (uint64_t i = 0; i < block.oversized_lines; ++i) SayTooLong();
  }

  void ExplainLine(std::string_view line) {
    Record record;
    ParseTrace trace;
    const ParseOutcome outcome = parser_.Parse(line, record, &trace);
    if (json_) {
      WriteJson(line, outcome, record, trace);
    } else {
      WriteText(line, outcome, record, trace);
    }
    all_read_ = all_read_ && HasRecord(outcome);
  }

  bool all_read() const { return all_read_; }

 private:
  void WriteJson(std::string_view line, ParseOutcome outcome, const Record& record,
                 const ParseTrace& trace) {
    Json json;
    if (HasRecord(outcome)) {
      json = Fields(record);
    } else {
      json["reason"] = Reason(outcome);
      if (!trace.expected.empty()) json["expected"] = trace.expected;
      if (const auto place = PlaceOf(trace, line)) json["column"] = *place + 1;
      if (!trace.nearest.empty()) json["nearest_format"] = trace.nearest;
      json["line"] = Printable(line);
    }
    json["format"] = parser_.format_name();
    Write(json);
  }

  void WriteText(std::string_view line, ParseOutcome outcome, const Record& record,
                 const ParseTrace& trace) {
    out_ << "format      " << parser_.format_name() << '\n';
    if (HasRecord(outcome)) {
      const Json fields = Fields(record);
      for (const auto& [name, value] : fields.items()) {
        if (value.is_null()) continue;
        out_ << name << std::string(12 - name.size(), ' ')
             << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
      }
    } else {
      out_ << "not read    reason: " << Reason(outcome) << '\n';
      if (!trace.nearest.empty()) out_ << "nearest     " << trace.nearest << '\n';
    }
    if (!trace.expected.empty()) PointAt(line, trace);
  }

  void PointAt(std::string_view line, const ParseTrace& trace) {
    const auto place = PlaceOf(trace, line);
    if (!place) {
      out_ << "stopped at  " << PrintableUpTo(trace.stopped, kShownBytes) << '\n'
           << "expected    " << trace.expected << '\n';
      return;
    }
    // Of a long line the part around the place.
    const size_t begin = *place > kShownBytes / 2 ? *place - kShownBytes / 2 : 0;
    const std::string before = Printable(line.substr(begin, *place - begin));
    out_ << before << PrintableUpTo(line.substr(*place), kShownBytes) << '\n'
         << std::string(Columns(before), ' ') << "^ expected " << trace.expected << '\n';
  }

  void SayTooLong() {
    all_read_ = false;
    if (json_) {
      Write({{"reason", "too_long"}});
    } else {
      out_ << "not read    reason: too_long\n";
    }
  }

  void Write(const Json& json) {
    out_ << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  }

  LogParser parser_;
  bool json_;
  std::ostream& out_;
  bool all_read_ = true;
};

}  // namespace

namespace {

// Each line as it comes, so that `tail -f` may stand in front. Returns an errno value, 0 at the end.
int ReadStandardInput(LineSink& sink) {
  LineAssembler lines;
  std::vector<char> buffer(size_t{64} * 1024);
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    lines.Add(std::string_view(buffer.data(), static_cast<size_t>(count)), sink);
  }
  lines.Finish(sink);
  return 0;
}

}  // namespace

int Explain(const ExplainOptions& options, std::ostream& out, std::ostream& err) {
  auto parser = LogParser::Create(options.format);
  if (!parser) {
    err << parser.error().message << '\n';
    return 2;
  }
  Explainer explainer(std::move(*parser), options.json, out);
  for (const std::string& line : options.lines) explainer.ExplainLine(line);
  if (options.lines.empty()) {
    if (const int error = ReadStandardInput(explainer); error != 0) {
      err << "cannot read standard input: " << ErrnoText(error) << '\n';
      return 2;
    }
  }
  out << std::flush;
  return options.json || explainer.all_read() ? 0 : 1;
}

}  // namespace accesslog
