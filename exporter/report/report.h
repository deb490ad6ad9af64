// What a report says, before it is text, HTML or JSON. Made by the app from live sites or a state
// file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "daily/day_figures.h"
#include "report/period.h"

namespace accesslog {

// One detection from its first to its last moment; of detect, in words.
struct ReportEpisode {
  std::string detection;
  std::string severity;
  std::string client;  // "" for the whole site
  Time first{};
  Time last{};
  double value = 0;  // a share where it is below 1
  double threshold = 0;
  std::string window;
  std::string noun;  // what was counted, as in "failed logins"
  std::vector<std::string> samples;  // escaped lines
};

// A site as it was copied.
struct ReportSource {
  std::string site;
  LedgerCopy days;
  std::vector<ReportEpisode> episodes;
  std::optional<int> login_day;  // Monday is 0
};

struct SiteReport {
  std::string site;
  TimeZone zone;
  PeriodFigures now;
  PeriodFigures before;
  std::vector<ReportEpisode> episodes;  // that overlap the period: the worst first, then by time
  std::optional<int> login_day;

  // Nothing was found, in days of which something is known.
  bool IsQuiet() const { return episodes.empty() && now.days_known > 0; }
};

struct Report {
  Period period;
  Time made{};
  TimeZone zone;         // of `made`
  std::string exporter;  // whose report this is: the name of the machine
  std::string version;
  std::vector<SiteReport> sites;

  std::string id() const { return ReportId(period); }
  size_t episodes() const;
};

Report MakeReport(const Period& period, Time now, const TimeZone& zone,
                  const std::vector<ReportSource>& sources);

// The sentence of the scripts that this replaces.
inline constexpr const char* kNothingFound = "No unusual login attempts or errors found.";

// How much a report shows of each site. Reports that are too large are written with less.
struct Detail {
  size_t statuses = 25;
  size_t clients = 10;
  size_t statuses_of_client = 6;
  size_t episodes = 15;
  size_t samples = 3;
  size_t sample_bytes = 300;
  size_t newcomers = 20;
  size_t sites = 50;
};

std::string ReportSubject(const Report& report);
// Both in at most `most_bytes`, but for what one line of each site takes.
inline constexpr size_t kMostReportBytes = size_t{90} * 1024;
std::string ReportText(const Report& report, size_t most_bytes = kMostReportBytes);
std::string ReportHtml(const Report& report, size_t most_bytes = kMostReportBytes);
// All that is known, with nothing left out.
std::string ReportJson(const Report& report);

}  // namespace accesslog
