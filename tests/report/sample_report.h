// A report with a little of everything, and hostile bytes wherever a log has a say.
#pragma once

#include <array>
#include <string>

#include "report/report.h"

namespace accesslog {

inline constexpr const char* kHostile =
    "<script>alert(\"x\")</script>&amp;'\x1b[31m\xff\xE2\x80\xAE";

inline std::string SavedDay(uint64_t requests, uint64_t errors, bool is_login_day = false) {
  DayRecord record;
  record.requests[200] = requests;
  if (errors > 0) record.requests[404] = errors;
  record.response_bytes = requests * 1000;
  const auto add = [&](uint32_t number, uint16_t status, uint64_t count) {
    const std::array<ClientTable::StatusCount, 1> counts = {{{status, count}}};
    record.Add({0, 0xFFFF00000000U | (0xC0000200U + number)}, "", counts);
  };
  add(1, 200, requests / 2);
  if (errors > 0) add(1, 404, errors);
  add(2, 200, requests / 4);
  record.dropped_rows = 3;
  if (is_login_day) {
    record.logins.successes = 40;
    record.logins.failures = 12;
    for (uint64_t member = 0; member < 31; ++member) record.logins.AddMember(member);
    record.logins.AddNewcomer("198.51.100.7");
    record.logins.AddNewcomer("<script>\xE2\x80\xAE");
  }
  ByteWriter writer;
  record.Save(writer);
  return writer.Take();
}

inline constexpr int64_t kFriday = 20777;  // 2026-11-20
inline Time OnDay(int64_t day, int second = 0) {
  return Time(std::chrono::days(day)) + std::chrono::seconds(second);
}

inline ReportSource BusySite() {
  ReportSource source;
  source.site = "intranet";
  source.login_day = 3;
  for (int64_t day = kFriday - 14; day < kFriday; ++day) {
    const bool is_now = day >= kFriday - 7;
    source.days.days[day] =
        SavedDay(is_now ? 1200 : 1000, is_now ? 40 : 80, (kFriday - day) % 7 == 1);
  }
  source.episodes.push_back({"FailedRequests",
                             "info",
                             "192.0.2.1",
                             OnDay(kFriday - 3, 60),
                             OnDay(kFriday - 3, 90),
                             7,
                             5,
                             "5m",
                             "failed requests",
                             {"plain line"}});
  source.episodes.push_back({"LoginBruteForce",
                             "warning",
                             kHostile,
                             OnDay(kFriday - 2, 3600),
                             OnDay(kFriday - 2, 3700),
                             12,
                             6,
                             "1m",
                             "failed logins",
                             {kHostile, std::string(5000, 'A')}});
  source.episodes.push_back({"LoginBruteForce",
                             "warning",
                             "203.0.113.9",
                             OnDay(kFriday - 20),
                             OnDay(kFriday - 19),
                             12,
                             6,
                             "1m",
                             "failed logins",
                             {}});
  return source;
}

inline ReportSource QuietSite() {
  ReportSource source;
  source.site = "shop";
  for (int64_t day = kFriday - 3; day < kFriday; ++day) source.days.days[day] = SavedDay(20, 0);
  return source;
}

inline Report SampleReport(const std::vector<ReportSource>& sources = {BusySite(), QuietSite()}) {
  Report report = MakeReport(LastPeriod(PeriodKind::kWeek, kFriday), OnDay(kFriday, 8 * 3600),
                             TimeZone(), sources);
  report.exporter = "web1";
  report.version = "accesslog_exporter 1.2.3";
  return report;
}

}  // namespace accesslog
