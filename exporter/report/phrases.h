// The words and numbers that the text and the HTML of a report share, so that both say the same.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "report/report.h"

namespace accesslog {

// A figure of the period beside the same of the period before.
struct ComparedFigure {
  std::string name;
  std::string value;
  std::string change;  // "+12 %", "same", "was 0", "–" where nothing can be said
};
std::vector<ComparedFigure> ComparedFigures(const SiteReport& site);

// What has to be known to read the figures right; "" where that is nothing.
std::string CoverageOf(const SiteReport& site, const Period& period);

struct StatusLine {
  std::string status;
  std::string meaning;  // "Not Found"
  std::string count;
  std::string share;
  std::string change;
};
// The `most` that came most often, by number, and one line for all others.
std::vector<StatusLine> StatusLines(const SiteReport& site, size_t most);

// "200: 1,200, 404: 3", the most frequent first.
std::string CountsText(const CountByStatus& counts, size_t most);
std::string StatusText(uint16_t status);  // "404", "invalid"

struct LoginLine {
  std::string day;  // "Thu 2026-11-19"
  bool is_login_day = false;
  std::string members;
  std::string successes;
  std::string failures;
  std::string newcomers;
};
std::vector<LoginLine> LoginLines(const SiteReport& site);
// Labels of clients that were never seen before at a login path, and how many there are in all.
std::pair<std::vector<std::string>, uint64_t> NewcomersOf(const SiteReport& site, size_t most);

// "LoginBruteForce (warning) by 192.0.2.1: 12 in 1m, threshold 6"
std::string EpisodeText(const ReportEpisode& episode);
// "2026-11-19 09:58:10 to 10:02:30"
std::string EpisodeTime(const ReportEpisode& episode, const TimeZone& zone);
// "3 findings in 2 sites", or the sentence that there is none.
std::string FindingsText(const Report& report);

// What `write` gives with as much detail as there is room for.
std::string Fitting(size_t most_bytes, const std::function<std::string(const Detail&)>& write);

}  // namespace accesslog
