#include "parse/time_reader.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "parse/civil_time.h"
#include "parse/number.h"

namespace accesslog {
namespace {

constexpr double kLastSecond = 253402300799;  // of the year 9999
constexpr size_t kIsoSeconds = 19;            // 2023-09-08T12:26:56

bool HasIsoPunctuation(std::string_view text) {
  return text.size() >= kIsoSeconds && text[4] == '-' && text[7] == '-' &&
         (text[10] == 'T' || text[10] == ' ' || text[10] == 't') && text[13] == ':' &&
         text[16] == ':';
}

}  // namespace

TimeMatch ReadIsoTime(std::string_view text) {
  if (!HasIsoPunctuation(text)) return {};
  CivilTime civil;
  civil.year = ReadDigits(text, 4);
  civil.month = ReadDigits(text.substr(5), 2);
  civil.day = ReadDigits(text.substr(8), 2);
  civil.hour = ReadDigits(text.substr(11), 2);
  civil.minute = ReadDigits(text.substr(14), 2);
  civil.second = ReadDigits(text.substr(17), 2);
  if (std::min({civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second}) < 0) {
    return {};
  }
  size_t length = kIsoSeconds;
  if (length + 1 < text.size() && (text[length] == '.' || text[length] == ',')) {
    const size_t digits = ReadFraction(text.substr(length + 1), civil.millisecond);
    if (digits > 0) length += 1 + digits;
  }
  length += ReadZone(text.substr(length), civil.zone_minutes);
  return {length, ToTime(civil)};
}

std::optional<Time> ReadEpoch(std::string_view text, double per_second) {
  const auto number = ParseDecimal(text);
  if (!number || *number < 0 || *number / per_second > kLastSecond) return std::nullopt;
  return Time{Duration{std::llround(*number / per_second * 1000)}};
}

std::optional<Time> ReadAnyTime(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  if (text.size() == kClfTimeLength) {
    if (const auto time = ParseClfTime(text)) return time;
  }
  const TimeMatch iso = ReadIsoTime(text);
  if (iso.length > 0) return iso.length == text.size() ? iso.time : std::nullopt;
  const auto number = ParseDecimal(text);
  if (!number) return std::nullopt;
  // 1e11 seconds are in the year 5138, 1e11 milliseconds in 1973.
  for (const double per_second : {1.0, 1e3, 1e6, 1e9}) {
    if (*number < 1e11 * per_second) return ReadEpoch(text, per_second);
  }
  return std::nullopt;
}

}  // namespace accesslog
