#include "app/analysis_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/time_format.h"
#include "expose/label.h"

namespace accesslog {
namespace {

using Json = nlohmann::ordered_json;

Json ByStatus(const std::map<uint16_t, uint64_t>& counts) {
  Json json = Json::object();
  for (const auto& [status, count] : counts) json[StatusLabel(status)] = count;
  return json;
}

Json TimeOrNull(std::optional<Time> time) { return time ? Json(FormatUtc(*time)) : Json(); }

Json FileJson(const AnalyzedFile& file) {
  const bool known = !file.format.empty();
  return {{"file", file.path},
          {"format", known ? Json(file.format) : Json()},
          {"confidence", known ? Json(file.confidence) : Json()},
          {"format_changes", file.format_changes},
          {"lines", file.lines}};
}

// Counts without a decimal point.
Json Number(double value) {
  return value == std::floor(value) ? Json(static_cast<uint64_t>(value)) : Json(value);
}

Json FindingJson(const Finding& finding, const std::string& site) {
  return {{"detection", finding.detection},
          {"severity", finding.severity},
          {"site", site},
          {"client", finding.client.empty() ? Json() : Json(finding.client)},
          {"first", TimeOrNull(finding.first)},
          {"last", TimeOrNull(finding.last)},
          {"signal", finding.signal},
          {"value", Number(finding.value)},
          {"threshold", Number(finding.threshold)},
          {"window", finding.window},
          {"count", finding.count},
          {"samples", finding.samples}};
}

}  // namespace

std::string AnalysisJson(const Analysis& analysis, size_t top, std::optional<uint16_t> status,
                         const std::vector<MatchingLine>& matches) {
  Json unparsed = Json::object();
  for (const auto& [reason, count] : analysis.unparsed) unparsed[reason] = count;
  Json json;
  json["lines"] = {{"read", analysis.lines_read},
                   {"parsed", analysis.lines_parsed},
                   {"unparsed", std::move(unparsed)}};
  json["files"] = Json::array();
  for (const AnalyzedFile& file : analysis.files) json["files"].push_back(FileJson(file));
  json["requests_by_status"] = ByStatus(analysis.requests_by_status);
  json["clients"] = Json::array();
  for (const ClientCount& client : analysis.clients) {
    if (top != 0 && json["clients"].size() == top) break;
    if (status && !client.by_status.contains(*status)) continue;
    json["clients"].push_back({{"client", client.client},
                               {"requests", client.requests},
                               {"by_status", ByStatus(client.by_status)}});
  }
  json["findings"] = Json::array();
  for (const Finding& finding : analysis.findings) {
    json["findings"].push_back(FindingJson(finding, analysis.site));
  }
  if (status) {
    json["lines_with_status"] = Json::array();
    for (const MatchingLine& match : matches) {
      json["lines_with_status"].push_back(
          {{"file", match.file}, {"number", match.number}, {"line", match.line}});
    }
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace accesslog
