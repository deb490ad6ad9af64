#include "config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace accesslog {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::IsEmpty;

Config Good(std::string_view toml) {
  LoadedConfig loaded = ParseConfig(toml);
  for (const Problem& error : loaded.problems.errors) ADD_FAILURE() << error.At("config.toml");
  return loaded.config;
}

std::vector<std::string> Warnings(std::string_view toml) {
  std::vector<std::string> warnings;
  for (const Problem& warning : ParseConfig(toml).problems.warnings) {
    warnings.push_back(warning.At("config.toml"));
  }
  return warnings;
}

// Detection, window and value of each threshold, in words.
std::vector<std::string> ThresholdsOf(const DetectOptions& detect) {
  std::vector<std::string> words;
  for (const Threshold& threshold : detect.thresholds) {
    words.push_back(std::string(SignalName(threshold.signal)) + " " +
                    std::string(threshold.window.name) + " " + std::to_string(threshold.value));
  }
  return words;
}

TEST(Config, TurnsCreatedTimestampsOn) {
  EXPECT_TRUE(Good("[web]\ncreated_timestamps = true\n").created_timestamps);
  EXPECT_FALSE(Good("[web]\ncreated_timestamps = false\n").created_timestamps);
}

TEST(Config, HasADefaultForEverything) {
  const Config config = Good("");
  ASSERT_EQ(config.listen_addresses.size(), 1U);
  EXPECT_EQ(config.listen_addresses[0].ToString(), "127.0.0.1:9517");
  EXPECT_FALSE(config.created_timestamps);
  EXPECT_EQ(config.state.file, "");
  EXPECT_EQ(config.state.interval, std::chrono::seconds{5});
  EXPECT_EQ(config.clients.max_series, 10000U);
  EXPECT_EQ(config.clients.new_series_per_hour, 20000U);
  EXPECT_EQ(config.clients.idle, std::chrono::hours{1});
  EXPECT_EQ(config.clients.first_value_hold, std::chrono::seconds{30});
  EXPECT_EQ(config.clients.ipv4_prefix, 32);
  EXPECT_EQ(config.clients.ipv6_prefix, 64);
  EXPECT_EQ(config.clients.privacy, Privacy::kFull);
  std::vector<std::string> internal;
  for (const IpPrefix& prefix : config.clients.internal) internal.push_back(prefix.ToString());
  EXPECT_THAT(internal,
              ElementsAre("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"));
  EXPECT_THAT(ThresholdsOf(config.detect),
              ElementsAre("login_failures 1m 6", "login_failures 5m 10", "login_failures 1h 30",
                          "login_success_after_failures 30m 5", "error_paths 5m 10",
                          "attack_requests 5m 3", "exploit_requests 5m 1", "attack_answered 5m 1",
                          "server_errors 10m 50", "requests 1m 600", "dynamic_requests 1m 300",
                          "malformed_requests 10m 10", "unusual_client 28d 1",
                          "unusual_client_off_day 28d 1", "offense_days 7d 3", "offense_kinds 24h 3",
                          "failed_requests 5m 5"));
  EXPECT_THAT(config.sites, IsEmpty());
}

TEST(Config, TakesWhatDiffers) {
  const Config config = Good(R"(
[web]
listen_address = "0.0.0.0:80"
[state]
file = "/srv/state.db"
interval = "1m"
[clients]
max_series = 77
new_series_per_hour = 78
idle = "2h"
first_value_hold = "0"
ipv4_prefix = 24
ipv6_prefix = 56
privacy = "masked"
known_for = "7d"
learning = "2d"
internal = ["198.51.100.0/24"]
[[site]]
name = "a"
files = ["/var/log/a/*.log", "b.log"]
protected_paths = ["/admin", "/intern/"]
format = "common"
start = "beginning"
[site.login]
paths = ["/login"]
methods = ["POST"]
failure = [403]
[[site]]
name = "b"
files = ["c.log"]
[detect.LoginBruteForce]
per_1m = 3
per_1h = 0
[detect.FailedRequests]
per_5m = 9
)");
  EXPECT_EQ(config.listen_addresses[0].ToString(), "0.0.0.0:80");
  EXPECT_EQ(config.state.file, "/srv/state.db");
  EXPECT_EQ(config.state.interval, std::chrono::minutes{1});
  EXPECT_EQ(config.clients.max_series, 77U);
  EXPECT_EQ(config.clients.new_series_per_hour, 78U);
  EXPECT_EQ(config.clients.idle, std::chrono::hours{2});
  EXPECT_EQ(config.clients.first_value_hold, Duration{0});
  EXPECT_EQ(config.clients.ipv4_prefix, 24);
  EXPECT_EQ(config.clients.ipv6_prefix, 56);
  EXPECT_EQ(config.clients.privacy, Privacy::kMasked);
  EXPECT_EQ(config.clients.known_days, 7);
  EXPECT_EQ(config.clients.learning, std::chrono::hours{48});
  ASSERT_EQ(config.clients.internal.size(), 1U);
  EXPECT_EQ(config.clients.internal[0].ToString(), "198.51.100.0/24");

  ASSERT_EQ(config.sites.size(), 2U);
  const SiteConfig& a = config.sites[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_THAT(a.files, ElementsAre("/var/log/a/*.log", "b.log"));
  EXPECT_THAT(a.protected_paths, ElementsAre("/admin", "/intern/"));
  EXPECT_EQ(a.format, "common");
  EXPECT_EQ(a.start, StartAt::kBeginning);
  EXPECT_THAT(a.detect.login.paths, ElementsAre("/login"));
  EXPECT_THAT(a.detect.login.methods, ElementsAre("POST"));
  EXPECT_THAT(a.detect.login.failure, ElementsAre(403));
  const SiteConfig& b = config.sites[1];
  EXPECT_EQ(b.format, "auto");
  EXPECT_EQ(b.start, StartAt::kEnd);
  EXPECT_THAT(b.detect.login.paths, IsEmpty());
  EXPECT_THAT(b.detect.login.failure, ElementsAre(401, 403));
  // Thresholds and internal networks are everybody's, whichever table stands first.
  for (const SiteConfig& site : config.sites) {
    EXPECT_THAT(ThresholdsOf(site.detect),
                IsSupersetOf({"login_failures 5m 10", "login_failures 1m 3", "failed_requests 5m 9"}));
    EXPECT_THAT(ThresholdsOf(site.detect), Not(Contains(HasSubstr("login_failures 1h"))));
    EXPECT_EQ(site.detect.internal.size(), 1U);
  }
}

TEST(Config, TakesHashedPrivacy) {
  const Config config = Good(R"([clients]
privacy = "hashed"
privacy_key_rotation = "12h"
)");
  EXPECT_EQ(config.clients.privacy, Privacy::kHashed);
  EXPECT_EQ(config.clients.privacy_key_rotation, std::chrono::hours{12});
  EXPECT_EQ(config.detect.max_samples, 0U);
}

TEST(Config, WarnsOfAKeyThatNobodyHas) {
  EXPECT_THAT(Warnings("[clients]\nprivacy_key_rotation = \"12h\"\n"),
              ElementsAre(testing::HasSubstr("no effect without privacy = \"hashed\"")));
}

// The example of the design: one file for this version and for those to come.
TEST(Config, WarnsOfWhatHasNoEffectYet) {
  EXPECT_THAT(
      Warnings(R"([web]
listen_address = "127.0.0.1:9517"
[state]
file = "/var/lib/accesslog_exporter/state.db"
interval = "5s"
[clients]
max_series = 10000
new_series_per_hour = 20000
idle = "1h"
first_value_hold = "30s"
ipv4_prefix = 32
ipv6_prefix = 64
privacy = "full"
internal = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
trusted_proxies = []
[[site]]
name = "intranet"
files = ["/var/log/apache2/access.log"]
format = "auto"
start = "end"
timezone = "Europe/Istanbul"
[site.login]
paths = ["/login", "/wp-login.php"]
methods = ["POST"]
failure = [401, 403]
success = [302]
day = "thursday"
[detect.LoginBruteForce]
per_1m = 6
per_5m = 10
per_1h = 30
)"),
      IsEmpty());
}

TEST(Config, ReadsTheTimeZoneOfASite) {
  const Config config = Good(
      "[[site]]\nname = \"a\"\nfiles = [\"/a\"]\ntimezone = \"Europe/Istanbul\"\n"
      "[[site]]\nname = \"b\"\nfiles = [\"/b\"]\n");
  EXPECT_EQ(config.sites[0].time_zone.name(), "Europe/Istanbul");
  EXPECT_EQ(config.sites[1].time_zone.name(), TimeZone::Local().name());
}

TEST(Config, ReportsOnFridaysToAlertmanager) {
  const Config config = Good("[report]\nalertmanager_urls = [\"http://127.0.0.1:9093\"]\n");
  const ReportTimes& times = config.report.times;
  EXPECT_FALSE(times.when[static_cast<size_t>(PeriodKind::kDay)]);
  EXPECT_EQ(times.when[static_cast<size_t>(PeriodKind::kWeek)], (ReportTimes::When{4, 8 * 3600}));
  EXPECT_FALSE(times.when[static_cast<size_t>(PeriodKind::kMonth)]);
  EXPECT_EQ(times.zone.name(), TimeZone::Local().name());
  EXPECT_THAT(Good("").report.alertmanager.urls, IsEmpty());
}

TEST(Config, ReportsWhenItIsTold) {
  const Config config = Good(
      "[report]\nalertmanager_urls = [\"http://a\", \"https://u:p@b/x\"]\ndaily = "
      "\"07:00\"\nweekly = "
      "\"\"\nmonthly = \"1 08:00\"\ntimezone = \"Europe/Istanbul\"\nname = \"web1\"\n"
      "credentials_file = \"/c\"\nca_file = \"/ca\"\n");
  const ReportTimes& times = config.report.times;
  EXPECT_EQ(times.when[static_cast<size_t>(PeriodKind::kDay)], (ReportTimes::When{0, 7 * 3600}));
  EXPECT_FALSE(times.when[static_cast<size_t>(PeriodKind::kWeek)]);
  EXPECT_EQ(times.when[static_cast<size_t>(PeriodKind::kMonth)], (ReportTimes::When{1, 8 * 3600}));
  EXPECT_EQ(times.zone.name(), "Europe/Istanbul");
  EXPECT_EQ(config.report.name, "web1");
  EXPECT_EQ(config.report.alertmanager.urls.size(), 2U);
  EXPECT_EQ(config.report.alertmanager.credentials_file, "/c");
  EXPECT_EQ(config.report.alertmanager.ca_file, "/ca");
}

TEST(Config, WarnsOfReportsThatGoNowhere) {
  EXPECT_THAT(Warnings("[report]\ndaily = \"07:00\"\n"),
              ElementsAre("config.toml:2:9: daily in [report] has no effect without "
                          "alertmanager_urls: nothing is sent"));
}

TEST(Config, KeepsNothingWithoutAWarningWhereThatWasAskedFor) {
  EXPECT_THAT(Warnings("[state]\nfile = \"\"\n"), IsEmpty());
  EXPECT_THAT(Warnings("[state]\nfile = \"\"\ninterval = \"1m\"\n"), IsEmpty());
}

TEST(Config, WarnsOfAnIntervalAtWhichNothingIsKept) {
  EXPECT_THAT(Warnings("[state]\ninterval = \"1m\"\n"),
              ElementsAre("config.toml:2:12: interval in [state] has no effect without file: "
                          "nothing is kept"));
}

TEST(Config, ReadsWhoIsTrusted) {
  const Config config = Good(
      "[clients]\ntrusted_proxies = [\"192.0.2.1\", \"2001:db8::/32\"]\n"
      "client_headers = [\"x-real-ip\", \"Forwarded\"]\n");
  ASSERT_EQ(config.clients.trusted_proxies.size(), 2U);
  EXPECT_EQ(config.clients.trusted_proxies[0].ToString(), "192.0.2.1/32");
  EXPECT_THAT(config.clients.client_headers,
              ElementsAre(HopHeader::kXRealIp, HopHeader::kForwarded));
}

TEST(Config, TrustsNobodyByDefault) {
  const Config config = Good("");
  EXPECT_THAT(config.clients.trusted_proxies, IsEmpty());
  EXPECT_THAT(config.clients.client_headers,
              ElementsAre(HopHeader::kXForwardedFor, HopHeader::kForwarded,
                          HopHeader::kCfConnectingIp, HopHeader::kXRealIp));
  EXPECT_THAT(config.crawlers, IsEmpty());
}

TEST(Config, WarnsOfHeadersThatNobodyIsTrustedToSend) {
  EXPECT_THAT(Warnings("[clients]\nclient_headers = [\"Forwarded\"]\n"),
              ElementsAre("config.toml:2:18: client_headers has no effect without trusted_proxies"));
}

TEST(Config, ReadsCrawlers) {
  const Config config = Good(
      "[[clients.crawler]]\nname = \"googlebot\"\nfiles = [\"a.json\", \"b.json\"]\n"
      "[[clients.crawler]]\nname = \"bing\"\nfiles = [\"c\"]\nuser_agents = [\"bingbot\", \"BingPreview\"]\n");
  ASSERT_EQ(config.crawlers.size(), 2U);
  EXPECT_EQ(config.crawlers[0].name, "googlebot");
  EXPECT_THAT(config.crawlers[0].files, ElementsAre("a.json", "b.json"));
  EXPECT_THAT(config.crawlers[0].user_agents, ElementsAre("googlebot"));
  EXPECT_THAT(config.crawlers[1].user_agents, ElementsAre("bingbot", "BingPreview"));
}

TEST(DefaultSite, HasTheConfigurationsThresholds) {
  const Config config = Good("[detect.FailedRequests]\nper_5m = 0\n");
  const SiteConfig site = DefaultSite(config, {"access.log"});
  EXPECT_EQ(site.name, "default");
  EXPECT_THAT(site.files, ElementsAre("access.log"));
  EXPECT_THAT(ThresholdsOf(site.detect),
              IsSupersetOf({"login_failures 1m 6", "login_failures 5m 10", "login_failures 1h 30"}));
}

TEST(WhyNotFollowable, TakesFilesAndStreams) {
  for (const char* file : {"access.log", "/var/log/*.log", "-", "./-", "fifo:/run/x",
                           "syslog+udp://127.0.0.1:5514", "syslog+udp://[::1]:514",
                           "syslog+unix:/run/x.sock", "syslog.log", "/var/log/syslog"}) {
    EXPECT_EQ(WhyNotFollowable(file), std::nullopt) << file;
  }
}

TEST(WhyNotFollowable, NamesWhatIsNeither) {
  EXPECT_EQ(WhyNotFollowable(""), "a file with an empty name cannot be followed");
  EXPECT_EQ(WhyNotFollowable("syslog+udp://127.0.0.1"),
            "\"syslog+udp://127.0.0.1\" has no port; write syslog+udp://127.0.0.1:5514");
  EXPECT_EQ(WhyNotFollowable("syslog+udp://127.0.0.1:0"),
            "\"syslog+udp://127.0.0.1:0\" has port 0, which no sender could know; write "
            "syslog+udp://127.0.0.1:5514");
  for (const std::string file : {"syslog:server=127.0.0.1:5514", "udp://127.0.0.1:514",
                                 "tcp://127.0.0.1:514", "unix:/run/x.sock"}) {
    EXPECT_EQ(WhyNotFollowable(file), "\"" + file +
                                          "\" is no file; syslog is received from "
                                          "syslog+udp://127.0.0.1:5514 or syslog+unix:/run/…");
  }
}

}  // namespace
}  // namespace accesslog
