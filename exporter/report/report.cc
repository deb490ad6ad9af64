#include "report/report.h"

#include <algorithm>
#include <array>

namespace accesslog {
namespace {

int RankOf(std::string_view severity) {
  if (severity == "critical") return 0;
  return severity == "warning" ? 1 : 2;
}

bool Overlaps(const ReportEpisode& episode, const TimeZone& zone, const Period& period) {
  return zone.LocalDay(episode.last) >= period.first_day &&
         zone.LocalDay(episode.first) <= period.last_day;
}

SiteReport ReportOf(const ReportSource& source, const Period& period) {
  const Period before = PeriodBefore(period);
  SiteReport site;
  site.site = source.site;
  site.zone = source.days.zone;
  site.now = FiguresOf(source.days, period.first_day, period.last_day);
  site.before = FiguresOf(source.days, before.first_day, before.last_day);
  site.login_day = source.login_day;
  for (const ReportEpisode& episode : source.episodes) {
    if (Overlaps(episode, site.zone, period)) site.episodes.push_back(episode);
  }
  std::stable_sort(site.episodes.begin(), site.episodes.end(),
                   [](const ReportEpisode& a, const ReportEpisode& b) {
                     const int left = RankOf(a.severity);
                     const int right = RankOf(b.severity);
                     return left != right ? left < right : a.first < b.first;
                   });
  return site;
}

}  // namespace

size_t Report::episodes() const {
  size_t count = 0;
  for (const SiteReport& site : sites) count += site.episodes.size();
  return count;
}

Report MakeReport(const Period& period, Time now, const TimeZone& zone,
                  const std::vector<ReportSource>& sources) {
  Report report;
  report.period = period;
  report.made = now;
  report.zone = zone;
  for (const ReportSource& source : sources) report.sites.push_back(ReportOf(source, period));
  return report;
}

}  // namespace accesslog
