#include "app/report.h"

#include <filesystem>
#include <ostream>
#include <utility>

#include "app/report_source.h"
#include "base/text.h"
#include "report/alert.h"
#include "report/alertmanager.h"
#include "state/state_store.h"

namespace accesslog {
namespace {

constexpr int kFailed = 2;

Result<std::vector<ReportSource>> ReadSources(const ReportCommand& command) {
  std::error_code ignored;
  if (!std::filesystem::exists(command.state_file, ignored)) {
    return Error{"there is no state file " + Printable(command.state_file)};
  }
  const Result<Snapshot> snapshot = StateStore::Read(command.state_file);
  if (!snapshot) return snapshot.error();
  Result<std::vector<ReportSource>> sources = SourcesOf(*snapshot);
  if (!sources || command.site.empty()) return sources;
  std::string known;
  for (const ReportSource& source : *sources) {
    if (source.site == command.site) return std::vector<ReportSource>{source};
    known += (known.empty() ? "" : ", ") + Printable(source.site);
  }
  return Error{"the state tells of no site \"" + Printable(command.site) + "\"" +
               (known.empty() ? "" : "; it tells of " + known)};
}

Result<Period> PeriodOf(const ReportCommand& command, int64_t today) {
  const auto kind = PeriodFromName(command.period);
  if (!kind) return Error{"--period is day, week or month"};
  if (command.period_end.empty()) return LastPeriod(*kind, today);
  const auto day = ParseDay(command.period_end);
  if (!day) return Error{"--period-end must be a day such as 2026-11-19"};
  return PeriodEndingWith(*kind, *day);
}

int SendReport(const Report& report, const ReportCommand& command, std::ostream& out,
               std::ostream& err) {
  if (command.options.alertmanager.urls.empty()) {
    err << "no Alertmanager to send to; name it with --alertmanager.url, or in [report] of the "
           "configuration\n";
    return kFailed;
  }
  const SendOutcome outcome = PostAlerts(command.options.alertmanager, ReportAlert(report));
  for (const std::string& error : outcome.errors) err << error << '\n';
  if (!outcome.delivered) return kFailed;
  out << "the report " << report.id() << " is with Alertmanager\n";
  return 0;
}

}  // namespace

int WriteReport(const ReportCommand& command, const Clock& clock, std::ostream& out,
                std::ostream& err) {
  const Time now = clock();
  const TimeZone& zone = command.options.times.zone;
  const Result<Period> period = PeriodOf(command, zone.LocalDay(now));
  if (!period) {
    err << period.error().message << '\n';
    return kFailed;
  }
  const auto sources = ReadSources(command);
  if (!sources) {
    err << sources.error().message << '\n';
    return kFailed;
  }
  Report report = MakeReport(*period, now, zone, *sources);
  Sign(report, command.options.name);
  if (command.send) return SendReport(report, command, out, err);
  if (command.format == "json") {
    out << ReportJson(report);
  } else if (command.format == "html") {
    out << "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Access log report</title>\n"
        << ReportHtml(report);
  } else {
    out << ReportText(report);
  }
  return 0;
}

}  // namespace accesslog
