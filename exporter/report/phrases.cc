#include "report/phrases.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr std::array<const char*, 7> kWeekdays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr const char* kUnknown = "–";

template <typename... Values>
std::string Formatted(const char* format, Values... values) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string BytesText(uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(bytes);
  size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  if (unit == 0) return Plural(bytes, "byte");
  return Formatted("%.1f %s", amount, kUnits[unit]);
}

// Whether the period before is as well known.
bool IsComparable(const SiteReport& site) {
  return site.now.days_known > 0 && site.before.days_known > 0 &&
         site.before.days_known * 8 >= site.now.days_known * 7;
}

std::string ChangeText(const SiteReport& site, uint64_t now, uint64_t before) {
  if (!IsComparable(site)) return kUnknown;
  if (now == before) return "same";
  if (before == 0) return "was 0";
  const double ratio = static_cast<double>(now) / static_cast<double>(before);
  if (ratio >= 10) return Formatted("%.0f times", ratio);
  const double percent = (ratio - 1) * 100;
  if (percent > -1 && percent < 1)
    return percent > 0 ? "up by less than 1 %" : "down by less than 1 %";
  return Formatted("%+.0f %%", percent);
}

uint64_t SumBetween(const CountByStatus& counts, uint16_t first, uint16_t last) {
  uint64_t sum = 0;
  for (auto at = counts.lower_bound(first); at != counts.end() && at->first <= last; ++at) {
    sum += at->second;
  }
  return sum;
}

LoginDay LoginSum(const PeriodFigures& figures) {
  LoginDay sum;
  for (const auto& [day, logins] : figures.logins) {
    sum.successes += logins.successes;
    sum.failures += logins.failures;
  }
  return sum;
}

const char* MeaningOf(uint16_t status) {
  struct Meaning {
    uint16_t status;
    const char* text;
  };
  // RFC 9110, and what nginx adds.
  static constexpr std::array<Meaning, 27> kMeanings = {{
      {0, "no status"},
      {101, "Switching Protocols"},
      {200, "OK"},
      {201, "Created"},
      {204, "No Content"},
      {206, "Partial Content"},
      {301, "Moved"},
      {302, "Found"},
      {303, "See Other"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {410, "Gone"},
      {413, "Content Too Large"},
      {429, "Too Many Requests"},
      {499, "Client Closed"},
      {500, "Internal Server Error"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
  }};
  const auto* found = std::find_if(kMeanings.begin(), kMeanings.end(),
                                   [status](const Meaning& each) { return each.status == status; });
  return found == kMeanings.end() ? "" : found->text;
}

std::string TimeText(const LocalTime& time) {
  return Formatted("%02d:%02d:%02d", time.second / 3600, time.second / 60 % 60, time.second % 60);
}

}  // namespace

std::vector<ComparedFigure> ComparedFigures(const SiteReport& site) {
  const PeriodFigures& now = site.now;
  const PeriodFigures& before = site.before;
  std::vector<ComparedFigure> figures;
  const auto add = [&](const char* name, uint64_t value, uint64_t was) {
    figures.push_back({name, WithThousands(value), ChangeText(site, value, was)});
  };
  add("Requests", SumOf(now.requests), SumOf(before.requests));
  add("Client errors (4xx)", SumBetween(now.requests, 400, 499),
      SumBetween(before.requests, 400, 499));
  add("Server errors (5xx)", SumBetween(now.requests, 500, 599),
      SumBetween(before.requests, 500, 599));
  figures.push_back({"Bytes sent", BytesText(now.response_bytes),
                     ChangeText(site, now.response_bytes, before.response_bytes)});
  add("Clients, each once a day", now.client_days, before.client_days);
  if (!now.logins.empty() || !before.logins.empty()) {
    const LoginDay logins = LoginSum(now);
    const LoginDay were = LoginSum(before);
    add("Logins", logins.successes, were.successes);
    add("Failed logins", logins.failures, were.failures);
  }
  return figures;
}

std::string CoverageOf(const SiteReport& site, const Period& period) {
  if (site.now.days_known == 0) return "Nothing is known of these days.";
  const auto days = static_cast<uint64_t>(period.length());
  if (site.now.days_known >= days) return "";
  return "There were requests on " + std::to_string(site.now.days_known) + " of " +
         Plural(days, "day") + " only.";
}

std::vector<StatusLine> StatusLines(const SiteReport& site, size_t most) {
  const uint64_t total = SumOf(site.now.requests);
  std::vector<uint64_t> counts;
  for (const auto& [status, count] : site.now.requests) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  const uint64_t least = counts.size() > most && most > 0 ? counts[most - 1] : 0;
  uint64_t others = total;
  uint64_t others_before = SumOf(site.before.requests);
  std::vector<StatusLine> lines;
  const auto add = [&](const std::string& name, const char* meaning, uint64_t count,
                       uint64_t before) {
    const double share = 100 * static_cast<double>(count) / static_cast<double>(total);
    lines.push_back({name, meaning, WithThousands(count), Formatted("%.1f %%", share),
                     ChangeText(site, count, before)});
  };
  for (const auto& [status, count] : site.now.requests) {
    if (count < least || lines.size() >= most) continue;
    const auto was = site.before.requests.find(status);
    const uint64_t before = was == site.before.requests.end() ? 0 : was->second;
    add(StatusText(status), MeaningOf(status), count, before);
    others -= count;
    others_before -= before;
  }
  if (others > 0) add("others", "", others, others_before);
  return lines;
}

std::string StatusText(uint16_t status) { return status == 0 ? "invalid" : std::to_string(status); }

std::string CountsText(const CountByStatus& counts, size_t most) {
  std::vector<std::pair<uint16_t, uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i == most) return text + ", …";
    if (i > 0) text += ", ";
    text += StatusText(sorted[i].first) + ": " + WithThousands(sorted[i].second);
  }
  return text;
}

std::vector<LoginLine> LoginLines(const SiteReport& site) {
  std::vector<LoginLine> lines;
  for (const auto& [day, logins] : site.now.logins) {
    const int weekday = WeekdayOf(day);
    lines.push_back({std::string(kWeekdays[static_cast<size_t>(weekday)]) + " " + FormatDay(day),
                     weekday == site.login_day, WithThousands(logins.member_count()),
                     WithThousands(logins.successes), WithThousands(logins.failures),
                     WithThousands(logins.newcomer_count())});
  }
  return lines;
}

std::pair<std::vector<std::string>, uint64_t> NewcomersOf(const SiteReport& site, size_t most) {
  std::vector<std::string> labels;
  uint64_t count = 0;
  for (const auto& [day, logins] : site.now.logins) {
    count += logins.newcomer_count();
    for (const std::string& label : logins.newcomers) {
      if (labels.size() < most) labels.push_back(label);
    }
  }
  return {labels, count};
}

std::string EpisodeText(const ReportEpisode& episode) {
  std::string text = episode.detection + " (" + episode.severity + ")";
  if (!episode.client.empty()) text += " by " + Printable(episode.client);
  return text + ": " + AmountText(episode.value) + " " + episode.noun + " in " + episode.window +
         ", threshold " + AmountText(episode.threshold);
}

std::string EpisodeTime(const ReportEpisode& episode, const TimeZone& zone) {
  const LocalTime first = zone.At(episode.first);
  const LocalTime last = zone.At(episode.last);
  std::string text = FormatDay(first.day) + " " + TimeText(first);
  if (first.day == last.day && first.second == last.second) return text;
  text += " to ";
  if (last.day != first.day) text += FormatDay(last.day) + " ";
  return text + TimeText(last);
}

std::string FindingsText(const Report& report) {
  const size_t found = report.episodes();
  if (found > 0) {
    const auto with = std::count_if(report.sites.begin(), report.sites.end(),
                                    [](const SiteReport& site) { return !site.episodes.empty(); });
    return Plural(found, "finding") + " in " + Plural(static_cast<uint64_t>(with), "site");
  }
  const bool quiet = std::any_of(report.sites.begin(), report.sites.end(),
                                 [](const SiteReport& site) { return site.IsQuiet(); });
  return quiet ? kNothingFound : "Nothing is known of these days.";
}

std::string Fitting(size_t most_bytes, const std::function<std::string(const Detail&)>& write) {
  static const std::array<Detail, 5> kDetails = [] {
    std::array<Detail, 5> details;
    details[1] = {12, 10, 4, 8, 1, 200, 10, 50};
    details[2] = {8, 5, 3, 4, 0, 0, 5, 50};
    details[3] = {5, 2, 2, 1, 0, 0, 0, 50};
    details[4] = {3, 0, 0, 0, 0, 0, 0, 12};
    return details;
  }();
  std::string text;
  for (const Detail& detail : kDetails) {
    text = write(detail);
    if (text.size() <= most_bytes) break;
  }
  return text;
}

}  // namespace accesslog
