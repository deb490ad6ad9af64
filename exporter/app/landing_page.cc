#include "app/landing_page.h"

#include <algorithm>

#include "app/version.h"
#include "base/text.h"
#include "base/time_format.h"

namespace accesslog {
namespace {

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string Row(const std::vector<std::string>& cells) {
  std::string row = "<tr>";
  for (const std::string& cell : cells) row += "<td>" + cell + "</td>";
  return row + "</tr>\n";
}

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>accesslog_exporter</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font-family: system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1f2933; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
th, td { text-align: left; padding: 0.3rem 1rem 0.3rem 0; border-bottom: 1px solid #d9dee4; }
.bad { color: #b00020; font-weight: bold; }
</style></head><body>
<h1>accesslog_exporter</h1>
)";

constexpr size_t kMostEpisodes = 50;
constexpr size_t kMostLookedAt = 500;  // of a site

struct SeenEpisode {
  std::string_view site;
  Episode episode;
  bool open = false;
};

std::vector<SeenEpisode> NewestEpisodes(const std::vector<SiteView>& sites) {
  std::vector<SeenEpisode> all;
  const auto add = [&](std::string_view site, const auto& episodes, bool open) {
    // They stand in the order of their end.
    const size_t first = open ? 0 : episodes.size() - std::min(episodes.size(), kMostLookedAt);
    for (size_t i = first; i < episodes.size(); ++i) {
      // The old scripts' rule would fill the page.
      if (episodes[i].detection != Detection::kFailedRequests) all.push_back({site, episodes[i], open});
    }
  };
  for (const SiteView& site : sites) {
    add(site.name, site.detector.OpenEpisodes(), true);
    add(site.name, site.detector.episodes(), false);
    if (site.site_detector == nullptr) continue;
    add(site.name, site.site_detector->OpenEpisodes(), true);
    add(site.name, site.site_detector->episodes(), false);
  }
  const auto later = [](const SeenEpisode& a, const SeenEpisode& b) {
    return a.episode.last > b.episode.last;
  };
  const size_t shown = std::min(all.size(), kMostEpisodes);
  std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(shown), all.end(), later);
  all.resize(shown);
  return all;
}

std::string Detections(const std::vector<SiteView>& sites) {
  const std::vector<SeenEpisode> episodes = NewestEpisodes(sites);
  if (episodes.empty()) return "<h2>Detections</h2>\n<p>None so far.</p>\n";
  std::string table =
      "<h2>Detections</h2>\n<table><tr><th>last</th><th>site</th><th>detection</th><th>severity</th>"
      "<th>client</th><th>peak</th><th></th></tr>\n";
  for (const auto& [site, episode, open] : episodes) {
    const std::string peak = AmountText(episode.value) + " " + std::string(NounOf(episode)) + " in " +
                             std::string(episode.window.name);
    table += Row({FormatUtc(episode.last), EscapeHtml(site),
                  std::string(DetectionName(episode.detection)),
                  std::string(SeverityName(episode.severity)), EscapeHtml(episode.client), peak,
                  open ? "going on" : ""});
  }
  return table + "</table>\n";
}

}  // namespace

std::string LandingPage(const std::vector<SiteView>& sites, const std::vector<FileView>& files) {
  std::string page(kHead);
  page += "<p>" + EscapeHtml(VersionLine()) + "</p>\n";
  page +=
      "<ul><li><a href=\"metrics\">metrics</a></li><li><a href=\"-/healthy\">healthy</a></li>"
      "<li><a href=\"-/ready\">ready</a></li></ul>\n<h2>Sites</h2>\n<table><tr><th>site</th>"
      "<th>lines read</th><th>requests</th><th>clients</th></tr>\n";
  for (const SiteView& site : sites) {
    page += Row({EscapeHtml(site.name), WithThousands(site.lines_read),
                 WithThousands(site.traffic.total()), WithThousands(site.clients.clients())});
  }
  page += "</table>\n<h2>Files</h2>\n<table><tr><th>site</th><th>file</th><th>state</th>"
          "<th>format</th><th>bytes behind</th></tr>\n";
  for (const FileView& file : files) {
    page += Row({EscapeHtml(file.site), EscapeHtml(file.path),
                 file.open ? "followed" : "<span class=\"bad\">cannot be opened</span>",
                 EscapeHtml(file.format), WithThousands(file.bytes_behind)});
  }
  return page + "</table>\n" + Detections(sites) + "</body></html>\n";
}

}  // namespace accesslog
