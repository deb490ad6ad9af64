#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "base/text.h"
#include "base/time_zone.h"
#include "report/phrases.h"
#include "report/report.h"

namespace accesslog {
namespace {

// Mail programs know inline styles and tables, and little else.
constexpr const char* kBody =
    "margin:0;padding:16px;background:#f4f5f7;color:#1c2430;"
    "font:14px/1.45 Helvetica,Arial,sans-serif";
constexpr const char* kPage =
    "width:100%;max-width:600px;margin:0 auto;background:#ffffff;border:1px solid #dcdfe5;"
    "border-collapse:collapse;font-size:14px";
// Programs that take a mail for an old page do not hand the size of letters down into tables.
constexpr const char* kTable =
    "width:100%;word-break:break-word;border-collapse:collapse;margin:6px 0 14px;font-size:14px";
constexpr const char* kTextStyle = "padding:3px 8px 3px 0;border-bottom:1px solid #eee";
constexpr const char* kNumberStyle = "padding:3px 0 3px 8px;border-bottom:1px solid #eee";
constexpr const char* kNoteStyle = "padding:3px 0 3px 16px;border-bottom:1px solid #eee";
constexpr const char* kHead = ";color:#69727f;font-size:12px;font-weight:normal";
constexpr const char* kSample =
    "margin:4px 0 0;padding:5px 8px;background:#f4f5f7;font:12px/1.4 Consolas,Menlo,monospace;"
    "word-break:break-all";

// Marks that turn the direction of what follows could make a line look like another one.
size_t LengthOfDirectionMark(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xE2') return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const auto third = static_cast<unsigned char>(text[2]);
  const bool is_mark =
      (second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE))) ||
      (second == 0x81 && third >= 0xA6 && third <= 0xA9);
  return is_mark ? 3 : 0;
}

std::string Escaped(std::string_view text) {
  std::string printable = Printable(text);
  std::string html;
  for (size_t i = 0; i < printable.size(); ++i) {
    if (const size_t mark = LengthOfDirectionMark(std::string_view(printable).substr(i));
        mark > 0) {
      html += "�";
      i += mark - 1;
      continue;
    }
    switch (printable[i]) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += printable[i];
    }
  }
  return html;
}

// What is in `html` is HTML already.
std::string Tag(const char* name, const std::string& style, const std::string& html) {
  return std::string("<") + name + " style=\"" + style + "\">" + html + "</" + name + ">";
}

// How a cell stands in its column: the numbers of a column below each other.
enum class As : uint8_t { kText, kNumber, kNote };

struct Cell {
  std::string text;
  As as = As::kText;
};

std::string CellHtml(const Cell& cell, bool is_head) {
  const char* style = cell.as == As::kNumber ? kNumberStyle
                      : cell.as == As::kNote ? kNoteStyle
                                             : kTextStyle;
  // Long names of clients may break; numbers may not.
  const char* manner = cell.as == As::kNumber ? " align=\"right\" nowrap" : " align=\"left\"";
  const std::string name = is_head ? "th" : "td";
  return "<" + name + manner + " style=\"" + style + (is_head ? kHead : "") + "\">" +
         Escaped(cell.text) + "</" + name + ">";
}

std::string Row(std::initializer_list<Cell> cells, bool is_head = false) {
  std::string row = "<tr valign=\"top\">";
  for (const Cell& cell : cells) row += CellHtml(cell, is_head);
  return row + "</tr>\n";
}

std::string Table(const std::string& rows) { return Tag("table", kTable, rows) + "\n"; }
std::string Heading(const std::string& text) {
  return Tag("h3", "margin:14px 0 2px;font-size:14px", Escaped(text)) + "\n";
}

std::string Figures(const SiteReport& site, const Detail& detail, std::string_view period) {
  const std::string change = "to the " + std::string(period) + " before";
  std::string rows = Row({{""}, {"", As::kNumber}, {change, As::kNumber}}, true);
  for (const ComparedFigure& figure : ComparedFigures(site)) {
    rows += Row({{figure.name}, {figure.value, As::kNumber}, {figure.change, As::kNumber}});
  }
  std::string html = Table(rows) + Heading("Status");
  rows = Row(
      {{"status"}, {""}, {"requests", As::kNumber}, {"share", As::kNumber}, {change, As::kNumber}},
      true);
  for (const StatusLine& line : StatusLines(site, detail.statuses)) {
    rows += Row({{line.status},
                 {line.meaning},
                 {line.count, As::kNumber},
                 {line.share, As::kNumber},
                 {line.change, As::kNumber}});
  }
  return html + Table(rows);
}

std::string Clients(const SiteReport& site, const Detail& detail) {
  if (detail.clients == 0 || site.now.clients.empty()) return "";
  std::string rows = Row({{"client"}, {"requests", As::kNumber}, {"by status", As::kNote}}, true);
  for (size_t i = 0; i < std::min(detail.clients, site.now.clients.size()); ++i) {
    const ClientFigures& client = site.now.clients[i];
    const std::string counts = CountsText(client.by_status, detail.statuses_of_client);
    rows +=
        Row({{client.client}, {WithThousands(client.requests), As::kNumber}, {counts, As::kNote}});
  }
  return Heading("Top clients") + Table(rows);
}

std::string Logins(const SiteReport& site, const Detail& detail) {
  const auto lines = LoginLines(site);
  if (lines.empty()) return "";
  std::string rows = Row({{""},
                          {"members", As::kNumber},
                          {"logins", As::kNumber},
                          {"failed", As::kNumber},
                          {"new clients", As::kNumber}},
                         true);
  for (const LoginLine& line : lines) {
    rows += Row({{line.day + (line.is_login_day ? " (login day)" : "")},
                 {line.members, As::kNumber},
                 {line.successes, As::kNumber},
                 {line.failures, As::kNumber},
                 {line.newcomers, As::kNumber}});
  }
  std::string html = Heading("Logins") + Table(rows);
  const auto [labels, count] = NewcomersOf(site, detail.newcomers);
  if (labels.empty()) return html;
  std::string list;
  for (const std::string& label : labels) list += (list.empty() ? "" : ", ") + Escaped(label);
  if (count > labels.size()) list += " and " + WithThousands(count - labels.size()) + " more";
  return html + Heading("Never seen before at a login path") +
         Tag("div", "margin:2px 0 14px;word-break:break-all", list) + "\n";
}

const char* ColourOf(const std::string& severity) {
  if (severity == "critical") return "#b3261e";
  return severity == "warning" ? "#c77700" : "#3b6ea5";
}

std::string EpisodeHtml(const ReportEpisode& episode, const TimeZone& zone, const Detail& detail) {
  std::string html =
      Tag("div", "font-weight:bold", Escaped(EpisodeText(episode))) +
      Tag("div", "color:#69727f;font-size:12px", Escaped(EpisodeTime(episode, zone)));
  for (size_t i = 0; i < std::min(detail.samples, episode.samples.size()); ++i) {
    html += Tag("div", kSample, Escaped(PrintableUpTo(episode.samples[i], detail.sample_bytes)));
  }
  const std::string edge = "margin:8px 0;padding:2px 0 2px 10px;border-left:4px solid ";
  return Tag("div", edge + ColourOf(episode.severity), html) + "\n";
}

std::string Episodes(const SiteReport& site, const Detail& detail) {
  if (site.episodes.empty()) return "";
  std::string html = Heading(Plural(site.episodes.size(), "finding"));
  const size_t shown = std::min(detail.episodes, site.episodes.size());
  for (size_t i = 0; i < shown; ++i) html += EpisodeHtml(site.episodes[i], site.zone, detail);
  if (shown > 0 && shown < site.episodes.size()) {
    html +=
        Tag("div", "color:#69727f", "and " + WithThousands(site.episodes.size() - shown) + " more");
  }
  return html;
}

std::string Quiet(const std::string& sentence) {
  return Tag("div",
             "margin:8px 0;padding:6px 10px;background:#e9f5ec;border-left:4px solid #2e7d46",
             Escaped(sentence)) +
         "\n";
}

std::string Site(const SiteReport& site, const Report& report, const Detail& detail) {
  std::string html = Tag("h2", "margin:22px 0 4px;font-size:17px", Escaped(site.site)) + "\n";
  if (site.IsQuiet()) html += Quiet(kNothingFound);
  const std::string coverage = CoverageOf(site, report.period);
  if (!coverage.empty()) html += Tag("div", "color:#69727f", Escaped(coverage)) + "\n";
  html += Episodes(site, detail);
  if (site.now.days_known == 0) return html;
  return html + Figures(site, detail, PeriodName(report.period.kind)) + Clients(site, detail) +
         Logins(site, detail);
}

std::string Footer(const Report& report) {
  const LocalTime made = report.zone.At(report.made);
  const std::string text = "Made " + FormatDay(made.day) + " (" + report.zone.name() + ") by " +
                           report.version + " on " + report.exporter;
  return Tag("div", "margin:24px 0 0;color:#69727f;font-size:12px", Escaped(text)) + "\n";
}

std::string HtmlWith(const Report& report, const Detail& detail) {
  std::string html = Tag("h1", "margin:0;font-size:20px", "Access log report") + "\n" +
                     Tag("div", "color:#69727f",
                         Escaped(PeriodTitle(report.period) + ", " + PeriodDays(report.period))) +
                     "\n";
  if (report.episodes() > 0) {
    html += Tag("div", "margin:10px 0 0;font-weight:bold", Escaped(FindingsText(report))) + "\n";
  }
  const size_t shown = std::min(detail.sites, report.sites.size());
  for (size_t i = 0; i < shown; ++i) html += Site(report.sites[i], report, detail);
  if (shown < report.sites.size()) {
    html += Tag("div", "margin:22px 0 0",
                "and " + Plural(report.sites.size() - shown, "site") + " more");
  }
  html += Footer(report);
  return "<div style=\"" + std::string(kBody) + "\">\n" +
         Tag("table", kPage, "<tr>" + Tag("td", "padding:20px 24px", html) + "</tr>") +
         "\n</div>\n";
}

}  // namespace

std::string ReportHtml(const Report& report, size_t most_bytes) {
  return Fitting(most_bytes, [&](const Detail& detail) { return HtmlWith(report, detail); });
}

}  // namespace accesslog
