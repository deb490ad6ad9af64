#include "parse/clf_time.h"

#include <cstring>

#include "parse/civil_time.h"

namespace accesslog {
namespace {

bool HasPunctuation(std::string_view text) {
  return text[2] == '/' && text[6] == '/' && text[11] == ':' && text[14] == ':' &&
         text[17] == ':' && text[20] == ' ' && (text[21] == '+' || text[21] == '-');
}

}  // namespace

std::optional<Time> ParseClfTime(std::string_view text) {
  if (text.size() != kClfTimeLength || !HasPunctuation(text)) return std::nullopt;
  CivilTime civil;
  civil.day = ReadDigits(text, 2);
  civil.month = MonthFromName(text.substr(3, 3));
  civil.year = ReadDigits(text.substr(7), 4);
  civil.hour = ReadDigits(text.substr(12), 2);
  civil.minute = ReadDigits(text.substr(15), 2);
  civil.second = ReadDigits(text.substr(18), 2);
  const int zone_hour = ReadDigits(text.substr(22), 2);
  const int zone_minute = ReadDigits(text.substr(24), 2);
  if (zone_hour < 0 || zone_minute < 0 || zone_minute > 59) return std::nullopt;
  civil.zone_minutes = (zone_hour * 60 + zone_minute) * (text[21] == '-' ? -1 : 1);
  return ToTime(civil);
}

namespace {

uint64_t WordAt(const char* text) {
  uint64_t word = 0;
  std::memcpy(&word, text, sizeof(word));
  return word;
}

// Four words, the last of which overlaps; memcmp costs a call.
bool SameText(const char* a, const char* b) {
  const auto differ = [&](size_t at) { return WordAt(a + at) ^ WordAt(b + at); };
  return (differ(0) | differ(8) | differ(16) | differ(kClfTimeLength - 8)) == 0;
}

}  // namespace

std::optional<Time> ClfTimeCache::Parse(std::string_view text) {
  if (text.size() != kClfTimeLength) return std::nullopt;
  if (!SameText(text.data(), text_)) {
    std::memcpy(text_, text.data(), kClfTimeLength);
    time_ = ParseClfTime(text);
  }
  return time_;
}

}  // namespace accesslog
