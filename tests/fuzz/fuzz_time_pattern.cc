// The first line of the input is a time pattern, the others are times; they go through the readers
// of all other times and numbers, too.
#include "fuzz/read_log.h"
#include "parse/number.h"
#include "parse/time_pattern.h"
#include "parse/time_reader.h"

namespace accesslog {
namespace {

constexpr Time kFirst{std::chrono::hours{-24}};  // the zones
constexpr Time kLast{std::chrono::seconds{253402300800 + 86400}};

void CheckTime(const std::optional<Time>& time) {
  Check(!time || (*time >= kFirst && *time <= kLast), "a time lies in the years 1970 to 9999");
}

template <typename Match, typename Read>
void CheckMatch(std::string_view text, const Match& match, const Read& read) {
  Check(match.length <= text.size(), "a time is no longer than its text");
  Check(match.length > 0 || !match.time, "there is no time without a text");
  CheckTime(match.time);
  const Match again = read(text.substr(0, match.length));
  Check(again.length == match.length && again.time == match.time,
        "what stands behind a time does not change it");
}

void CheckNumbers(std::string_view text) {
  const auto decimal = ParseDecimal(text);
  const auto duration = ParseDurationText(text);
  Check(!decimal || *decimal - *decimal == 0, "a number is finite");
  Check(!duration || *duration - *duration == 0, "a duration is finite");
  Check(!decimal || duration == decimal, "a number without a unit is seconds");
  for (const double per_second : {1.0, 1e3, 1e6, 1e9}) {
    const auto time = ReadEpoch(text, per_second);
    CheckTime(time);
    Check(!time || decimal, "an epoch is a number");
  }
}

void ReadTimes(std::string_view rest) {
  const auto pattern = TimePattern::Compile(TakeLine(rest));
  if (!pattern) CheckMessage(pattern.error());
  while (!rest.empty()) {
    const std::string_view text = TakeLine(rest);
    if (pattern) {
      const auto read = [&](std::string_view part) { return pattern->Read(part); };
      CheckMatch(text, read(text), read);
    }
    CheckMatch(text, ReadIsoTime(text), ReadIsoTime);
    CheckTime(ReadAnyTime(text));
    CheckNumbers(text);
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadTimes(accesslog::AsText(data, size));
  return 0;
}
