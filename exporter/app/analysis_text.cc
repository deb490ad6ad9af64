#include "app/analysis_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/time_format.h"
#include "expose/label.h"

namespace accesslog {
namespace {

std::string Occurrences(uint16_t status, uint64_t count) {
  return "Number of occurrences of '" + StatusLabel(status) + "': " + std::to_string(count) + "\n";
}

std::string PadRight(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string LinesText(const Analysis& analysis) {
  std::string text = "Lines: " + WithThousands(analysis.lines_read) + " read, " +
                     WithThousands(analysis.lines_parsed) + " parsed, " +
                     WithThousands(analysis.lines_read - analysis.lines_parsed) + " unparsed";
  const char* separator = " (";
  for (const auto& [reason, count] : analysis.unparsed) {
    text += separator + reason + ": " + WithThousands(count);
    separator = ", ";
  }
  return text + (analysis.unparsed.empty() ? "\n" : ")\n");
}

// Of a format that was asked for there is nothing to tell.
std::string FormatsText(const Analysis& analysis) {
  std::string text;
  for (const AnalyzedFile& file : analysis.files) {
    if (file.told) text += FormatText(file);
  }
  return text;
}

std::string StatusCounts(const Analysis& analysis) {
  std::map<uint16_t, uint64_t> counts = analysis.requests_by_status;
  // The two that the first script asked for are answered even where there is none.
  counts.try_emplace(404, 0);
  counts.try_emplace(500, 0);
  std::string text;
  for (const auto& [status, count] : counts) text += Occurrences(status, count);
  return text;
}

std::string AndMore(size_t all, size_t shown) {
  if (shown >= all) return "";
  return "… and " + WithThousands(all - shown) + " more; --top=0 shows all\n";
}

size_t Shown(size_t all, size_t top) { return top == 0 ? all : std::min(all, top); }

// Address and number in two columns.
template <typename Count>
std::string ClientColumns(const std::vector<ClientCount>& clients, size_t shown, Count count) {
  size_t width = 0;
  for (size_t i = 0; i < shown; ++i) width = std::max(width, clients[i].client.size());
  std::string text;
  for (size_t i = 0; i < shown; ++i) {
    text += PadRight(clients[i].client, width + 2) + std::to_string(count(clients[i])) + "\n";
  }
  return text;
}

std::string ClientsByRequests(const Analysis& analysis, size_t top) {
  const size_t shown = Shown(analysis.clients.size(), top);
  return "Sorted IP addresses (most common to least):\n" +
         ClientColumns(analysis.clients, shown, [](const ClientCount& c) { return c.requests; }) +
         AndMore(analysis.clients.size(), shown);
}

std::string ClientsByAddress(const Analysis& analysis, size_t top) {
  const size_t shown = Shown(analysis.clients.size(), top);
  std::vector<ClientCount> clients(analysis.clients.begin(),
                                   analysis.clients.begin() + static_cast<ptrdiff_t>(shown));
  std::sort(clients.begin(), clients.end(), AddressLess);
  std::string text;
  for (const ClientCount& client : clients) {
    text += "IP: " + client.client + "\n";
    for (const auto& [status, count] : client.by_status) text += Occurrences(status, count);
  }
  return text + AndMore(analysis.clients.size(), shown);
}

// Detections beyond the old rule.
std::string EpisodesText(const Analysis& analysis) {
  std::string text;
  for (const Finding& finding : analysis.findings) {
    if (finding.window == "all") continue;
    const std::string whom = finding.client.empty() ? "the site" : finding.client;
    text += finding.severity + " " + finding.detection + ": " + whom + ", " +
            AmountText(finding.value) + " " + finding.noun + " in " + finding.window +
            " (threshold " + AmountText(finding.threshold) + ")";
    if (finding.first && finding.last) {
      text += ", " + FormatUtc(*finding.first) + " to " + FormatUtc(*finding.last);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string FormatText(const AnalyzedFile& file) {
  const std::string name = file.path == "-" ? "standard input" : Printable(file.path);
  std::string text = name + ": read as " + file.format + "; " + file.fit;
  if (file.format_changes > 0) {
    text += "; the format changed " + Plural(file.format_changes, "time") + " before them";
  }
  return text + "\n";
}

std::string FindingsText(const Analysis& analysis) {
  std::string text = EpisodesText(analysis);
  if (!analysis.failed_clients.empty()) {
    text += "Unusual login attempts detected:\n";
    for (const Finding& finding : analysis.failed_clients) {
      text += "IP: " + finding.client + " - Failed login attempts: " +
              AmountText(finding.value) + "\n";
    }
  }
  if (analysis.bad_requests) {
    text += "Unusual amount of 400 errors detected: " +
            AmountText(analysis.bad_requests->value) + "\n";
  }
  if (analysis.old_rule_is_off) {
    text += "Failed requests were not looked at: per_5m in [detect.FailedRequests] is 0.\n";
  } else if (analysis.findings.empty()) {
    text += "No unusual login attempts or errors found.\n";
  }
  return text + "Detection complete.\n";
}

std::string AnalysisText(const Analysis& analysis, size_t top) {
  return LinesText(analysis) + FormatsText(analysis) + "\n" + StatusCounts(analysis) + "\n" +
         ClientsByRequests(analysis, top) + "\n" + ClientsByAddress(analysis, top) + "\n" +
         FindingsText(analysis);
}

std::string StatusText(const Analysis& analysis, uint16_t status, size_t top) {
  const auto answers = [status](const ClientCount& client) {
    const auto found = client.by_status.find(status);
    return found == client.by_status.end() ? uint64_t{0} : found->second;
  };
  std::vector<ClientCount> clients;
  std::copy_if(analysis.clients.begin(), analysis.clients.end(), std::back_inserter(clients),
               [&](const ClientCount& client) { return answers(client) > 0; });
  std::stable_sort(clients.begin(), clients.end(), [&](const ClientCount& a, const ClientCount& b) {
    return answers(a) > answers(b);
  });
  const size_t shown = Shown(clients.size(), top);
  const auto total = analysis.requests_by_status.find(status);
  return Occurrences(status, total == analysis.requests_by_status.end() ? 0 : total->second) +
         "Clients with status " + StatusLabel(status) + " (most to least):\n" +
         ClientColumns(clients, shown, answers) + AndMore(clients.size(), shown);
}

}  // namespace accesslog
