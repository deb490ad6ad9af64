#include "app/analysis.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace accesslog {
namespace {

// IPv4 is stored as v4-mapped, above ::1 and below 2000::, so it needs a place of its own.
template <typename Counted>
auto AddressOrder(const Counted& counted) {
  const bool named = counted.key.named;
  const int kind = named ? 2 : AddressOf(counted.key).is_v4() ? 0 : 1;
  return std::tuple(kind, named ? std::string_view(counted.client) : std::string_view(),
                    named ? ClientKey{} : counted.key);
}

template <typename Counted>
bool AddressBefore(const Counted& a, const Counted& b) {
  return AddressOrder(a) < AddressOrder(b);
}

using Shards = std::vector<std::unique_ptr<AnalysisShard>>;

void AddClients(const ClientTable& table, const ClientNamer& namer,
                std::vector<ClientCount>& clients) {
  table.Visit(
      Time::max(),
      [&](const ClientTable::ClientView& view) {
        ClientCount& count = clients.emplace_back();
        count.key = view.key;
        count.other = view.other;
        count.client = view.other ? "other" : namer.Label(view.key, view.host_name);
      },
      [&](const ClientTable::SeriesView& series) {
        clients.back().requests += series.shown;
        clients.back().by_status[series.status] += series.shown;
      });
}

std::vector<ClientCount> Clients(const Shards& shards, const ClientNamer& namer) {
  std::vector<ClientCount> clients;
  for (const auto& shard : shards) AddClients(shard->clients(), namer, clients);
  std::sort(clients.begin(), clients.end(), [](const ClientCount& a, const ClientCount& b) {
    return a.requests != b.requests ? a.requests > b.requests : AddressLess(a, b);
  });
  return clients;
}

Finding OldRule(const FailureTally& tally, uint64_t threshold) {
  return {.detection = std::string(DetectionName(Detection::kFailedRequests)),
          .severity = std::string(SeverityName(SeverityOf(Signal::kFailedRequests))),
          .client = tally.client,
          .first = tally.first,
          .last = tally.last,
          .signal = std::string(SignalName(Signal::kFailedRequests)),
          .value = static_cast<double>(tally.count),
          .threshold = static_cast<double>(threshold),
          .window = "all",
          .noun = std::string(SignalNoun(Signal::kFailedRequests)),
          .count = tally.count,
          .samples = tally.samples};
}

Finding FromEpisode(const Episode& episode) {
  return {.detection = std::string(DetectionName(episode.detection)),
          .severity = std::string(SeverityName(episode.severity)),
          .client = episode.client,
          .first = episode.first,
          .last = episode.last,
          .signal = std::string(episode.signal),
          .value = episode.value,
          .threshold = episode.threshold,
          .window = std::string(episode.window.name),
          .noun = std::string(NounOf(episode)),
          .count = episode.count,
          .samples = episode.samples};
}

// Failed requests over the whole input.
void AddOldRule(const Shards& shards, const FailureTally& bad_requests, const DetectOptions& detect,
                Analysis& analysis) {
  const auto& thresholds = detect.thresholds;
  const auto rule = std::find_if(thresholds.begin(), thresholds.end(), [](const Threshold& t) {
    return t.signal == Signal::kFailedRequests;
  });
  analysis.old_rule_is_off = rule == thresholds.end();
  if (analysis.old_rule_is_off) return;
  std::vector<FailureTally> tallies;
  for (const auto& shard : shards) {
    auto more = shard->failed().AtLeast(rule->value);
    std::move(more.begin(), more.end(), std::back_inserter(tallies));
  }
  std::sort(tallies.begin(), tallies.end(), [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count > b.count : AddressBefore(a, b);
  });
  for (const auto& tally : tallies) {
    analysis.failed_clients.push_back(OldRule(tally, rule->value));
  }
  if (bad_requests.count >= rule->value) analysis.bad_requests = OldRule(bad_requests, rule->value);
  analysis.findings = analysis.failed_clients;
  if (analysis.bad_requests) analysis.findings.push_back(*analysis.bad_requests);
}

// A client's own episodes stay in the order of their end.
std::vector<Finding> Episodes(const Shards& shards, const std::deque<Episode>& of_site) {
  std::vector<Finding> findings;
  std::transform(of_site.begin(), of_site.end(), std::back_inserter(findings), FromEpisode);
  for (const auto& shard : shards) {
    for (const Episode& episode : shard->detector().episodes()) {
      // The old rule counts over the whole input instead.
      if (episode.detection == Detection::kFailedRequests) continue;
      findings.push_back(FromEpisode(episode));
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.first, a.client, a.detection) < std::tie(b.first, b.client, b.detection);
  });
  return findings;
}

}  // namespace

bool AddressLess(const ClientCount& a, const ClientCount& b) {
  if (a.other != b.other) return b.other;
  return AddressBefore(a, b);
}

Analysis Summarize(const AnalysisTotals& totals, const DetectOptions& detect,
                   const ClientNamer& namer, const Shards& shards) {
  Analysis analysis;
  analysis.site = totals.site;
  analysis.lines_read = totals.lines_read;
  analysis.lines_parsed = totals.lines_parsed;
  for (size_t i = 0; i < kUnparsedReasonCount; ++i) {
    const uint64_t count = totals.unparsed[i];
    if (count > 0) analysis.unparsed[std::string(kUnparsedReasonNames[i])] = count;
  }
  for (size_t slot = 0; slot < kStatusSlots; ++slot) {
    const uint64_t count = totals.by_status[slot];
    if (count > 0) analysis.requests_by_status[StatusOfSlot(slot)] = count;
  }
  analysis.clients = Clients(shards, namer);
  AddOldRule(shards, totals.bad_requests, detect, analysis);
  std::vector<Finding> episodes = Episodes(shards, totals.site_episodes);
  std::move(episodes.begin(), episodes.end(), std::back_inserter(analysis.findings));
  return analysis;
}

}  // namespace accesslog
