#include "app/report_source.h"

#include <unistd.h>

#include <array>
#include <map>
#include <set>
#include <utility>

#include "app/version.h"
#include "base/byte_codec.h"
#include "base/text.h"
#include "clients/known_clients.h"

namespace accesslog {
namespace {

// No secret: nobody chooses addresses for what is thrown away at once.
constexpr uint64_t kSecret = 1;

// Those that are over and those that are not, of clients and of the site. Not the old scripts' rule, which
// accuses too many to be reported.
std::vector<Episode> EpisodesOf(const SiteEngine& site) {
  std::vector<Episode> episodes = site.detector().OpenEpisodes();
  const auto add = [&](const auto& more) {
    episodes.insert(episodes.end(), more.begin(), more.end());
  };
  add(site.detector().episodes());
  add(site.site_detector().episodes());
  add(site.site_detector().OpenEpisodes());
  std::erase_if(episodes, [](const Episode& episode) {
    return episode.detection == Detection::kFailedRequests;
  });
  return episodes;
}

ReportEpisode InWords(const Episode& episode) {
  return {.detection = std::string(DetectionName(episode.detection)),
          .severity = std::string(SeverityName(episode.severity)),
          .client = episode.client,
          .first = episode.first,
          .last = episode.last,
          .value = episode.value,
          .threshold = episode.threshold,
          .window = std::string(episode.window.name),
          .noun = std::string(NounOf(episode)),
          .samples = episode.samples};
}

Result<ReportSource> SourceOfParts(const std::string& name, const SiteEngine::Parts& parts,
                                   Time taken) {
  const Error error{"what the state tells of " + Printable(name) +
                    " cannot be read by this version"};
  const auto clients = parts.find("clients");
  if (clients == parts.end()) return error;
  ByteReader reader(clients->second);
  ClientOptions options = ClientTable::OptionsOfSaved(reader);
  if (!reader.ok()) return error;
  options.known_days = KnownClients::kMostDays;
  SiteEngine site(name, options, Unbounded(DetectOptions{}), kSecret);
  site.KeepDays(TimeZone::Of(DayLedger::ZoneOfSaved(parts)));
  if (!site.LoadParts(parts, {.taken = taken, .now = taken, .grace = {}, .continued = true})) {
    return error;
  }
  return SourceOf(site);
}

}  // namespace

ReportSource SourceOf(const SiteEngine& site) {
  ReportSource source;
  source.site = site.name();
  source.days = site.CopyDays();
  source.login_day = site.detector().options().login.day;
  for (const Episode& episode : EpisodesOf(site)) {
    source.episodes.push_back(InWords(episode));
  }
  return source;
}

Result<std::vector<ReportSource>> SourcesOf(const Snapshot& snapshot) {
  static const std::set<std::string> kOfFiles = {"file", "stream", "patterns"};
  std::map<std::string, SiteEngine::Parts> sites;
  for (const auto& [key, bytes] : snapshot.parts) {
    if (!key.site.empty() && !kOfFiles.contains(key.kind)) sites[key.site][key.kind] = bytes;
  }
  std::vector<ReportSource> sources;
  for (const auto& [name, parts] : sites) {
    Result<ReportSource> source = SourceOfParts(name, parts, snapshot.taken);
    if (!source) return source.error();
    sources.push_back(*std::move(source));
  }
  return sources;
}

void Sign(Report& report, const std::string& name) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  report.exporter = name.empty() ? host.data() : name;
  report.version = "accesslog_exporter " + std::string(Version());
}

}  // namespace accesslog
