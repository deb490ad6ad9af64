#include "expose/families.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "expose/client_series.h"
#include "expose/label.h"

namespace accesslog {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class FamilyBuilder {
 public:
  FamilyBuilder(MetricType type, std::string name, std::string help) {
    family_.name = std::move(name);
    family_.help = std::move(help);
    family_.type = type;
  }

  void Add(Labels labels, double value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    if (family_.type == MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    family_.metric.push_back(std::move(metric));
  }
  void Add(Labels labels, uint64_t value) { Add(std::move(labels), static_cast<double>(value)); }

  void AddHistogram(Labels labels, const DurationHistogram& histogram) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.histogram.sample_count = histogram.count();
    metric.histogram.sample_sum = histogram.sum();
    for (size_t i = 0; i < kDurationBounds.size(); ++i) {
      metric.histogram.bucket.push_back({histogram.Cumulative(i), kDurationBounds[i]});
    }
    metric.histogram.bucket.push_back(
        {histogram.count(), std::numeric_limits<double>::infinity()});
    family_.metric.push_back(std::move(metric));
  }

  // A family without a series says nothing and is left out.
  void MoveTo(Cut& cut) {
    if (!family_.metric.empty()) cut.Add(std::move(family_));
  }
  // The head of a family whose series stand in the copies.
  void MoveTo(Cut& cut, Large large) {
    if (HasSeries(cut, large)) cut.AddLarge(std::move(family_), large);
  }

 private:
  MetricFamily family_;
};

FamilyBuilder Counter(std::string_view name, std::string help) {
  return {MetricType::Counter, "accesslog_" + std::string(name), std::move(help)};
}
FamilyBuilder Gauge(std::string_view name, std::string help) {
  return {MetricType::Gauge, "accesslog_" + std::string(name), std::move(help)};
}

Labels SiteLabels(std::string_view site) { return {{"site", SafeLabel(site)}}; }

Labels SiteAnd(std::string_view site, std::string_view label, std::string value) {
  return {{"site", SafeLabel(site)}, {std::string(label), std::move(value)}};
}

using Families = Cut;
using Sites = std::vector<SiteView>;

void AddLines(const Sites& sites, Families& out) {
  auto read = Counter("lines_read_total", "Lines read from the logs of the site.");
  auto unparsed = Counter("unparsed_lines_total",
                          "Lines that gave no request, by reason; lines_read_total is the sum of "
                          "these and requests_total.");
  auto refused = Counter("client_names_refused_total",
                         "Requests charged to the client \"other\" because what stands in the place "
                         "of their client is neither an address nor a host name.");
  for (const SiteView& site : sites) {
    read.Add(SiteLabels(site.name), site.lines_read);
    refused.Add(SiteLabels(site.name), site.names_refused);
    for (const auto& [reason, count] : site.unparsed) {
      unparsed.Add(SiteAnd(site.name, "reason", std::string(reason)), count);
    }
  }
  read.MoveTo(out);
  unparsed.MoveTo(out);
  refused.MoveTo(out);
}

// Series that exist from the start, so that the first burst of errors is no birth: increase() never
// sees what a series was born with. Everything else that a server may answer comes when it comes.
constexpr std::array<uint16_t, 17> kUsualStatuses = {200, 206, 301, 302, 304, 400, 401, 403, 404,
                                                     405, 408, 429, 499, 500, 502, 503, 504};
constexpr auto kIsUsualStatus = [] {
  std::array<bool, 600> usual{};
  for (const uint16_t status : kUsualStatuses) usual[status] = true;
  return usual;
}();

bool IsUsual(Method method, uint16_t status) {
  return kIsUsualStatus[status] &&
         (method == Method::kGet || method == Method::kHead || method == Method::kPost);
}

void AddTraffic(const Sites& sites, Families& out) {
  auto requests = Counter("requests_total", "Requests by method and status.");
  auto bytes = Counter("response_bytes_total", "Bytes of the responses, as the log gives them.");
  FamilyBuilder durations(MetricType::Histogram, "accesslog_request_duration_seconds",
                          "Time the server took for a request, where the log format says it.");
  for (const SiteView& site : sites) {
    for (size_t method = 0; method < kMethodCount; ++method) {
      for (size_t slot = 0; slot < kStatusSlots; ++slot) {
        const uint16_t status = StatusOfSlot(slot);
        const uint64_t count = site.traffic.Requests(static_cast<Method>(method), status);
        if (count == 0 && !IsUsual(static_cast<Method>(method), status)) continue;
        Labels labels = SiteAnd(site.name, "method", std::string(kMethodNames[method]));
        labels.push_back({"status", StatusLabel(status)});
        requests.Add(std::move(labels), count);
      }
    }
    bytes.Add(SiteLabels(site.name), site.traffic.response_bytes());
    if (site.traffic.durations().count() > 0) {
      durations.AddHistogram(SiteLabels(site.name), site.traffic.durations());
    }
  }
  requests.MoveTo(out);
  bytes.MoveTo(out);
  durations.MoveTo(out);
}

void AddClientSeries(const Sites& sites, Families& out) {
  auto requests = Counter("client_requests_total",
                          "Requests by client and status. The client \"other\" stands for all that "
                          "found no place in the table.");
  auto bytes = Counter("client_response_bytes_total", "Bytes of the responses to the client.");
  auto pending = Gauge("client_pending_requests",
                       "Requests counted but not yet shown in client_requests_total, whose new "
                       "series show 0 first.");
  auto evicted = Counter("client_evicted_requests_total",
                         "Requests of clients whose series ended. requests_total by status is the "
                         "sum of these, client_requests_total and client_pending_requests.");
  for (size_t i = 0; i < sites.size(); ++i) {
    const SiteView& site = sites[i];
    const auto& held = out.sites[i].clients.pending;
    for (size_t slot = 0; slot < kStatusSlots; ++slot) {
      const uint16_t status = StatusOfSlot(slot);
      if (site.traffic.Requests(status) == 0 && !IsUsual(Method::kGet, status)) continue;
      pending.Add(SiteAnd(site.name, "status", StatusLabel(status)), held[status]);
      evicted.Add(SiteAnd(site.name, "status", StatusLabel(status)), site.clients.Evicted(status));
    }
  }
  requests.MoveTo(out, Large::kClientRequests);
  bytes.MoveTo(out, Large::kClientResponseBytes);
  pending.MoveTo(out);
  evicted.MoveTo(out);
}

void AddClientTable(const Sites& sites, Families& out) {
  auto series = Gauge("client_series", "Series of client_requests_total in use.");
  auto limit = Gauge("client_series_limit", "Most series of client_requests_total allowed.");
  auto admissions = Counter("client_admissions_total", "Clients that were given series.");
  auto rejections = Counter("client_rejections_total",
                            "Requests charged to the client \"other\" because their own found no "
                            "place.");
  for (const SiteView& site : sites) {
    series.Add(SiteLabels(site.name), uint64_t{site.clients.series()});
    limit.Add(SiteLabels(site.name), uint64_t{site.clients.max_series()});
    admissions.Add(SiteLabels(site.name), site.clients.admissions());
    rejections.Add(SiteLabels(site.name), site.clients.rejections());
  }
  series.MoveTo(out);
  limit.MoveTo(out);
  admissions.MoveTo(out);
  rejections.MoveTo(out);
}

void AddDistinctClients(const Sites& sites, Time now, Families& out) {
  auto distinct = Gauge("distinct_clients",
                        "Different clients within the window, an estimate with a standard error "
                        "of 2.3 %.");
  for (const SiteView& site : sites) {
    if (site.visitors == nullptr) continue;
    for (const auto& window : site.visitors->Distinct(site.detector.Now(now))) {
      distinct.Add(SiteAnd(site.name, "window", window.name), std::round(window.clients));
    }
  }
  distinct.MoveTo(out);
}

void AddNewClients(const Sites& sites, Time now, Families& out) {
  auto newcomers = Counter("new_clients_total",
                           "Clients that came for the first time within known_for, to the site, to "
                           "a login path, to a protected path.");
  auto learning = Gauge("known_clients_learning",
                        "1 while the scope is too young to tell who is new, or nothing is in it.");
  auto known = Gauge("known_clients", "Clients of the scope that are remembered.");
  auto displaced = Counter("known_clients_displaced_total",
                           "Clients that were forgotten before their time because too many others "
                           "came.");
  for (const SiteView& site : sites) {
    if (site.visitors == nullptr) continue;
    for (size_t i = 0; i < kScopeCount; ++i) {
      const auto scope = static_cast<Scope>(i);
      const Labels labels = SiteAnd(site.name, "scope", kScopeNames[i]);
      newcomers.Add(labels, site.visitors->New(scope));
      learning.Add(labels, site.visitors->IsLearning(scope, site.detector.Now(now)) ? 1.0 : 0.0);
      known.Add(labels, uint64_t{site.visitors->Known(scope)});
      displaced.Add(labels, site.visitors->Displaced(scope));
    }
  }
  newcomers.MoveTo(out);
  learning.MoveTo(out);
  known.MoveTo(out);
  displaced.MoveTo(out);
}

Labels SignalLabels(std::string_view site, std::string_view signal, Window window) {
  Labels labels = SiteAnd(site, "signal", std::string(signal));
  labels.push_back({"window", std::string(window.name)});
  return labels;
}

Labels ProxyShareLabels(std::string_view site) {
  Labels labels = SiteAnd(site, "signal", "proxy_address_share");
  labels.push_back({"window", "10m"});
  return labels;
}

// Of each site, in the order of the sites; none where nobody watches it.
using SiteSignals = std::vector<std::vector<SiteDetector::Shown>>;

SiteSignals SignalsOf(const Sites& sites, Time now) {
  SiteSignals signals;
  for (const SiteView& site : sites) {
    signals.emplace_back();
    if (site.site_detector == nullptr) continue;
    signals.back() = site.site_detector->Signals(site.detector.Now(now));
  }
  return signals;
}

void AddThresholds(const Sites& sites, const SiteSignals& of_sites, Families& out) {
  auto thresholds = Gauge("signal_threshold", "From this value on a signal is a detection.");
  auto of_network = Gauge("network_signal_threshold",
                          "The same for the clients of a network, where it differs; -1 is never "
                          "reached.");
  for (size_t s = 0; s < sites.size(); ++s) {
    const SiteView& site = sites[s];
    const std::vector<Threshold>& all = site.detector.options().thresholds;
    for (size_t i = 0; i < all.size(); ++i) {
      const Labels labels = SignalLabels(site.name, SignalName(all[i].signal), all[i].window);
      const auto usual = site.detector.LimitOf(i, Network::kExternal);
      if (usual) thresholds.Add(labels, uint64_t{*usual});
      for (size_t network = 0; network < kNetworkCount; ++network) {
        const auto limit = site.detector.LimitOf(i, static_cast<Network>(network));
        if (limit == usual) continue;
        Labels more = labels;
        more.push_back({"network", std::string(NetworkName(static_cast<Network>(network)))});
        of_network.Add(std::move(more), limit ? static_cast<double>(*limit) : -1.0);
      }
    }
    for (const SiteDetector::Shown& shown : of_sites[s]) {
      if (!shown.threshold) continue;
      thresholds.Add(SignalLabels(site.name, shown.signal, shown.window), *shown.threshold);
    }
    if (site.proxy_share != nullptr) {
      thresholds.Add(ProxyShareLabels(site.name), kProxyShareThreshold);
    }
  }
  thresholds.MoveTo(out);
  of_network.MoveTo(out);
}

void AddSignals(const Sites& sites, const SiteSignals& of_sites, Families& out) {
  auto signals = Gauge("client_signal",
                       "What the client did within the window; alerts compare it with "
                       "signal_threshold.");
  auto forgotten = Counter("signal_clients_forgotten_total",
                           "Clients whose failures were no longer watched because too many others "
                           "failed.");
  auto withheld = Counter("signal_clients_withheld_total",
                          "Clients whose signals were not shown because the hour's allowance of new "
                          "series was used up.");
  for (const SiteView& site : sites) {
    forgotten.Add(SiteLabels(site.name), site.detector.forgotten_clients());
    withheld.Add(SiteLabels(site.name), site.detector.withheld_clients());
  }
  signals.MoveTo(out, Large::kClientSignals);
  AddThresholds(sites, of_sites, out);
  forgotten.MoveTo(out);
  withheld.MoveTo(out);
}

void AddSiteSignals(const Sites& sites, const SiteSignals& of_sites, Time now, Families& out) {
  auto signals = Gauge("site_signal",
                       "What happened on the site within the window. proxy_address_share: the share "
                       "of its requests that came from one address of a proxy, or from a CDN.");
  for (size_t s = 0; s < sites.size(); ++s) {
    const SiteView& site = sites[s];
    for (const SiteDetector::Shown& shown : of_sites[s]) {
      signals.Add(SignalLabels(site.name, shown.signal, shown.window), shown.value);
    }
    if (site.proxy_share != nullptr) {
      signals.Add(ProxyShareLabels(site.name), site.proxy_share->At(now));
    }
  }
  signals.MoveTo(out);
}

void AddEpisodes(const Sites& sites, Families& out) {
  auto episodes = Counter("episodes_total", "Detections that began, of clients and of the site.");
  for (const SiteView& site : sites) {
    for (size_t i = 0; i < kDetectionCount; ++i) {
      const auto detection = static_cast<Detection>(i);
      const uint64_t of_site =
          site.site_detector == nullptr ? 0 : site.site_detector->Episodes(detection);
      episodes.Add(SiteAnd(site.name, "detection", std::string(DetectionName(detection))),
                   site.detector.Episodes(detection) + of_site);
    }
  }
  episodes.MoveTo(out);
}

void AddAttacks(const Sites& sites, Families& out) {
  auto attacks = Counter("attack_requests_total",
                         "Requests with an attack signature, by its family, and whether they were "
                         "answered with what they asked for.");
  for (const SiteView& site : sites) {
    for (size_t i = 0; i < kAttackFamilyCount; ++i) {
      const auto family = static_cast<AttackFamily>(i);
      for (const bool answered : {true, false}) {
        Labels labels = SiteAnd(site.name, "family", std::string(AttackFamilyName(family)));
        labels.push_back({"outcome", answered ? "answered" : "refused"});
        attacks.Add(std::move(labels), site.detector.AttackRequests(family, answered));
      }
    }
  }
  attacks.MoveTo(out);
}

void AddLogins(const Sites& sites, Families& out) {
  static constexpr std::array<const char*, 7> kWeekdays = {
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  auto attempts = Counter("login_attempts_total",
                          "Attempts to log in by what became of them, as far as the log tells, and "
                          "by the weekday where the site is.");
  for (const SiteView& site : sites) {
    if (site.site_detector == nullptr) continue;
    for (size_t i = 0; i < kLoginResultCount; ++i) {
      for (size_t day = 0; day < kWeekdays.size(); ++day) {
        Labels labels = SiteAnd(site.name, "result", kLoginResultNames[i]);
        labels.push_back({"weekday", kWeekdays[day]});
        attempts.Add(std::move(labels), site.site_detector->LoginAttempts(
                                            static_cast<LoginResult>(i), static_cast<int>(day)));
      }
    }
  }
  attempts.MoveTo(out);
}

void AddFiles(const std::vector<FileView>& files, Families& out) {
  auto open = Gauge("tail_file_open", "1 if the file is open, 0 if it cannot be opened.");
  auto errors = Counter("tail_open_errors_total", "Failed attempts to open the file.");
  auto behind = Gauge("tail_bytes_behind", "Bytes written to the file and not yet read.");
  auto last = Gauge("tail_last_line_timestamp_seconds", "Time in the newest line of the file.");
  auto rotations = Counter("tail_rotations_total", "How often the file was replaced by a new one.");
  auto truncations = Counter("tail_truncations_total", "How often the file became shorter.");
  auto lost = Counter("tail_lost_bytes_total",
                      "Bytes known to have been written that were gone before they were read.");
  auto lost_files = Counter("tail_lost_files_total",
                            "Files that were gone when the exporter was started again; what was "
                            "written to them meanwhile is not known.");
  auto dropped = Counter("tail_dropped_messages_total",
                         "Syslog messages that the kernel dropped because they came too fast.");
  for (const FileView& file : files) {
    const Labels labels = SiteAnd(file.site, "file", SafePath(file.path));
    open.Add(labels, file.open ? 1.0 : 0.0);
    errors.Add(labels, file.open_errors);
    behind.Add(labels, file.bytes_behind);
    if (file.last_line) last.Add(labels, ToSeconds(*file.last_line));
    rotations.Add(labels, file.rotations);
    truncations.Add(labels, file.truncations);
    lost.Add(labels, file.lost_bytes);
    lost_files.Add(labels, file.lost_files);
    if (file.dropped_messages) dropped.Add(labels, *file.dropped_messages);
  }
  for (auto* family : {&open, &errors, &behind, &last, &rotations, &truncations, &lost, &lost_files, &dropped}) {
    family->MoveTo(out);
  }
}

void AddCrawlers(const std::vector<CrawlerView>& crawlers, Families& out) {
  auto ranges = Gauge("crawler_ranges", "Address ranges that are known of the crawler.");
  auto good = Gauge("crawler_file_ok",
                    "1 if the file of the crawler's ranges could be used when it was last read.");
  for (const CrawlerView& crawler : crawlers) {
    const std::string name = SafeLabel(crawler.crawler);
    ranges.Add({{"crawler", name}}, crawler.ranges);
    for (const CrawlerView::File& file : crawler.files) {
      good.Add({{"crawler", name}, {"file", SafePath(file.path)}}, file.good ? 1.0 : 0.0);
    }
  }
  ranges.MoveTo(out);
  good.MoveTo(out);
}

void AddOne(FamilyBuilder family, Families& out, double value, Labels labels = {}) {
  family.Add(std::move(labels), value);
  family.MoveTo(out);
}

void AddReports(const ReportView& reports, Families& out) {
  auto sent = Counter("reports_sent_total", "Scheduled reports that Alertmanager took.");
  for (size_t i = 0; i < kReportPeriods.size(); ++i) {
    sent.Add({{"period", kReportPeriods[i]}}, static_cast<double>(reports.sent[i]));
  }
  sent.MoveTo(out);
  AddOne(Counter("report_send_errors_total",
                 "Times that an Alertmanager could not be given a scheduled report; it is tried again."),
         out, static_cast<double>(reports.errors));
  AddOne(Gauge("report_last_success_timestamp_seconds",
               "When Alertmanager took the last scheduled report of this process."),
         out, ToSeconds(reports.last_success));
}

void AddState(const StateView& state, Families& out) {
  AddOne(Gauge("state_write_seconds", "How long it took to write the last snapshot."), out,
         state.last_write_seconds);
  AddOne(Gauge("state_last_write_timestamp_seconds", "When a snapshot was last written."), out,
         ToSeconds(state.last_success));
  AddOne(Counter("state_writes_total", "Snapshots written."), out,
         static_cast<double>(state.writes));
  AddOne(Counter("state_write_errors_total",
                 "Snapshots that could not be written; counting goes on, but not through a crash."),
         out, static_cast<double>(state.errors));
  AddOne(Gauge("state_set_aside",
               "1 if the state file could not be used at the start and was set aside."),
         out, state.set_aside ? 1 : 0);
}

void AddReload(const ReloadView& reload, Families& out) {
  AddOne(Gauge("config_last_reload_successful",
               "1 if the configuration could be used when it was last read."),
         out, reload.successful ? 1 : 0);
  AddOne(Gauge("config_last_reload_success_timestamp_seconds",
               "When a configuration that could be used was last read."),
         out, ToSeconds(reload.last_success));
}

void AddSelf(const SelfView& self, Families& out) {
  AddOne(Gauge("exporter_build_info", "1; what was built, in the labels."), out, 1,
         {{"version", SafeLabel(self.version)},
          {"revision", SafeLabel(self.revision)},
          {"compiler", SafeLabel(self.compiler)}});
  AddOne(Gauge("scrape_duration_seconds", "How long it took to answer the scrape before this one."),
         out, self.last_scrape_seconds);
  const auto process = [](MetricType type, const char* name, const char* help) {
    return FamilyBuilder(type, std::string("process_") + name, help);
  };
  const ProcessStats& p = self.process;
  AddOne(process(MetricType::Counter, "cpu_seconds_total", "User and system CPU time spent."), out,
         p.cpu_seconds);
  AddOne(process(MetricType::Gauge, "start_time_seconds",
                 "Start time of the process since the Unix epoch."),
         out, p.start_time_seconds);
  AddOne(process(MetricType::Gauge, "resident_memory_bytes", "Resident memory size."), out,
         static_cast<double>(p.resident_bytes));
  AddOne(process(MetricType::Gauge, "virtual_memory_bytes", "Virtual memory size."), out,
         static_cast<double>(p.virtual_bytes));
  AddOne(process(MetricType::Gauge, "open_fds", "Open file descriptors."), out,
         static_cast<double>(p.open_fds));
  AddOne(process(MetricType::Gauge, "max_fds", "Most file descriptors allowed."), out,
         static_cast<double>(p.max_fds));
}

SiteCut CopySite(const SiteView& site, Time now, bool with_created) {
  SiteCut cut{.name = std::string(site.name),
              .namer = site.namer,
              .thresholds = site.detector.options().thresholds,
              .clients = {},
              .signals = {}};
  cut.clients.with_births = with_created;
  site.clients.CopyTo(now, cut.clients);
  site.detector.CopyTo(now, cut.signals);
  return cut;
}

}  // namespace

Cut TakeCut(const Sites& sites, const std::vector<FileView>& files, const SelfView& self, Time now,
            bool with_created) {
  Cut cut;
  cut.with_created = with_created;
  cut.sites.reserve(sites.size());
  for (const SiteView& site : sites) cut.sites.push_back(CopySite(site, now, with_created));
  AddLines(sites, cut);
  AddTraffic(sites, cut);
  AddClientSeries(sites, cut);
  AddClientTable(sites, cut);
  AddDistinctClients(sites, now, cut);
  AddNewClients(sites, now, cut);
  const SiteSignals of_sites = SignalsOf(sites, now);
  AddSignals(sites, of_sites, cut);
  AddSiteSignals(sites, of_sites, now, cut);
  AddEpisodes(sites, cut);
  AddAttacks(sites, cut);
  AddLogins(sites, cut);
  AddCrawlers(self.crawlers, cut);
  AddFiles(files, cut);
  AddReload(self.reload, cut);
  if (self.state) AddState(*self.state, cut);
  AddReports(self.reports, cut);
  AddSelf(self, cut);
  return cut;
}

}  // namespace accesslog
