// [detect], its tables of networks and signatures, and [site.detect].
#include "config/detect_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"

namespace accesslog {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Config Good(std::string_view toml) {
  LoadedConfig loaded = ParseConfig(toml);
  for (const Problem& error : loaded.problems.errors) ADD_FAILURE() << error.At("config.toml");
  return loaded.config;
}

std::vector<std::string> Errors(std::string_view toml) {
  std::vector<std::string> errors;
  for (const Problem& error : ParseConfig(toml).problems.errors) errors.push_back(error.At("c"));
  return errors;
}

// 0 where there is none.
uint32_t ThresholdOf(const DetectOptions& detect, Signal signal, const Window& window) {
  for (const Threshold& threshold : detect.thresholds) {
    if (threshold.signal == signal && threshold.window.name == window.name) return threshold.value;
  }
  return 0;
}

// Nothing where the network has none of its own.
std::optional<uint32_t> ThresholdOf(const DetectOptions& detect, Network network, Signal signal,
                                    const Window& window) {
  for (const NetworkThreshold& own : detect.network_thresholds) {
    const bool same = own.threshold.signal == signal && own.threshold.window.name == window.name;
    if (own.network == network && same) return own.threshold.value;
  }
  return std::nullopt;
}

struct ClientKeyCase {
  const char* detection;
  const char* key;
  Signal signal;
  Window window;
};

const ClientKeyCase kClientKeys[] = {
    {"LoginBruteForce", "per_1m", Signal::kLoginFailures, kWindow1m},
    {"LoginBruteForce", "per_5m", Signal::kLoginFailures, kWindow5m},
    {"LoginBruteForce", "per_1h", Signal::kLoginFailures, kWindow1h},
    {"LoginSuccessAfterFailures", "per_30m", Signal::kLoginSuccessAfterFailures, kWindow30m},
    {"ReconDistinctErrorPaths", "per_5m", Signal::kErrorPaths, kWindow5m},
    {"AttackRequestAnswered", "per_5m", Signal::kAttackAnswered, kWindow5m},
    {"AttackProbe", "per_5m", Signal::kAttackRequests, kWindow5m},
    {"ExploitAttempt", "per_5m", Signal::kExploitRequests, kWindow5m},
    {"ServerErrorRatioHigh", "client_per_10m", Signal::kServerErrors, kWindow10m},
    {"ClientFlood", "requests_per_1m", Signal::kRequests, kWindow1m},
    {"ClientFlood", "dynamic_per_1m", Signal::kDynamicRequests, kWindow1m},
    {"BadRequestRatioHigh", "client_per_10m", Signal::kMalformedRequests, kWindow10m},
    {"RepeatOffender", "days", Signal::kOffenseDays, kWindow7d},
    {"RepeatOffender", "kinds", Signal::kOffenseKinds, kWindow24h},
    {"FailedRequests", "per_5m", Signal::kFailedRequests, kWindow5m},
};

std::string Table(const std::string& prefix, const ClientKeyCase& key, const std::string& value) {
  return "[" + prefix + "." + key.detection + "]\n" + key.key + " = " + value + "\n";
}

TEST(DetectSection, SetsTheThresholdOfEachKey) {
  for (const ClientKeyCase& key : kClientKeys) {
    const DetectOptions detect = Good(Table("detect", key, "7")).detect;
    EXPECT_EQ(ThresholdOf(detect, key.signal, key.window), 7U) << key.detection << key.key;
    EXPECT_THAT(detect.thresholds, SizeIs(DetectOptions().thresholds.size()));
    EXPECT_THAT(detect.network_thresholds, IsEmpty());
  }
}

TEST(DetectSection, TurnsTheThresholdOfEachKeyOffWithZero) {
  for (const ClientKeyCase& key : kClientKeys) {
    const DetectOptions detect = Good(Table("detect", key, "0")).detect;
    EXPECT_EQ(ThresholdOf(detect, key.signal, key.window), 0U) << key.detection << key.key;
    EXPECT_THAT(detect.thresholds, SizeIs(DetectOptions().thresholds.size() - 1));
  }
}

TEST(DetectSection, SetsTheThresholdsOfTheSite) {
  const SiteThresholds site = Good(R"(
[detect.DistributedLoginFailures]
per_24h = 11
clients = 12
[detect.ServerErrorRatioHigh]
per_5m = 13
ratio = 0.25
[detect.BadRequestRatioHigh]
per_10m = 14
ratio = 1
[detect.LoginScheduleAnomaly]
off_day_members = 15
absent = 0.75
)").detect.site;
  EXPECT_EQ(site.login_failures_24h, 11U);
  EXPECT_EQ(site.login_failure_clients_24h, 12U);
  EXPECT_EQ(site.server_errors_5m, 13U);
  EXPECT_EQ(site.server_error_ratio_5m, 0.25);
  EXPECT_EQ(site.bad_requests_10m, 14U);
  EXPECT_EQ(site.bad_request_ratio_10m, 1.0);
  EXPECT_EQ(site.off_day_members, 15U);
  EXPECT_EQ(site.login_day_absent, 0.75);
}

// Of every detection that has signals of clients.
TEST(DetectSection, TurnsAWholeDetectionOff) {
  for (size_t i = 0; i < kDetectionCount; ++i) {
    const auto detection = static_cast<Detection>(i);
    const std::string name(DetectionName(detection));
    const DetectOptions detect = Good("[detect." + name + "]\nenabled = false\n").detect;
    for (const Threshold& threshold : DetectOptions().thresholds) {
      const bool off = DetectionOf(threshold.signal) == detection;
      EXPECT_EQ(ThresholdOf(detect, threshold.signal, threshold.window), off ? 0 : threshold.value)
          << name << " " << SignalName(threshold.signal);
    }
  }
}

TEST(DetectSection, TurnsTheSitesPartOffToo) {
  const SiteThresholds site = Good(R"(
[detect.DistributedLoginFailures]
enabled = false
[detect.ServerErrorRatioHigh]
enabled = false
[detect.BadRequestRatioHigh]
enabled = false
[detect.LoginScheduleAnomaly]
enabled = false
)").detect.site;
  EXPECT_EQ(site.login_failures_24h, 0U);
  EXPECT_EQ(site.server_errors_5m, 0U);
  EXPECT_EQ(site.bad_requests_10m, 0U);
  EXPECT_EQ(site.off_day_members, 0U);
  EXPECT_EQ(site.login_day_absent, 0.0);
}

TEST(DetectSection, ChangesNothingForWhatIsEnabled) {
  const DetectOptions detect = Good("[detect.LoginBruteForce]\nenabled = true\n").detect;
  EXPECT_EQ(ThresholdOf(detect, Signal::kLoginFailures, kWindow1m), 6U);
}

TEST(DetectSection, SetsThresholdsOfNetworks) {
  for (const ClientKeyCase& key : kClientKeys) {
    const DetectOptions internal = Good(Table("detect.internal", key, "7")).detect;
    EXPECT_EQ(ThresholdOf(internal, Network::kInternal, key.signal, key.window), 7U);
    EXPECT_EQ(ThresholdOf(internal, Network::kNat, key.signal, key.window), std::nullopt);
    const DetectOptions nat = Good(Table("detect.nat", key, "0")).detect;
    EXPECT_EQ(ThresholdOf(nat, Network::kNat, key.signal, key.window), 0U);
    EXPECT_EQ(ThresholdOf(nat, Network::kInternal, key.signal, key.window), std::nullopt);
    for (const DetectOptions& detect : {internal, nat}) {
      EXPECT_EQ(ThresholdOf(detect, key.signal, key.window),
                ThresholdOf(DetectOptions(), key.signal, key.window));
      EXPECT_THAT(detect.network_thresholds, SizeIs(1));
    }
  }
}

TEST(DetectSection, TurnsADetectionOffForOneNetwork) {
  const DetectOptions detect = Good("[detect.internal.LoginBruteForce]\nenabled = false\n").detect;
  for (const Window& window : {kWindow1m, kWindow5m, kWindow1h}) {
    EXPECT_EQ(ThresholdOf(detect, Network::kInternal, Signal::kLoginFailures, window), 0U);
  }
  EXPECT_THAT(detect.network_thresholds, SizeIs(3));
  EXPECT_EQ(ThresholdOf(detect, Signal::kLoginFailures, kWindow1m), 6U);
}

// Off for all others, whichever table stands first.
TEST(DetectSection, KeepsANetworksThresholdWhereTheOthersHaveNone) {
  const DetectOptions detect = Good(R"(
[detect.internal.FailedRequests]
per_5m = 100
[detect.FailedRequests]
per_5m = 0
)").detect;
  EXPECT_EQ(ThresholdOf(detect, Network::kInternal, Signal::kFailedRequests, kWindow5m), 100U);
  EXPECT_EQ(ThresholdOf(detect, Signal::kFailedRequests, kWindow5m), UINT32_MAX);
}

TEST(DetectSection, AllowsMoreBehindNat) {
  const DetectOptions detect = Good(R"(
[clients]
nat = ["198.51.100.0/24"]
[detect.nat.LoginBruteForce]
per_1m = 33
)").detect;
  EXPECT_EQ(ThresholdOf(detect, Network::kNat, Signal::kLoginFailures, kWindow1m), 33U);
  EXPECT_EQ(ThresholdOf(detect, Network::kNat, Signal::kLoginFailures, kWindow5m), 100U);
  EXPECT_EQ(ThresholdOf(detect, Network::kNat, Signal::kErrorPaths, kWindow5m), 60U);
  EXPECT_EQ(ThresholdOf(detect, Network::kNat, Signal::kExploitRequests, kWindow5m), std::nullopt);
}

constexpr const char* kTwoSites = R"(
[[site]]
name = "a"
files = ["a.log"]
[site.detect]
ignore_paths = ["/status"]
[site.detect.LoginBruteForce]
per_1m = 3
[site.detect.ServerErrorRatioHigh]
ratio = 0.5
[site.detect.internal.ClientFlood]
requests_per_1m = 0
[[site.detect.signature]]
name = "ours"
contains = "/ours"
[[site]]
name = "b"
files = ["b.log"]
[detect]
ignore_methods = ["OPTIONS"]
[detect.LoginBruteForce]
per_5m = 8
)";

TEST(SiteDetectSection, HoldsForItsSiteOnly) {
  const Config config = Good(kTwoSites);
  ASSERT_THAT(config.sites, SizeIs(2));
  const DetectOptions& a = config.sites[0].detect;
  const DetectOptions& b = config.sites[1].detect;
  EXPECT_EQ(ThresholdOf(a, Signal::kLoginFailures, kWindow1m), 3U);
  EXPECT_EQ(ThresholdOf(b, Signal::kLoginFailures, kWindow1m), 6U);
  EXPECT_EQ(a.site.server_error_ratio_5m, 0.5);
  EXPECT_EQ(b.site.server_error_ratio_5m, 0.05);
  EXPECT_THAT(a.ignore_paths, ElementsAre("/status"));
  EXPECT_THAT(b.ignore_paths, IsEmpty());
  EXPECT_EQ(ThresholdOf(a, Network::kInternal, Signal::kRequests, kWindow1m), 0U);
  EXPECT_THAT(b.network_thresholds, IsEmpty());
  EXPECT_THAT(a.signatures, SizeIs(1));
  EXPECT_THAT(b.signatures, IsEmpty());
  // And what holds for all holds for both.
  for (const DetectOptions* detect : {&a, &b, &config.detect}) {
    EXPECT_EQ(ThresholdOf(*detect, Signal::kLoginFailures, kWindow5m), 8U);
    EXPECT_THAT(detect->ignore_methods, ElementsAre("OPTIONS"));
  }
  EXPECT_EQ(ThresholdOf(config.detect, Signal::kLoginFailures, kWindow1m), 6U);
}

TEST(SiteDetectSection, MayTurnOnWhatIsOffForAll) {
  const Config config = Good(R"(
[detect.FailedRequests]
enabled = false
[[site]]
name = "a"
files = ["a.log"]
[site.detect.FailedRequests]
per_5m = 9
)");
  EXPECT_EQ(ThresholdOf(config.detect, Signal::kFailedRequests, kWindow5m), 0U);
  EXPECT_EQ(ThresholdOf(config.sites[0].detect, Signal::kFailedRequests, kWindow5m), 9U);
}

TEST(SiteDetectSection, NamesWhatIsWrong) {
  EXPECT_THAT(Errors("[[site]]\nname = \"a\"\nfiles = [\"a\"]\n[site.detect.ClientFlod]\nper_5m = 1\n"),
              ElementsAre(HasSubstr("did you mean \"ClientFlood\"?")));
}

TEST(DetectSection, ReadsWhatIsIgnored) {
  const DetectOptions detect =
      Good("[detect]\nignore_paths = [\"/status\", \"/x/y\"]\nignore_methods = [\"OPTIONS\"]\n").detect;
  EXPECT_THAT(detect.ignore_paths, ElementsAre("/status", "/x/y"));
  EXPECT_THAT(detect.ignore_methods, ElementsAre("OPTIONS"));
}

TEST(DetectSection, RefusesPathsAndMethodsThatAreNone) {
  EXPECT_THAT(Errors("[detect]\nignore_paths = [\"status\"]\n"),
              ElementsAre(AllOf(HasSubstr("\"status\" in ignore_paths"), HasSubstr("must begin with /"))));
  EXPECT_THAT(Errors("[detect]\nignore_paths = [\"/x?y=1\"]\n"), ElementsAre(HasSubstr("holds a query")));
  EXPECT_THAT(Errors("[detect]\nignore_paths = [\"\"]\n"), ElementsAre(HasSubstr("must begin with /")));
  EXPECT_THAT(Errors("[detect]\nignore_methods = [\"options\"]\n"), ElementsAre(HasSubstr("is no method")));
  EXPECT_THAT(Errors("[detect]\nignore_methods = [\"\"]\n"), ElementsAre(HasSubstr("is no method")));
  EXPECT_THAT(Errors("[detect]\nignore_paths = \"/x\"\n"), ElementsAre(HasSubstr("must be a list")));
}

TEST(DetectSection, RefusesRatiosThatAreNone) {
  for (const char* value : {"-0.01", "1.01", "5", "nan", "inf", "\"0.5\"", "true"}) {
    EXPECT_THAT(Errors(std::string("[detect.ServerErrorRatioHigh]\nratio = ") + value + "\n"),
                ElementsAre(HasSubstr("must be a share from 0 to 1")))
        << value;
    EXPECT_THAT(Errors(std::string("[detect.LoginScheduleAnomaly]\nabsent = ") + value + "\n"),
                ElementsAre(HasSubstr("must be a share from 0 to 1")))
        << value;
  }
}

TEST(DetectSection, RefusesThresholdsThatAreNone) {
  for (const ClientKeyCase& key : kClientKeys) {
    for (const char* value : {"-1", "1000001", "\"5\"", "0.5"}) {
      EXPECT_THAT(Errors(Table("detect", key, value)), ElementsAre(HasSubstr(key.key)))
          << key.detection << value;
      EXPECT_THAT(Errors(Table("detect.nat", key, value)), ElementsAre(HasSubstr(key.key)));
    }
  }
  EXPECT_THAT(Errors("[detect.DistributedLoginFailures]\nclients = 0\n"), SizeIs(1));
}

TEST(DetectSection, NamesTheNearestOfUnknownKeys) {
  EXPECT_THAT(Errors("[detect]\nignore_path = [\"/x\"]\n"),
              ElementsAre(AllOf(HasSubstr("unknown key \"ignore_path\""), HasSubstr("\"ignore_paths\"?"))));
  EXPECT_THAT(Errors("[detect.LoginBruteForc]\nper_1m = 1\n"), ElementsAre(HasSubstr("\"LoginBruteForce\"?")));
  EXPECT_THAT(Errors("[detect.ClientFlood]\nrequest_per_1m = 1\n"),
              ElementsAre(HasSubstr("\"requests_per_1m\"?")));
  EXPECT_THAT(Errors("[detect.RepeatOffender]\nday = 1\n"), ElementsAre(HasSubstr("\"days\"?")));
  EXPECT_THAT(Errors("[detect.internal.AttackProb]\nper_5m = 1\n"), ElementsAre(HasSubstr("\"AttackProbe\"?")));
  EXPECT_THAT(Errors("[detect.nat.AttackProbe]\nper_6m = 1\n"), ElementsAre(HasSubstr("\"per_5m\"?")));
  EXPECT_THAT(Errors("[detect.AttackProbe]\nenable = false\n"), ElementsAre(HasSubstr("\"enabled\"?")));
}

// What measures the site as a whole knows no networks.
TEST(DetectSection, HasNoKeysOfTheSiteForNetworks) {
  EXPECT_THAT(Errors("[detect.internal.ServerErrorRatioHigh]\nratio = 0.5\n"),
              ElementsAre(HasSubstr("unknown key \"ratio\"")));
  EXPECT_THAT(Errors("[detect.nat.DistributedLoginFailures]\nper_24h = 5\n"),
              ElementsAre(HasSubstr("unknown key \"per_24h\"")));
}

std::string Signature(const std::string& keys) { return "[[detect.signature]]\n" + keys; }

TEST(Signatures, AreRead) {
  const DetectOptions detect = Good(Signature("name = \"a\"\nfamily = \"web_shell\"\nwhere = \"query\"\n"
                                              "contains = \"x\"\npattern = \"y\"\nleaks = true\nexploit = true\n") +
                                    Signature("name = \"b\"\ncontains = \"z\"\n")).detect;
  ASSERT_THAT(detect.signatures, SizeIs(2));
  EXPECT_EQ(detect.signatures[0].name, "a");
  EXPECT_EQ(detect.signatures[0].family, "web_shell");
  EXPECT_EQ(detect.signatures[0].where, "query");
  EXPECT_EQ(detect.signatures[0].contains, "x");
  EXPECT_EQ(detect.signatures[0].pattern, "y");
  EXPECT_TRUE(detect.signatures[0].leaks);
  EXPECT_TRUE(detect.signatures[0].exploit);
  EXPECT_EQ(detect.signatures[1].family, "");
  EXPECT_FALSE(detect.signatures[1].leaks);
}

TEST(Signatures, AreRefusedWithTheReason) {
  EXPECT_THAT(Errors(Signature("contains = \"x\"\n")), testing::Contains(HasSubstr("without name")));
  EXPECT_THAT(Errors(Signature("name = \"a\"\nfamily = \"webshell\"\ncontains = \"x\"\n")),
              ElementsAre(HasSubstr("there is no attack family \"webshell\"")));
  EXPECT_THAT(Errors(Signature("name = \"a\"\nwhere = \"body\"\ncontains = \"x\"\n")),
              ElementsAre(HasSubstr("where is \"body\"")));
  EXPECT_THAT(Errors(Signature("name = \"a\"\n")), ElementsAre(HasSubstr("neither contains nor pattern")));
  EXPECT_THAT(Errors(Signature("name = \"a\"\npattern = \"(\"\n")),
              ElementsAre(HasSubstr("the pattern of signature \"a\"")));
  EXPECT_THAT(Errors(Signature("name = \"a\"\ncontains = \"" + std::string(257, 'x') + "\"\n")),
              ElementsAre(HasSubstr("longer than 256 bytes")));
  EXPECT_THAT(Errors(Signature("name = \"a\"\ncontains = \"x\"\n") + Signature("name = \"a\"\ncontains = \"y\"\n")),
              ElementsAre(HasSubstr("two signatures are named \"a\"")));
  EXPECT_THAT(Errors(Signature("name = \"a\"\ncontain = \"x\"\ncontains = \"x\"\n")),
              ElementsAre(HasSubstr("\"contains\"?")));
}

TEST(Signatures, WithoutNameAreOneError) {
  EXPECT_THAT(Errors(Signature("contains = \"x\"\n")), SizeIs(1));
}

// None of them is too long by itself.
TEST(Signatures, AreRefusedWhereTheyAreTooLongTogether) {
  std::string toml;
  for (int i = 0; i < 400; ++i) {
    const std::string number = std::to_string(1000 + i);
    toml += Signature("name = \"s" + number + "\"\ncontains = \"" + number + std::string(252, 'x') + "\"\n");
  }
  EXPECT_THAT(Errors(toml), ElementsAre(HasSubstr("too long together")));
}

TEST(Signatures, AreAtMostAThousand) {
  std::string toml;
  for (int i = 0; i < 1000; ++i) toml += Signature("name = \"s" + std::to_string(i) + "\"\ncontains = \"x\"\n");
  EXPECT_THAT(Errors(toml), IsEmpty());
  EXPECT_THAT(Errors(toml + Signature("name = \"one-more\"\ncontains = \"x\"\n")),
              ElementsAre(HasSubstr("more than 1000 signatures")));
}

// A site's own and those of all are built together.
TEST(Signatures, OfASiteMayNotHaveANameOfAll) {
  EXPECT_THAT(Errors(Signature("name = \"a\"\ncontains = \"x\"\n") +
                     "[[site]]\nname = \"s\"\nfiles = [\"s\"]\n[[site.detect.signature]]\nname = \"a\"\n"
                     "contains = \"y\"\n"),
              ElementsAre(HasSubstr("two signatures are named \"a\"")));
}

TEST(Signatures, MayNotHaveTheNameOfABuiltInOne) {
  EXPECT_THAT(Errors(Signature("name = \"dotenv\"\ncontains = \"x\"\n")), SizeIs(1));
}

TEST(Signatures, AreTurnedOffByName) {
  EXPECT_THAT(Good("[detect]\nsignatures_off = [\"dotenv\"]\n").detect.signatures_off, ElementsAre("dotenv"));
  EXPECT_THAT(Errors("[detect]\nsignatures_off = [\"dotenw\"]\n"),
              ElementsAre(AllOf(HasSubstr("there is no built-in signature \"dotenw\""),
                                HasSubstr("did you mean \"dotenv\"?"))));
}

std::string Site(const std::string& keys) {
  return "[[site]]\nname = \"a\"\nfiles = [\"a.log\"]\n" + keys;
}

TEST(LoginSection, RefusesAStatusThatIsBoth) {
  EXPECT_THAT(Errors(Site("[site.login]\nfailure = [401, 302]\nsuccess = [302]\n")),
              ElementsAre(HasSubstr("302 is both in failure and in success")));
  EXPECT_THAT(Errors(Site("[site.login]\nfailure = [401]\nsuccess = [302]\n")), IsEmpty());
}

TEST(LoginSection, RefusesAZoneThatNobodyKnows) {
  EXPECT_THAT(Errors(Site("timezone = \"Europe/Atlantis\"\n")), ElementsAre(HasSubstr("Europe/Atlantis")));
  EXPECT_THAT(Errors(Site("timezone = \"../../etc/passwd\"\n")), SizeIs(1));
  EXPECT_EQ(Good(Site("timezone = \"UTC\"\n")).sites[0].detect.zone.name(), "UTC");
}

}  // namespace
}  // namespace accesslog
