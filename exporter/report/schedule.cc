#include "report/schedule.h"

#include <algorithm>
#include <chrono>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr uint64_t kVersion = 1;
constexpr size_t kMostIdBytes = 64;
// Further ahead than any clock is set back on purpose.
constexpr Duration kMostAhead = std::chrono::hours{25};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<const char*, kPeriodKindCount> kExamples = {"07:00", "friday 08:00",
                                                                 "1 08:00"};

// 285,000 years, so that sums of two cannot overflow.
constexpr Duration kFarthest{int64_t{1} << 53U};

size_t Index(PeriodKind kind) { return static_cast<size_t>(kind); }

std::optional<int32_t> ParseTimeOfDay(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = ParseUint(text.substr(0, 2));
  const auto minute = ParseUint(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return static_cast<int32_t>(*hour * 3600 + *minute * 60);
}

std::optional<int> ParseDayOf(PeriodKind kind, std::string_view text) {
  if (kind == PeriodKind::kWeek) {
    const auto* found = std::find(kWeekdays.begin(), kWeekdays.end(), ToLower(text));
    if (found == kWeekdays.end()) return std::nullopt;
    return static_cast<int>(found - kWeekdays.begin());
  }
  const auto day = ParseUint(text);
  if (!day || *day < 1 || *day > 28) return std::nullopt;
  return static_cast<int>(*day);
}

bool IsDayOf(PeriodKind kind, const ReportTimes::When& when, int64_t day) {
  switch (kind) {
    case PeriodKind::kDay:
      return true;
    case PeriodKind::kWeek:
      return WeekdayOf(day) == when.day;
    case PeriodKind::kMonth: {
      const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
      return date.day() == std::chrono::day(static_cast<unsigned>(when.day));
    }
  }
  return false;
}

// The newest moment that is not in the future.
std::optional<DueReport> NewestDue(PeriodKind kind, const ReportTimes& times, Time now) {
  const auto& when = times.when[Index(kind)];
  if (!when) return std::nullopt;
  const int64_t today = times.zone.LocalDay(now);
  // A month has at most 31 days, and one may be too early today.
  for (int64_t day = today + 1; day >= today - 32; --day) {
    if (!IsDayOf(kind, *when, day)) continue;
    const Time due = times.zone.TimeOf(day, when->second);
    if (due <= now) return DueReport{LastPeriod(kind, day), due};
  }
  return std::nullopt;
}

}  // namespace

bool ReportTimes::IsAny() const {
  return std::any_of(when.begin(), when.end(), [](const auto& each) { return each.has_value(); });
}

Result<ReportTimes::When> ParseReportTime(PeriodKind kind, std::string_view text) {
  ReportTimes::When when;
  std::string_view time = text;
  bool good = true;
  if (kind != PeriodKind::kDay) {
    const size_t blank = text.find(' ');
    good = blank != std::string_view::npos;
    const auto day = ParseDayOf(kind, text.substr(0, blank));
    good = good && day.has_value();
    when.day = day.value_or(0);
    time = good ? text.substr(blank + 1) : "";
  }
  const auto second = ParseTimeOfDay(time);
  if (!good || !second) {
    std::string error = "\"" + PrintableUpTo(text, 40) +
                        "\" is no time of a report; write it as \"" + kExamples[Index(kind)] + "\"";
    if (kind == PeriodKind::kMonth) error += ", a day from 1 to 28";
    return Error{error + ", or \"\" for no such report"};
  }
  when.second = *second;
  return when;
}

void DeliveredReports::Begin(PeriodKind kind, Time now) {
  auto& done = done_[Index(kind)];
  if (!done) done = now;
}

void DeliveredReports::Add(PeriodKind kind, Time due, const std::string& id) {
  done_[Index(kind)] = due;
  if (Contains(id)) return;
  ids_.push_back(id);
  if (ids_.size() > kMostIds) ids_.pop_front();
}

void DeliveredReports::Correct(Time now) {
  for (auto& done : done_) {
    if (done && *done > now + kMostAhead) done = now;
  }
}

bool DeliveredReports::Contains(const std::string& id) const {
  return std::find(ids_.begin(), ids_.end(), id) != ids_.end();
}

void DeliveredReports::Save(ByteWriter& writer) const {
  writer.Number(kVersion);
  writer.Number(done_.size());
  for (const auto& done : done_) {
    writer.Flag(done.has_value());
    if (done) writer.Moment(*done);
  }
  writer.Number(ids_.size());
  for (const std::string& id : ids_) writer.Text(id);
}

bool DeliveredReports::Load(ByteReader& reader) {
  if (reader.Number() != kVersion || reader.Number() != done_.size()) return false;
  for (auto& done : done_) {
    if (!reader.Flag()) continue;
    done = reader.Moment();
    if (done->time_since_epoch() > kFarthest || done->time_since_epoch() < -kFarthest)
      reader.Fail();
  }
  for (uint64_t left = reader.NumberUpTo(kMostIds); left > 0 && reader.ok(); --left) {
    const std::string_view id = reader.Text();
    if (id.size() > kMostIdBytes) reader.Fail();
    ids_.emplace_back(id);
  }
  return reader.ok();
}

std::vector<DueReport> DueReports(const ReportTimes& times, const DeliveredReports& delivered,
                                  Time now) {
  std::vector<DueReport> reports;
  for (const PeriodKind kind : kPeriodKinds) {
    const auto done = delivered.done(kind);
    const auto due = NewestDue(kind, times, now);
    if (!done || !due || due->due <= *done || delivered.Contains(ReportId(due->period))) continue;
    reports.push_back(*due);
  }
  return reports;
}

}  // namespace accesslog
