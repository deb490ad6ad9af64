#include "app/analysis.h"

#include <algorithm>
#include <tuple>

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

std::vector<ClientCount> Clients(const SiteEngine& engine) {
  std::vector<ClientCount> clients;
  engine.clients().Visit(
      Time::max(),
      [&](const ClientTable::ClientView& view) {
        ClientCount& count = clients.emplace_back();
        count.key = view.key;
        count.other = view.other;
        count.client = view.other ? "other" : engine.namer().Label(view.key, view.host_name);
      },
      [&](const ClientTable::SeriesView& series) {
        clients.back().requests += series.shown;
        clients.back().by_status[series.status] += series.shown;
      });
  std::sort(clients.begin(), clients.end(), [](const ClientCount& a, const ClientCount& b) {
    return a.requests != b.requests ? a.requests > b.requests : AddressLess(a, b);
  });
  return clients;
}

Finding OldRule(const FailedRequests::Tally& tally, uint64_t threshold) {
  return {.detection = std::string(DetectionName(Detection::kFailedRequests)),
          .severity = std::string(SeverityName(SeverityOf(Detection::kFailedRequests))),
          .client = tally.client,
          .first = tally.first,
          .last = tally.last,
          .value = tally.count,
          .threshold = threshold,
          .window = "all",
          .samples = tally.samples};
}

Finding FromEpisode(const Episode& episode) {
  return {.detection = std::string(DetectionName(episode.detection)),
          .severity = std::string(SeverityName(SeverityOf(episode.detection))),
          .client = episode.client,
          .first = episode.first,
          .last = episode.last,
          .value = episode.value,
          .threshold = episode.threshold,
          .window = std::string(episode.window.name),
          .samples = episode.samples};
}

void AddOldRule(const SiteEngine& engine, const FailedRequests& failed, Analysis& analysis) {
  const auto& thresholds = engine.detector().options().thresholds;
  const auto rule = std::find_if(thresholds.begin(), thresholds.end(), [](const Threshold& t) {
    return t.detection == Detection::kFailedRequests;
  });
  analysis.old_rule_is_off = rule == thresholds.end();
  if (analysis.old_rule_is_off) return;
  std::vector<FailedRequests::Tally> tallies = failed.AtLeast(rule->value);
  std::sort(tallies.begin(), tallies.end(), [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count > b.count : AddressBefore(a, b);
  });
  for (const auto& tally : tallies) {
    analysis.failed_clients.push_back(OldRule(tally, rule->value));
  }
  if (failed.bad_requests().count >= rule->value) {
    analysis.bad_requests = OldRule(failed.bad_requests(), rule->value);
  }
}

}  // namespace

bool AddressLess(const ClientCount& a, const ClientCount& b) {
  if (a.other != b.other) return b.other;
  return AddressBefore(a, b);
}

Analysis Summarize(const SiteEngine& engine, const FailedRequests& failed) {
  Analysis analysis;
  analysis.site = engine.name();
  analysis.lines_read = engine.lines_read();
  analysis.lines_parsed = engine.traffic().total();
  for (size_t i = 0; i < kUnparsedReasonCount; ++i) {
    const uint64_t count = engine.Unparsed(static_cast<UnparsedReason>(i));
    if (count > 0) analysis.unparsed[std::string(kUnparsedReasonNames[i])] = count;
  }
  for (size_t slot = 0; slot < kStatusSlots; ++slot) {
    const uint64_t count = engine.traffic().Requests(StatusOfSlot(slot));
    if (count > 0) analysis.requests_by_status[StatusOfSlot(slot)] = count;
  }
  analysis.clients = Clients(engine);
  AddOldRule(engine, failed, analysis);

  analysis.findings = analysis.failed_clients;
  if (analysis.bad_requests) analysis.findings.push_back(*analysis.bad_requests);
  const auto episodes_begin = static_cast<ptrdiff_t>(analysis.findings.size());
  for (const Episode& episode : engine.detector().episodes()) {
    // The old rule counts over the whole input instead.
    if (episode.detection == Detection::kFailedRequests) continue;
    analysis.findings.push_back(FromEpisode(episode));
  }
  std::stable_sort(analysis.findings.begin() + episodes_begin, analysis.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.first < b.first; });
  return analysis;
}

}  // namespace accesslog
