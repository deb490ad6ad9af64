// What the fuzz targets over compiled formats share: laws of messages, and of a whole log.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/text.h"
#include "fuzz/check.h"
#include "parse/line_format.h"
#include "parse/parsed_line.h"
#include "parse/record_laws.h"

namespace accesslog {

// Messages go to terminals, each on one line.
inline void CheckMessage(const Error& error) {
  Check(!error.message.empty(), "an error has a message");
  Check(error.message.find('\n') == std::string::npos, "a message is one line");
  Check(Printable(error.message) == error.message, "a message is printable");
}

inline bool Same(const Record& a, const Record& b) {
  return a.client == b.client && a.address == b.address && a.user == b.user &&
         a.request == b.request && a.method_text == b.method_text && a.path == b.path &&
         a.query == b.query && a.protocol == b.protocol && a.referer == b.referer &&
         a.user_agent == b.user_agent && a.host == b.host && a.time == b.time &&
         a.bytes == b.bytes && a.status == b.status && a.method == b.method &&
         a.duration == b.duration;
}

// Every line by one parser, and by a new one: no line changes another.
inline void ReadLog(const LineParser& fresh, std::string_view log, Texts texts) {
  LineParser parser = fresh;
  while (!log.empty()) {
    const std::string_view line = TakeLine(log);
    Record record;
    ParseTrace trace;
    const ParseOutcome outcome = parser.Parse(line, record, &trace);
    const std::string broken = BrokenLaw(line, outcome, record, texts);
    Check(broken.empty(), broken);
    LineParser other = fresh;
    Record again;
    Check(other.Parse(line, again) == outcome, "another line before changes the outcome");
    Check(Same(record, again), "another line before changes a record");
  }
}

// The log `rest` by the format that was compiled from the server's own words.
inline void ReadLogAs(const Result<FormatSpec>& spec, std::string_view rest) {
  if (!spec) return CheckMessage(spec.error());
  const auto format = LineFormat::Compile(*spec);
  if (!format) return CheckMessage(format.error());
  const Texts texts = spec->escape == Escape::kJson ? Texts::kAnywhere : Texts::kOfTheLine;
  ReadLog(LineParser(*format), rest, texts);
}

}  // namespace accesslog
