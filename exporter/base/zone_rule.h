// The yearly rule of a time zone as POSIX writes it, "CET-1CEST,M3.5.0,M10.5.0/3": what TZ may
// hold, and how a zone file (RFC 8536, 3.3) says what follows its last change. time_zone uses it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace accesslog {

// A stretch of time of one offset: [begin, end), in seconds since the epoch.
struct OffsetSpan {
  int64_t begin = 0;
  int64_t end = 0;
  int32_t offset = 0;  // seconds east of UTC
};

class ZoneRule {
 public:
  // Nothing unless the whole text is a rule.
  static std::optional<ZoneRule> Parse(std::string_view text);

  // The stretch that holds `second`, a moment of the years 0 to 9999.
  OffsetSpan At(int64_t second) const;

 private:
  // "M3.5.0/2" (fifth, that is last, Sunday of March), "J60" (never February 29th) or "59".
  struct Change {
    enum class Kind : uint8_t { kMonth, kDayWithoutLeap, kDay } kind = Kind::kMonth;
    int month = 1;
    int week = 1;
    int day = 0;
    int32_t second = 7200;  // of the local day; may lie outside of it

    // Local seconds since the epoch.
    int64_t In(int year) const;
  };
  class Reader;

  int32_t standard_ = 0;
  int32_t summer_ = 0;
  bool has_summer_ = false;
  Change begin_;  // of summer, in standard time
  Change end_;    // of summer, in summer time
};

}  // namespace accesslog
