#include "support/scrape_laws.h"

#include <map>
#include <set>
#include <sstream>

namespace accesslog {
namespace {

// The sum of a metric by these labels.
std::map<std::string, double> SumBy(const Exposition& scrape, const std::string& name,
                                    const std::vector<std::string>& labels) {
  std::map<std::string, double> sums;
  for (const Sample& sample : scrape.samples) {
    if (sample.name != "accesslog_" + name) continue;
    std::string key;
    for (const std::string& label : labels) key += label + "=" + sample.labels.at(label) + " ";
    sums[key] += sample.value;
  }
  return sums;
}

std::string Differs(const std::string& law, const std::map<std::string, double>& left,
                    const std::map<std::string, double>& right) {
  std::set<std::string> keys;
  for (const auto* side : {&left, &right}) {
    for (const auto& [key, value] : *side) keys.insert(key);
  }
  const auto value = [](const std::map<std::string, double>& side, const std::string& key) {
    const auto found = side.find(key);
    return found == side.end() ? 0 : found->second;
  };
  for (const std::string& key : keys) {
    if (value(left, key) == value(right, key)) continue;
    std::ostringstream out;
    out << law << " for " << key << ": " << value(left, key) << " and " << value(right, key);
    return out.str();
  }
  return "";
}

std::map<std::string, double> Sum(std::map<std::string, double> sum,
                                  const std::map<std::string, double>& more) {
  for (const auto& [key, value] : more) sum[key] += value;
  return sum;
}

}  // namespace

std::string BrokenScrapeLaw(const Exposition& scrape) {
  if (!scrape.error.empty()) return scrape.error;
  const std::string lines =
      Differs("lines_read = requests + unparsed", SumBy(scrape, "lines_read_total", {"site"}),
              Sum(SumBy(scrape, "requests_total", {"site"}),
                  SumBy(scrape, "unparsed_lines_total", {"site"})));
  if (!lines.empty()) return lines;
  const std::vector<std::string> by = {"site", "status"};
  const std::string requests =
      Differs("requests = client_requests + evicted + pending", SumBy(scrape, "requests_total", by),
              Sum(Sum(SumBy(scrape, "client_requests_total", by),
                      SumBy(scrape, "client_evicted_requests_total", by)),
                  SumBy(scrape, "client_pending_requests", by)));
  if (!requests.empty()) return requests;
  std::map<std::string, double> series;
  for (const Sample& sample : scrape.samples) {
    if (sample.name == "accesslog_client_requests_total") {
      series["site=" + sample.labels.at("site") + " "] += 1;
    }
  }
  const std::string counted =
      Differs("series shown = client_series", series, SumBy(scrape, "client_series", {"site"}));
  if (!counted.empty()) return counted;
  const auto limits = SumBy(scrape, "client_series_limit", {"site"});
  for (const auto& [site, count] : series) {
    if (count > limits.at(site)) return "more series than allowed for " + site;
  }
  return "";
}

}  // namespace accesslog
