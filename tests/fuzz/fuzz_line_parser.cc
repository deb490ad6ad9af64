// The input is a log. Every line goes through every built-in format and through `auto`.
#include <vector>

#include "fuzz/check.h"
#include "parse/log_parser.h"
#include "parse/parsed_line.h"
#include "parse/record_laws.h"

namespace accesslog {
namespace {

bool Same(const Record& a, const Record& b) {
  return a.client == b.client && a.address == b.address && a.user == b.user &&
         a.request == b.request && a.method_text == b.method_text && a.path == b.path &&
         a.query == b.query && a.protocol == b.protocol && a.referer == b.referer &&
         a.user_agent == b.user_agent && a.host == b.host && a.time == b.time &&
         a.bytes == b.bytes && a.status == b.status && a.method == b.method;
}

// One format's parser that reads the whole log, beside new ones that read one line each.
class Watched {
 public:
  explicit Watched(const char* format) : fresh_(BuiltinParser(format)), parser_(fresh_) {}

  bool Reads(std::string_view line) {
    Record record;
    const ParseOutcome outcome = parser_.Parse(line, record);
    const std::string broken = BrokenLaw(line, outcome, record);
    Check(broken.empty(), broken);
    ExpectSame(line, outcome, record, "another line before changes a line");
    ExpectSame(std::string(line) + "\r", outcome, record, "a carriage return changes a line");
    ExpectSame(std::string(1, '\0') + std::string(line), outcome, record, "a NUL changes a line");
    return HasRecord(outcome);
  }

 private:
  void ExpectSame(std::string_view variant, ParseOutcome outcome, const Record& record,
                  const std::string& law) const {
    LineParser parser = fresh_;
    Record again;
    Check(parser.Parse(variant, again) == outcome, law);
    Check(Same(again, record), law);
  }

  LineParser fresh_;
  LineParser parser_;
};

void ReadLog(std::string_view log) {
  static const LogParser kFreshAuto = *LogParser::Create("auto");
  static const std::vector<Watched> kFresh = {
      Watched("common"), Watched("combined"), Watched("vhost_combined")};
  LogParser automatic = kFreshAuto;
  std::vector<Watched> parsers = kFresh;
  while (!log.empty()) {
    const std::string_view line = TakeLine(log);
    bool readable = false;
    for (Watched& parser : parsers) readable = parser.Reads(line) || readable;
    Record record;
    const ParseOutcome outcome = automatic.Parse(line, record);
    const std::string broken = BrokenLaw(line, outcome, record);
    Check(broken.empty(), broken);
    Check(HasRecord(outcome) == readable, "auto reads what a built-in format reads");
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadLog(accesslog::AsText(data, size));
  return 0;
}
