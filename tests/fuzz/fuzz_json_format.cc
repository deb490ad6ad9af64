// The input is a log in JSON, of which nlohmann/json says what is an object.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "fuzz/read_log.h"
#include "parse/json_format.h"
#include "parse/mend_json.h"

namespace accesslog {
namespace {

constexpr size_t kDeep = 500;  // simdjson goes no deeper than 1024

void CheckMended(std::string_view line) {
  TextArena texts;
  const std::string mended(MendJson(line, texts).text);
  if (!line.starts_with('{') || !nlohmann::json::accept(line)) return;
  Check(nlohmann::json::accept(mended), "what is JSON stays JSON");
  Check(nlohmann::json::parse(mended) == nlohmann::json::parse(line), "JSON needs no mending");
}

void CheckWhole(std::string_view line) {
  line = TrimLine(line);
  const auto nesting =
      std::count_if(line.begin(), line.end(), [](char c) { return c == '{' || c == '['; });
  if (!line.starts_with('{') || static_cast<size_t>(nesting) > kDeep) return;
  if (!nlohmann::json::accept(line)) return;
  LineParser parser = BuiltinParser("json");
  Record record;
  Check(parser.Parse(line, record) != ParseOutcome::kIncomplete, "an object is read to its end");
}

void ReadJson(std::string_view log) {
  static const LineParser kFresh = BuiltinParser("json");
  ReadLog(kFresh, log, Texts::kAnywhere);
  while (!log.empty()) {
    const std::string_view line = TakeLine(log);
    CheckMended(line);
    CheckWhole(line);
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadJson(accesslog::AsText(data, size));
  return 0;
}
