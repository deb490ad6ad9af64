// The input is a log. Every line goes through every built-in format.
#include <vector>

#include "fuzz/read_log.h"
#include "parse/builtin_formats.h"

namespace accesslog {
namespace {

// One format's parser that reads the whole log, beside new ones that read one line each.
class Watched {
 public:
  explicit Watched(const BuiltinFormat& format)
      : fresh_(format.format),
        parser_(fresh_),
        texts_(format.name == "json" ? Texts::kAnywhere : Texts::kOfTheLine) {}

  void Read(std::string_view line) {
    Record record;
    const ParseOutcome outcome = parser_.Parse(line, record);
    const std::string broken = BrokenLaw(line, outcome, record, texts_);
    Check(broken.empty(), broken);
    ExpectSame(line, outcome, record, "another line before changes a line");
    ExpectSame(std::string(line) + "\r", outcome, record, "a carriage return changes a line");
    ExpectSame(std::string(1, '\0') + std::string(line), outcome, record, "a NUL changes a line");
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
  Texts texts_;
};

// iis is left out: there, lines are to change how others are read.
std::vector<Watched> WatchAll() {
  std::vector<Watched> parsers;
  for (const BuiltinFormat& format : BuiltinFormats()) {
    if (format.name != "iis") parsers.emplace_back(format);
  }
  return parsers;
}

void ReadAllFormats(std::string_view log) {
  static const std::vector<Watched> kFresh = WatchAll();
  std::vector<Watched> parsers = kFresh;
  while (!log.empty()) {
    const std::string_view line = TakeLine(log);
    for (Watched& parser : parsers) parser.Read(line);
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadAllFormats(accesslog::AsText(data, size));
  return 0;
}
