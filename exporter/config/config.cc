#include "config/config.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "base/text.h"
#include "clients/known_clients.h"
#include "config/detect_section.h"
#include "config/toml_section.h"
#include "input/stream_address.h"
#include "parse/log_parser.h"
#include "report/alertmanager.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr uint64_t kMostSeries = 10000000;
constexpr uint64_t kMostPerHour = std::numeric_limits<uint32_t>::max();
constexpr size_t kMaxSiteName = 64;
constexpr size_t kMostCrawlers = 64;

template <typename Target, typename Value>
void SetIf(Target& target, const std::optional<Value>& value) {
  if (value) target = static_cast<Target>(*value);
}

template <typename Item>
void SetIf(std::vector<Item>& target, std::optional<std::vector<Item>> value) {
  if (value) target = std::move(*value);
}

void ReadWeb(TomlSection& web, Config& config) {
  SetIf(config.created_timestamps, web.Flag("created_timestamps"));
  const auto text = web.Text("listen_address", "127.0.0.1:9517");
  if (!text) return;
  const auto address = ParseListenAddress(*text);
  if (!address) return web.Fail("listen_address", address.error().message);
  config.listen_addresses = {*address};
}

void ReadState(TomlSection& section, StateOptions& state) {
  SetIf(state.file, section.Text("file", "/var/lib/accesslog_exporter/state.db"));
  SetIf(state.interval, section.Period("interval", seconds{1}, hours{1}, "5s"));
  if (state.file.find('\0') != std::string::npos) {
    section.Fail("file", "file in [state] holds a NUL; no file has such a name");
  }
  if (section.Has("interval") && !section.Has("file")) {
    section.Warn("interval", "interval in [state] has no effect without file: nothing is kept");
  }
}

// A day that has begun counts.
int64_t DaysOf(Duration period) {
  return std::chrono::ceil<std::chrono::days>(period).count();
}

void ReadNewClients(TomlSection& section, ClientOptions& clients) {
  const auto known_for =
      section.Period("known_for", hours{24}, hours{24 * KnownClients::kMostDays}, "28d");
  if (known_for) clients.known_days = DaysOf(*known_for);
  SetIf(clients.learning, section.Period("learning", seconds{0}, hours{24 * 365}, "14d"));
}

std::optional<HopHeader> HopHeaderFromName(std::string_view name) {
  for (size_t i = 0; i < kHopHeaderCount; ++i) {
    if (ToLower(name) == ToLower(kHopHeaderNames[i])) return static_cast<HopHeader>(i);
  }
  return std::nullopt;
}

void ReadClientHeaders(TomlSection& section, ClientOptions& clients) {
  const auto names = section.Texts("client_headers", "X-Forwarded-For");
  if (!names) return;
  std::vector<HopHeader> headers;
  for (const std::string& name : *names) {
    const auto header = HopHeaderFromName(name);
    if (!header) {
      section.Fail("client_headers", "\"" + Printable(name) +
                                         "\" in client_headers is none of X-Forwarded-For, "
                                         "Forwarded, CF-Connecting-IP, X-Real-IP");
    } else if (std::find(headers.begin(), headers.end(), *header) != headers.end()) {
      section.Fail("client_headers", "\"" + Printable(name) + "\" stands twice in client_headers");
    } else {
      headers.push_back(*header);
    }
  }
  if (names->empty()) section.Fail("client_headers", "client_headers in [clients] names no header");
  if (clients.trusted_proxies.empty()) {
    section.Warn("client_headers", "client_headers has no effect without trusted_proxies");
  }
  clients.client_headers = std::move(headers);
}

void ReadCrawler(TomlSection& section, std::vector<CrawlerOptions>& crawlers) {
  CrawlerOptions crawler;
  crawler.name = section.Text("name", "googlebot").value_or("");
  if (crawler.name.empty() || crawler.name.size() > kMaxSiteName ||
      Printable(crawler.name) != crawler.name) {
    section.Fail("name", "a [[clients.crawler]] needs a name of 1 to 64 printable bytes, as in "
                         "name = \"googlebot\"");
  }
  const bool taken = std::any_of(crawlers.begin(), crawlers.end(), [&](const CrawlerOptions& other) {
    return other.name == crawler.name;
  });
  if (taken) section.Fail("name", "two crawlers are named \"" + Printable(crawler.name) + "\"");
  const auto files = section.Texts("files", "/etc/accesslog_exporter/googlebot.json");
  if (!section.Has("files") || (files && files->empty())) {
    section.Fail("files", "a [[clients.crawler]] without files; add those of its address ranges");
  }
  SetIf(crawler.files, files);
  crawler.user_agents = section.Texts("user_agents", "Googlebot").value_or(
      std::vector<std::string>{crawler.name});
  const auto& words = crawler.user_agents;
  if (section.Has("user_agents") && std::find(words.begin(), words.end(), "") != words.end()) {
    section.Fail("user_agents", "an empty text in user_agents is in all of them");
  }
  if (crawlers.size() == kMostCrawlers) {
    return section.Fail("name", "there are more than 64 crawlers");
  }
  crawlers.push_back(std::move(crawler));
}

// Many people share such an address. What none of them does by mistake stays what it is.
void AllowMoreBehindNat(DetectOptions& detect) {
  constexpr uint32_t kPeople = 10;
  constexpr uint32_t kMostPaths = 60;  // the count ends at 64
  for (const Threshold& threshold : detect.thresholds) {
    Threshold more = threshold;
    switch (threshold.signal) {
      case Signal::kErrorPaths:
        more.value = std::min(threshold.value * kPeople, kMostPaths);
        break;
      case Signal::kLoginFailures:
      case Signal::kLoginSuccessAfterFailures:
      case Signal::kServerErrors:
      case Signal::kRequests:
      case Signal::kDynamicRequests:
      case Signal::kMalformedRequests:
      case Signal::kFailedRequests:
        more.value = threshold.value * kPeople;
        break;
      default:
        continue;
    }
    detect.network_thresholds.push_back({Network::kNat, more});
  }
}

void ReadClients(TomlSection& section, Config& config) {
  ClientOptions& clients = config.clients;
  SetIf(clients.max_series, section.Number("max_series", 1, kMostSeries));
  SetIf(clients.new_series_per_hour, section.Number("new_series_per_hour", 1, kMostPerHour));
  SetIf(clients.idle, section.Period("idle", seconds{1}, hours{24 * 365}, "1h"));
  SetIf(clients.first_value_hold, section.Period("first_value_hold", seconds{0}, hours{1}, "30s"));
  SetIf(clients.ipv4_prefix, section.Number("ipv4_prefix", 1, 32));
  SetIf(clients.ipv6_prefix, section.Number("ipv6_prefix", 1, 128));
  const auto privacy = section.Choice("privacy", {"full", "masked", "off", "hashed"});
  SetIf(clients.privacy, privacy);
  SetIf(clients.privacy_key_rotation,
        section.Period("privacy_key_rotation", minutes{10}, hours{24 * 90}, "24h"));
  if (section.Has("privacy_key_rotation") && clients.privacy != Privacy::kHashed) {
    section.Warn("privacy_key_rotation",
                 "privacy_key_rotation in [clients] has no effect without privacy = \"hashed\"");
  }
  ReadNewClients(section, clients);
  SetIf(clients.internal, section.Prefixes("internal"));
  if (auto nat = section.Prefixes("nat")) {
    config.detect.nat = std::move(*nat);
    AllowMoreBehindNat(config.detect);
    if (clients.privacy == Privacy::kHashed) {
      section.Warn("nat", "nat in [clients] has no effect with privacy = \"hashed\": which network an "
                          "address belongs to is not kept");
    }
  }
  SetIf(clients.trusted_proxies, section.Prefixes("trusted_proxies"));
  ReadClientHeaders(section, clients);
  section.Tables("crawler", [&](TomlSection& crawler) { ReadCrawler(crawler, config.crawlers); });
  // A series must not end before its first value was shown.
  if (clients.idle < clients.first_value_hold) {
    section.Fail("idle", "idle in [clients] must not be shorter than first_value_hold");
  }
}

void ReadLogin(TomlSection& section, LoginOptions& login) {
  SetIf(login.paths, section.Texts("paths", "/login"));
  SetIf(login.methods, section.Texts("methods", "POST"));
  SetIf(login.failure, section.Statuses("failure"));
  SetIf(login.success, section.Statuses("success"));
  SetIf(login.day, section.Choice("day", {"monday", "tuesday", "wednesday", "thursday", "friday",
                                          "saturday", "sunday"}));
  CheckPaths(section, "paths", login.paths);
  CheckMethods(section, "methods", login.methods);
  for (const uint16_t status : login.success) {
    const auto& failure = login.failure;
    if (!section.Has("failure") || std::find(failure.begin(), failure.end(), status) == failure.end()) {
      continue;
    }
    section.Fail("success", std::to_string(status) + " is both in failure and in success");
  }
}

void CheckName(TomlSection& section, const std::string& name, const Config& config) {
  if (name.empty() || name.size() > kMaxSiteName || Printable(name) != name) {
    section.Fail("name", "name in [site] must have 1 to 64 bytes, all of them printable");
  }
  const bool taken = std::any_of(config.sites.begin(), config.sites.end(),
                                 [&](const SiteConfig& other) { return other.name == name; });
  if (taken) section.Fail("name", "two sites are named \"" + Printable(name) + "\"");
}

bool IsSameStream(const std::string& a, const std::string& b) {
  if (!NamesStream(a) || !NamesStream(b)) return false;
  const auto first = ParseStreamAddress(a);
  const auto second = ParseStreamAddress(b);
  return first && second && *first == *second;
}

// What one reader took from a stream, another does not see.
bool IsReadAlready(const std::string& stream, const Config& config) {
  return std::any_of(config.sites.begin(), config.sites.end(), [&](const SiteConfig& site) {
    return std::any_of(site.files.begin(), site.files.end(),
                       [&](const std::string& file) { return IsSameStream(file, stream); });
  });
}

void CheckFiles(TomlSection& section, const std::vector<std::string>& files, const Config& config) {
  if (files.empty()) section.Fail("files", "files in [site] names no log");
  for (const std::string& file : files) {
    if (const auto why = WhyNotFollowable(file)) section.Fail("files", *why);
    if (!IsReadAlready(file, config)) continue;
    section.Fail("files", Printable(file) +
                              " is read by another site already; a stream can be read "
                              "once only");
  }
}

std::optional<TimeZone> ReadTimeZone(TomlSection& section) {
  const auto name = section.Text("timezone", "Europe/Istanbul");
  if (!name) return std::nullopt;
  Result<TimeZone> zone = TimeZone::Named(*name);
  if (zone) return *std::move(zone);
  section.Fail("timezone", zone.error().message);
  return std::nullopt;
}

void ReadSite(TomlSection& section, Config& config) {
  SiteConfig site;
  const auto name = section.Text("name", "intranet");
  if (name) CheckName(section, *name, config);
  if (!section.Has("name")) section.Fail("name", "a [[site]] without name; add name = \"…\"");
  const auto files = section.Texts("files", "/var/log/nginx/access.log");
  if (files) CheckFiles(section, *files, config);
  if (!section.Has("files")) section.Fail("files", "a [[site]] without files; add files = [\"…\"]");
  SetIf(site.format, section.Text("format", "auto"));
  const auto parser = LogParser::Create(site.format);
  if (!parser) section.Fail("format", parser.error().message);
  const auto start = section.Choice("start", {"end", "beginning"});
  if (start) site.start = *start == 0 ? StartAt::kEnd : StartAt::kBeginning;
  site.detect = config.detect;
  site.time_zone = ReadTimeZone(section).value_or(config.time_zone);
  site.detect.zone = site.time_zone;
  SetIf(site.protected_paths, section.Texts("protected_paths", "/admin"));
  CheckPaths(section, "protected_paths", site.protected_paths);
  site.detect.protected_paths = site.protected_paths;
  section.Table("login", [&](TomlSection& login) { ReadLogin(login, site.detect.login); });
  section.Table("detect", [&](TomlSection& detect) { ReadDetect(detect, site.detect); });
  site.name = name.value_or("");
  site.files = files.value_or(std::vector<std::string>{});
  config.sites.push_back(std::move(site));
}

void ReadReportTime(TomlSection& section, const std::string& key, PeriodKind kind,
                    const std::string& usual, ReportTimes& times) {
  const std::string text = section.Text(key, usual).value_or(
      kind == PeriodKind::kWeek && !section.Has(key) ? usual : "");
  if (text.empty()) return;
  const auto when = ParseReportTime(kind, text);
  if (!when) return section.Fail(key, when.error().message);
  times.when[static_cast<size_t>(kind)] = *when;
}

void ReadReport(TomlSection& section, ReportOptions& report) {
  AlertmanagerOptions& alertmanager = report.alertmanager;
  SetIf(alertmanager.urls, section.Texts("alertmanager_urls", "http://127.0.0.1:9093"));
  for (const std::string& url : alertmanager.urls) {
    if (const auto why = WhyNoAlertmanagerUrl(url)) section.Fail("alertmanager_urls", *why);
  }
  SetIf(alertmanager.credentials_file,
        section.Text("credentials_file", "/etc/accesslog_exporter/alertmanager.credentials"));
  SetIf(alertmanager.ca_file, section.Text("ca_file", "/etc/ssl/certs/intranet.pem"));
  SetIf(report.name, section.Text("name", "web1"));
  if (report.name.size() > kMaxSiteName || Printable(report.name) != report.name) {
    section.Fail("name", "name in [report] must have at most 64 bytes, all of them printable");
  }
  if (const auto zone = ReadTimeZone(section)) report.times.zone = *zone;
  ReadReportTime(section, "daily", PeriodKind::kDay, "07:00", report.times);
  ReadReportTime(section, "weekly", PeriodKind::kWeek, "friday 08:00", report.times);
  ReadReportTime(section, "monthly", PeriodKind::kMonth, "1 08:00", report.times);
  if (!section.Has("alertmanager_urls")) {
    for (const char* key : {"daily", "weekly", "monthly"}) {
      if (section.Has(key)) section.Warn(key, std::string(key) + " in [report] has no effect without alertmanager_urls: nothing is sent");
    }
  }
}

void ReadAll(TomlSection& root, Config& config) {
  root.Table("web", [&](TomlSection& web) { ReadWeb(web, config); });
  root.Table("state", [&](TomlSection& state) { ReadState(state, config.state); });
  root.Table("clients", [&](TomlSection& clients) { ReadClients(clients, config); });
  DetectOptions& detect = config.detect;
  detect.internal = config.clients.internal;
  detect.known_days = config.clients.known_days;
  detect.learning = config.clients.learning;
  config.report.times.zone = config.time_zone;
  root.Table("report", [&](TomlSection& report) { ReadReport(report, config.report); });
  // Sample lines would show the addresses that privacy hides.
  if (config.clients.privacy != Privacy::kFull) detect.max_samples = 0;
  root.Table("detect", [&](TomlSection& section) { ReadDetect(section, detect); });
  // Behind the others, which apply to each site that does not say otherwise.
  root.Tables("site", [&](TomlSection& site) { ReadSite(site, config); });
  root.RejectUnknown();
}

std::vector<IpPrefix> PrivateRanges() {
  std::vector<IpPrefix> ranges;
  for (const char* text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}) {
    ranges.push_back(*IpPrefix::Parse(text));
  }
  return ranges;
}

void SortByPlace(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
}

}  // namespace

LoadedConfig ParseConfig(std::string_view toml) {
  LoadedConfig loaded;
  loaded.config.clients.internal = PrivateRanges();
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    const toml::source_position at = parsed.error().source().begin;
    loaded.problems.errors.push_back(
        {at.line, at.column, "not valid TOML: " + Printable(parsed.error().description())});
    return loaded;
  }
  TomlSection root(parsed.table(), "", loaded.problems);
  ReadAll(root, loaded.config);
  SortByPlace(loaded.problems.errors);
  SortByPlace(loaded.problems.warnings);
  return loaded;
}

Result<LoadedConfig> LoadConfig(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{"cannot open " + path + ": " + ErrnoText(errno)};
  // A stream opens a directory without complaint and finds nothing in it.
  if (std::filesystem::is_directory(path)) {
    return Error{"cannot read " + path + ": " + ErrnoText(EISDIR)};
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) return Error{"cannot read " + path + ": " + ErrnoText(errno)};
  return ParseConfig(text);
}

std::optional<std::string> WhyNotFollowable(const std::string& file) {
  if (file.empty()) return "a file with an empty name cannot be followed";
  // As nginx, rsyslog and others would write it.
  for (const char* foreign : {"syslog:", "udp:", "tcp:", "unix:", "unixgram:"}) {
    if (!file.starts_with(foreign)) continue;
    return "\"" + Printable(file) +
           "\" is no file; syslog is received from "
           "syslog+udp://127.0.0.1:5514 or syslog+unix:/run/…";
  }
  if (!NamesStream(file)) return std::nullopt;
  const auto address = ParseStreamAddress(file);
  if (!address) return address.error().message;
  if (address->kind == StreamKind::kSyslogUdp && address->port == 0) {
    return "\"" + Printable(file) +
           "\" has port 0, which no sender could know; write "
           "syslog+udp://127.0.0.1:5514";
  }
  return std::nullopt;
}

SiteConfig DefaultSite(const Config& config, std::vector<std::string> files) {
  SiteConfig site;
  site.name = "default";
  site.files = std::move(files);
  site.detect = config.detect;
  site.time_zone = config.time_zone;
  return site;
}

}  // namespace accesslog
