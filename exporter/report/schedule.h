// When reports are due: "friday 08:00", "07:00", "1 08:00", by the clock on the wall. Pure: told
// the time and what was delivered, it says what is due. The app asks it every second.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/time_zone.h"
#include "report/period.h"

namespace accesslog {

// Each kind of period at one moment of each period. A moment that the clock leaves out is the one
// at which it is put forward; of one that it shows twice, the first.
struct ReportTimes {
  struct When {
    int day = 0;  // of the week, Monday is 0; of the month, 1 to 28; of no meaning for days
    int32_t second = 0;

    bool operator==(const When&) const = default;
  };
  std::array<std::optional<When>, kPeriodKindCount> when;
  TimeZone zone;

  bool IsAny() const;
};

// "07:00", "friday 08:00" or "1 08:00"; the error says what was expected.
Result<ReportTimes::When> ParseReportTime(PeriodKind kind, std::string_view text);

// What was sent, and since when anything could be. Part of the state.
class DeliveredReports {
 public:
  // Reports that were due before are no business of an exporter that was not there.
  void Begin(PeriodKind kind, Time now);
  // They are not wanted any more.
  void End(PeriodKind kind) { done_[static_cast<size_t>(kind)].reset(); }
  // The report that was due at `due` is with Alertmanager.
  void Add(PeriodKind kind, Time due, const std::string& id);
  // A clock that was wrong for a while must not stop reports until then.
  void Correct(Time now);

  bool Contains(const std::string& id) const;
  // Up to when all that was due is done; nothing before Begin.
  std::optional<Time> done(PeriodKind kind) const { return done_[static_cast<size_t>(kind)]; }

  void Save(ByteWriter& writer) const;
  bool Load(ByteReader& reader);

  bool operator==(const DeliveredReports&) const = default;

 private:
  static constexpr size_t kMostIds = 64;

  std::array<std::optional<Time>, kPeriodKindCount> done_{};
  std::deque<std::string> ids_;
};

struct DueReport {
  Period period;
  Time due{};
};

// Of each kind the newest that is due and not delivered: what was missed before that is history.
std::vector<DueReport> DueReports(const ReportTimes& times, const DeliveredReports& delivered,
                                  Time now);

}  // namespace accesslog
