// The input is a column of times.
#include <array>
#include <ctime>

#include "fuzz/check.h"
#include "parse/clf_time.h"

namespace accesslog {
namespace {

constexpr size_t kZoneAt = 21;  // "+hhmm" in "08/Sep/2023:12:26:56 -0400"

int Number(std::string_view text, size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// `time` in the zone of `text`, as the log writes it, without the zone.
std::string Written(Time time, std::string_view text) {
  const int minutes = Number(text, kZoneAt + 1) * 60 + Number(text, kZoneAt + 3);
  std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  seconds += (text[kZoneAt] == '-' ? -60 : 60) * minutes;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> written{};
  return {written.data(),
          std::strftime(written.data(), written.size(), "%d/%b/%Y:%H:%M:%S ", &parts)};
}

void ReadTimes(std::string_view rest) {
  ClfTimeCache cache;
  while (!rest.empty()) {
    const std::string_view text = TakeLine(rest);
    const auto time = ParseClfTime(text);
    Check(cache.Parse(text) == time, "the cache reads what ParseClfTime reads");
    if (!time) continue;
    const bool leap_second = text.substr(18, 2) == "60";
    Check(leap_second || Written(*time, text) == text.substr(0, kZoneAt),
          "a time is written as it was read");
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadTimes(accesslog::AsText(data, size));
  return 0;
}
