#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/time_format.h"
#include "report/phrases.h"
#include "report/report.h"

namespace accesslog {
namespace {

size_t WidthOf(std::string_view text) {
  // Bytes of UTF-8 that begin a character.
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  }));
}

// Rows of columns, each as wide as its widest cell; the first is left-aligned, the others as
// `right`.
class TextTable {
 public:
  explicit TextTable(std::vector<bool> right) : right_(std::move(right)) {}

  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  std::string Text() const {
    std::vector<size_t> widths(right_.size());
    for (const auto& row : rows_) {
      for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidthOf(row[i]));
    }
    std::string text;
    for (const auto& row : rows_) {
      std::string line = " ";
      for (size_t i = 0; i < row.size(); ++i) {
        const std::string padding(widths[i] - WidthOf(row[i]), ' ');
        line += " " + (right_[i] ? padding + row[i] : row[i] + padding) + " ";
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
    return text;
  }

 private:
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

void AddFigures(const SiteReport& site, const Detail& detail, const char* before,
                std::string& text) {
  TextTable figures({false, true, true});
  figures.Add({"", "", std::string("to the ") + before + " before"});
  for (const ComparedFigure& figure : ComparedFigures(site)) {
    figures.Add({figure.name, figure.value, figure.change});
  }
  text += figures.Text() + "\nStatus\n";
  TextTable statuses({false, false, true, true, true});
  for (const StatusLine& line : StatusLines(site, detail.statuses)) {
    statuses.Add({line.status, line.meaning, line.count, line.share, line.change});
  }
  text += statuses.Text();
}

void AddClients(const SiteReport& site, const Detail& detail, std::string& text) {
  if (detail.clients == 0 || site.now.clients.empty()) return;
  text += "\nTop clients\n";
  TextTable clients({false, true, false});
  for (size_t i = 0; i < std::min(detail.clients, site.now.clients.size()); ++i) {
    const ClientFigures& client = site.now.clients[i];
    clients.Add({Printable(client.client), WithThousands(client.requests),
                 CountsText(client.by_status, detail.statuses_of_client)});
  }
  text += clients.Text();
}

void AddLogins(const SiteReport& site, const Detail& detail, std::string& text) {
  const auto lines = LoginLines(site);
  if (lines.empty()) return;
  text += "\nLogins\n";
  TextTable logins({false, true, true, true, true, false});
  logins.Add({"", "members", "logins", "failed", "new clients", ""});
  for (const LoginLine& line : lines) {
    logins.Add({line.day, line.members, line.successes, line.failures, line.newcomers,
                line.is_login_day ? "login day" : ""});
  }
  text += logins.Text();
  const auto [labels, count] = NewcomersOf(site, detail.newcomers);
  if (labels.empty()) return;
  text += "\nNever seen before at a login path\n";
  for (const std::string& label : labels) text += "  " + Printable(label) + "\n";
  if (count > labels.size()) text += "  and " + WithThousands(count - labels.size()) + " more\n";
}

void AddEpisodes(const SiteReport& site, const Detail& detail, std::string& text) {
  if (site.episodes.empty()) return;
  text += "\n" + Plural(site.episodes.size(), "finding") + "\n";
  const size_t shown = std::min(detail.episodes, site.episodes.size());
  for (size_t i = 0; i < shown; ++i) {
    const ReportEpisode& episode = site.episodes[i];
    text += "  " + EpisodeText(episode) + "\n    " + EpisodeTime(episode, site.zone) + "\n";
    for (size_t s = 0; s < std::min(detail.samples, episode.samples.size()); ++s) {
      text += "    > " + PrintableUpTo(episode.samples[s], detail.sample_bytes) + "\n";
    }
  }
  if (shown > 0 && shown < site.episodes.size()) {
    text += "  and " + WithThousands(site.episodes.size() - shown) + " more\n";
  }
}

void AddSite(const SiteReport& site, const Report& report, const Detail& detail,
             std::string& text) {
  text += "\n== " + Printable(site.site) + " ==\n";
  if (site.IsQuiet()) text += std::string(kNothingFound) + "\n";
  const std::string coverage = CoverageOf(site, report.period);
  if (!coverage.empty()) text += coverage + "\n";
  AddEpisodes(site, detail, text);
  if (site.now.days_known == 0) return;
  text += "\n";
  AddFigures(site, detail, std::string(PeriodName(report.period.kind)).c_str(), text);
  AddClients(site, detail, text);
  AddLogins(site, detail, text);
}

std::string TextWith(const Report& report, const Detail& detail) {
  std::string text = "Access log report: " + PeriodTitle(report.period) + " (" +
                     PeriodDays(report.period) + ")\n" + FindingsText(report) + "\n";
  const size_t shown = std::min(detail.sites, report.sites.size());
  for (size_t i = 0; i < shown; ++i) AddSite(report.sites[i], report, detail, text);
  if (shown < report.sites.size()) {
    text += "\nand " + Plural(report.sites.size() - shown, "site") + " more\n";
  }
  const LocalTime made = report.zone.At(report.made);
  std::string clock = std::to_string(100 + made.hour()).substr(1) + ":" +
                      std::to_string(100 + made.second / 60 % 60).substr(1);
  text += "\nMade " + FormatDay(made.day) + " " + clock + " (" + report.zone.name() + ") by " +
          Printable(report.version) + " on " + Printable(report.exporter) + "\n";
  return text;
}

}  // namespace

std::string ReportSubject(const Report& report) {
  const bool is_quiet = std::any_of(report.sites.begin(), report.sites.end(),
                                    [](const SiteReport& site) { return site.IsQuiet(); });
  std::string found = is_quiet ? "nothing unusual" : "nothing is known of these days";
  if (report.episodes() > 0) found = FindingsText(report);
  return "Access log report, " + PeriodTitle(report.period) + ": " + found;
}

std::string ReportText(const Report& report, size_t most_bytes) {
  return Fitting(most_bytes, [&](const Detail& detail) { return TextWith(report, detail); });
}

}  // namespace accesslog
