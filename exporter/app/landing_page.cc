#include "app/landing_page.h"

#include "app/version.h"
#include "base/text.h"

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
  return page + "</table>\n</body></html>\n";
}

}  // namespace accesslog
