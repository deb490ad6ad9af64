// Local days and hours: the calendar that reports, login days and schedules follow. A TimeZone is a
// value, cheap to copy and read by any number of threads; it reads one file of the system's time
// zone database when it is made, and nothing later. The default one is UTC.
//
// A day is the count of days since 1970-01-01 of the local calendar.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "base/zone_rule.h"

namespace accesslog {

struct ZoneFile;

// Monday is 0.
int WeekdayOf(int64_t day);
// "2026-11-22"
std::string FormatDay(int64_t day);
// The day of exactly such a text; nothing for another, or a date that does not exist.
std::optional<int64_t> ParseDay(std::string_view text);

// What a clock on the wall and the calendar beside it show.
struct LocalTime {
  int64_t day = 0;
  int32_t second = 0;  // since the midnight that the clock shows, so 0 to 86399

  int hour() const { return second / 3600; }
};

class TimeZone {
 public:
  TimeZone() = default;  // UTC

  // "Europe/Istanbul". "UTC" is known without a database. The error names what is missing.
  static Result<TimeZone> Named(std::string_view name,
                                const std::string& database = "/usr/share/zoneinfo");
  // The machine's: TZ, else /etc/localtime, else UTC.
  static TimeZone Local();

  // That of which name() told before, maybe on another machine; UTC where it is unknown here.
  static TimeZone Of(const std::string& name);

  // As configured; "local" where the machine does not tell its own.
  const std::string& name() const { return name_; }

  // The offset at this moment, and from when to when it holds.
  OffsetSpan OffsetAt(Time time) const;
  LocalTime At(Time time) const;
  int64_t LocalDay(Time time) const { return At(time).day; }

  // When the wall clock first shows this second of that day. What it never shows, since it is put
  // forward over it, is the moment at which it is put forward.
  Time TimeOf(int64_t day, int32_t second) const;
  Time StartOfDay(int64_t day) const { return TimeOf(day, 0); }

 private:
  static std::optional<TimeZone> FromFile(const std::string& path, std::string name);
  static std::optional<TimeZone> FromVariable(std::string_view value);

  std::string name_ = "UTC";
  std::shared_ptr<const ZoneFile> file_;  // none is UTC
};

// The zone beside the stretch of its last answer: a few nanoseconds for one log line after another.
class ZoneCursor {
 public:
  explicit ZoneCursor(TimeZone zone = {}) : zone_(std::move(zone)) {}

  LocalTime At(Time time) {
    const int64_t second =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    if (second < span_.begin || second >= span_.end) span_ = zone_.OffsetAt(time);
    return Shown(second + span_.offset);
  }
  int64_t LocalDay(Time time) { return At(time).day; }

  const TimeZone& zone() const { return zone_; }

  // What the wall clock shows at this count of local seconds.
  static LocalTime Shown(int64_t local_second) {
    constexpr int64_t kDay = 86400;
    const int64_t day = (local_second >= 0 ? local_second : local_second - (kDay - 1)) / kDay;
    return {day, static_cast<int32_t>(local_second - day * kDay)};
  }

 private:
  TimeZone zone_;
  OffsetSpan span_;  // empty at first
};

}  // namespace accesslog
