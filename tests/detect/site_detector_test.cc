// The signals of a site as a whole, each just below and at its threshold.
#include "detect/site_detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kMonday = 0;
constexpr int kThursday = 3;
constexpr int kSunday = 6;

// 2026-03-02T00:00:00Z, a Monday.
constexpr Time kWeek{seconds{1772409600}};
Time At(int day, int hour = 0) { return kWeek + hours{24 * day + hour}; }

ClientKey Key(uint64_t number) { return {.high = 0, .low = 0xFFFF00000000U + number}; }

void See(SiteDetector& site, Time at) { site.Count(SiteDetector::Answers{.at = at, .line = ""}); }

void Answer(SiteDetector& site, Time at, int good, int server_errors = 0, int bad = 0) {
  for (int i = 0; i < good; ++i) See(site, at);
  for (int i = 0; i < server_errors; ++i) {
    site.Count(SiteDetector::Answers{.at = at, .server_errors = 1, .line = "a 500"});
  }
  for (int i = 0; i < bad; ++i) site.Count(SiteDetector::Answers{.at = at, .bad_requests = 1, .line = "a 400"});
}

void Fail(SiteDetector& site, uint64_t client, Time at, int times = 1) {
  for (int i = 0; i < times; ++i) {
    site.Count(LoginEvent{.at = at, .result = LoginResult::kFailure, .client = Key(client)});
  }
}

void Succeed(SiteDetector& site, uint64_t client, Time at) {
  site.Count(LoginEvent{
      .at = at, .result = LoginResult::kSuccess, .client = Key(client), .member = client + 1});
}

// So many members log in on that day, at this hour.
void Meet(SiteDetector& site, uint64_t members, int day, int hour = 12) {
  See(site, At(day, hour));
  for (uint64_t member = 0; member < members; ++member) Succeed(site, member, At(day, hour));
}

std::vector<Detection> Open(const SiteDetector& site) {
  std::vector<Detection> detections;
  for (const Episode& episode : site.OpenEpisodes()) detections.push_back(episode.detection);
  return detections;
}

struct Value {
  double value = -1;
  std::optional<double> threshold;
};
Value Of(const SiteDetector& site, std::string_view signal, Time now) {
  for (const auto& shown : site.Signals(now)) {
    if (shown.signal == signal) return {shown.value, shown.threshold};
  }
  return {};
}

TEST(SiteServerErrors, AreNoDetectionBelowTwenty) {
  SiteDetector site{DetectOptions{}};
  Answer(site, kWeek, 81, 19);
  EXPECT_THAT(Open(site), IsEmpty());
}

TEST(SiteServerErrors, AreADetectionAtTwenty) {
  SiteDetector site{DetectOptions{}};
  Answer(site, kWeek, 81, 20);
  const auto episodes = site.OpenEpisodes();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].detection, Detection::kServerErrorRatioHigh);
  EXPECT_EQ(episodes[0].severity, Severity::kCritical);
  EXPECT_EQ(episodes[0].signal, "server_error_ratio");
  EXPECT_DOUBLE_EQ(episodes[0].value, 20.0 / 101);
  EXPECT_EQ(episodes[0].threshold, 0.05);
  EXPECT_EQ(episodes[0].client, "");
  EXPECT_THAT(episodes[0].samples, ElementsAre("a 500"));
  EXPECT_EQ(site.Episodes(Detection::kServerErrorRatioHigh), 1U);
}

TEST(SiteServerErrors, AreNoDetectionAtFivePercent) {
  SiteDetector site{DetectOptions{}};
  Answer(site, kWeek, 380, 20);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "server_error_ratio", kWeek).value, 0.05);
  EXPECT_EQ(Of(site, "server_errors", kWeek).value, 20);
}

TEST(SiteServerErrors, AreADetectionAboveFivePercent) {
  SiteDetector site{DetectOptions{}};
  Answer(site, kWeek, 379, 20);
  EXPECT_THAT(Open(site), ElementsAre(Detection::kServerErrorRatioHigh));
}

TEST(SiteServerErrors, AreThoseOfFiveMinutes) {
  SiteDetector site{DetectOptions{}};
  Answer(site, kWeek, 0, 19);
  Answer(site, kWeek + minutes{5}, 0, 1);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "server_errors", kWeek + minutes{5}).value, 1);
  EXPECT_EQ(Of(site, "server_errors", kWeek + minutes{10}).value, 0);
}

TEST(SiteServerErrors, AreOneEpisodeUntilHalfAnHourWithout) {
  SiteDetector site{DetectOptions{}};
  Answer(site, kWeek, 0, 20);
  Answer(site, kWeek + minutes{30}, 0, 20);
  EXPECT_EQ(site.Episodes(Detection::kServerErrorRatioHigh), 1U);
  site.Advance(kWeek + minutes{60});
  EXPECT_THAT(site.OpenEpisodes(), SizeIs(1));
  site.Advance(kWeek + minutes{60} + seconds{1});
  EXPECT_THAT(site.OpenEpisodes(), IsEmpty());
  ASSERT_THAT(site.episodes(), SizeIs(1));
  EXPECT_EQ(site.episodes()[0].first, kWeek);
  EXPECT_EQ(site.episodes()[0].last, kWeek + minutes{30});
}

TEST(SiteServerErrors, CanBeTurnedOff) {
  DetectOptions options;
  options.site.server_errors_5m = 0;
  SiteDetector site{options};
  Answer(site, kWeek, 0, 1000);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "server_errors", kWeek).value, -1);
  EXPECT_EQ(Of(site, "server_error_ratio", kWeek).value, -1);
}

TEST(SiteServerErrors, OfAnyShareAreShownAndFound) {
  DetectOptions options;
  options.site.server_error_ratio_5m = options.site.bad_request_ratio_10m = 0;
  SiteDetector site{options};
  Answer(site, kWeek, 100000, 20);
  EXPECT_THAT(Open(site), ElementsAre(Detection::kServerErrorRatioHigh));
  EXPECT_DOUBLE_EQ(Of(site, "server_error_ratio", kWeek).value, 20.0 / 100020);
  EXPECT_EQ(Of(site, "server_error_ratio", kWeek).threshold, 0);
  EXPECT_EQ(Of(site, "bad_request_ratio", kWeek).value, 0);
}

TEST(SiteBadRequests, AreADetectionAtTwentyAboveFivePercent) {
  SiteDetector few{DetectOptions{}};
  Answer(few, kWeek, 81, 0, 19);
  EXPECT_THAT(Open(few), IsEmpty());
  SiteDetector share{DetectOptions{}};
  Answer(share, kWeek, 380, 0, 20);
  EXPECT_THAT(Open(share), IsEmpty());
  SiteDetector site{DetectOptions{}};
  Answer(site, kWeek, 379, 0, 19);
  Answer(site, kWeek + seconds{590}, 0, 0, 1);
  const auto episodes = site.OpenEpisodes();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].detection, Detection::kBadRequestRatioHigh);
  EXPECT_EQ(episodes[0].severity, Severity::kInfo);
  EXPECT_EQ(episodes[0].window.name, "10m");
}

TEST(SiteBadRequests, CanBeTurnedOff) {
  DetectOptions options;
  options.site.bad_requests_10m = 0;
  SiteDetector site{options};
  Answer(site, kWeek, 0, 0, 1000);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "bad_requests", kWeek).value, -1);
}

TEST(DistributedFailures, NeedFifty) {
  SiteDetector site{DetectOptions{}};
  for (uint64_t client = 0; client < 20; ++client) Fail(site, client, kWeek, client < 9 ? 3 : 2);
  EXPECT_THAT(Open(site), IsEmpty()) << "49";
  EXPECT_EQ(Of(site, "login_failures", kWeek).value, 49);
  Fail(site, 19, kWeek);
  const auto episodes = site.OpenEpisodes();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].detection, Detection::kDistributedLoginFailures);
  EXPECT_EQ(episodes[0].severity, Severity::kWarning);
  EXPECT_EQ(episodes[0].value, 50);
  EXPECT_EQ(episodes[0].threshold, 50);
}

TEST(DistributedFailures, NeedTwentyClients) {
  SiteDetector site{DetectOptions{}};
  for (uint64_t client = 0; client < 19; ++client) Fail(site, client, kWeek, 5);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_failure_clients", kWeek).value, 19);
  Fail(site, 19, kWeek);
  EXPECT_THAT(Open(site), ElementsAre(Detection::kDistributedLoginFailures));
  EXPECT_EQ(Of(site, "login_failure_clients", kWeek).value, 20);
}

TEST(DistributedFailures, AreNotThoseOfOneWhoGuessesAlone) {
  SiteDetector site{DetectOptions{}};
  Fail(site, 0, kWeek, 10000);
  for (uint64_t client = 1; client < 20; ++client) Fail(site, client, kWeek);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_failures", kWeek).value, 10 + 19);
}

TEST(DistributedFailures, AreTakenBackBySuccess) {
  SiteDetector site{DetectOptions{}};
  for (uint64_t client = 0; client < 20; ++client) Fail(site, client, kWeek, 2);
  Succeed(site, 0, kWeek);
  EXPECT_EQ(Of(site, "login_failures", kWeek).value, 38);
  EXPECT_EQ(Of(site, "login_failure_clients", kWeek).value, 19);
  for (uint64_t client = 1; client < 20; ++client) Fail(site, client, kWeek);
  EXPECT_THAT(Open(site), IsEmpty()) << "57 of 19 clients";
  Fail(site, 0, kWeek);
  EXPECT_THAT(Open(site), ElementsAre(Detection::kDistributedLoginFailures));
}

TEST(DistributedFailures, AreNotTakenBackByWhatIsUnknown) {
  SiteDetector site{DetectOptions{}};
  Fail(site, 0, kWeek, 2);
  site.Count(LoginEvent{.at = kWeek, .result = LoginResult::kUnknown, .client = Key(0)});
  EXPECT_EQ(Of(site, "login_failures", kWeek).value, 2);
}

TEST(DistributedFailures, AreThoseOfADay) {
  SiteDetector site{DetectOptions{}};
  for (uint64_t client = 0; client < 19; ++client) Fail(site, client, kWeek, 5);
  EXPECT_EQ(Of(site, "login_failures", kWeek + hours{24} - minutes{11}).value, 95);
  EXPECT_EQ(Of(site, "login_failures", kWeek + hours{24}).value, 0);
  Fail(site, 19, kWeek + hours{24}, 5);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_failure_clients", kWeek + hours{24}).value, 1);
}

TEST(DistributedFailures, OfAClientBelongToItsLastOne) {
  SiteDetector site{DetectOptions{}};
  Fail(site, 0, kWeek, 3);
  Fail(site, 0, kWeek + hours{20}, 1);
  Fail(site, 0, kWeek + hours{10}, 1);
  EXPECT_EQ(Of(site, "login_failures", kWeek + hours{43}).value, 5);
  EXPECT_EQ(Of(site, "login_failure_clients", kWeek + hours{43}).value, 1);
  EXPECT_EQ(Of(site, "login_failures", kWeek + hours{44}).value, 0);
}

TEST(DistributedFailures, AreThreeTimesWhatTheWeekdayIsUsedTo) {
  SiteDetector site{DetectOptions{}};
  for (int day = 0; day < 28; ++day) {
    See(site, At(day, 9));
    if (day % 7 == kMonday) Fail(site, 7, At(day, 9), 30);
  }
  // Of the Monday that follows, after the failures of the one before were forgotten.
  const Time monday = At(28, 9);
  See(site, monday);
  EXPECT_EQ(Of(site, "login_failures", monday).threshold, 91);
  for (uint64_t client = 100; client < 120; ++client) Fail(site, client, monday, client < 110 ? 5 : 4);
  EXPECT_EQ(Of(site, "login_failures", monday).value, 90);
  EXPECT_THAT(Open(site), IsEmpty());
  Fail(site, 119, monday);
  EXPECT_THAT(Open(site), ElementsAre(Detection::kDistributedLoginFailures));
  See(site, At(29, 9));
  EXPECT_EQ(Of(site, "login_failures", At(29, 9)).threshold, 50) << "Tuesdays are quiet";
}

TEST(DistributedFailures, CanBeTurnedOff) {
  DetectOptions options;
  options.site.login_failures_24h = options.site.login_failure_clients_24h = 0;
  SiteDetector site{options};
  for (uint64_t client = 0; client < 100; ++client) Fail(site, client, kWeek, 5);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_failures", kWeek).value, -1);
  EXPECT_EQ(Of(site, "login_failure_clients", kWeek).value, -1);
}

// A spray of addresses that fail once uses bounded memory and is a detection all the same.
TEST(DistributedFailures, OfManyClientsAreBounded) {
  SiteDetector site{DetectOptions{}};
  for (uint64_t client = 0; client < 100000; ++client) Fail(site, client, kWeek);
  EXPECT_THAT(Open(site), ElementsAre(Detection::kDistributedLoginFailures));
  EXPECT_LE(Of(site, "login_failure_clients", kWeek).value, 8192);
  ByteWriter writer;
  site.Save(writer);
  EXPECT_LT(writer.bytes().size(), 300000U);
  // When they are forgotten there is room again.
  Fail(site, 200000, kWeek + hours{25});
  EXPECT_EQ(Of(site, "login_failure_clients", kWeek + hours{25}).value, 1);
}

TEST(SiteLogins, AreCountedByResultAndWeekday) {
  SiteDetector site{DetectOptions{}};
  Fail(site, 0, At(0), 3);
  Succeed(site, 0, At(kThursday));
  site.Count(LoginEvent{.at = At(kSunday, 23), .result = LoginResult::kUnknown, .client = Key(0)});
  EXPECT_EQ(site.LoginAttempts(LoginResult::kFailure, kMonday), 3U);
  EXPECT_EQ(site.LoginAttempts(LoginResult::kSuccess, kThursday), 1U);
  EXPECT_EQ(site.LoginAttempts(LoginResult::kUnknown, kSunday), 1U);
  EXPECT_EQ(site.LoginAttempts(LoginResult::kFailure, kThursday), 0U);
}

DetectOptions OnThursdays() {
  DetectOptions options;
  options.login.day = kThursday;
  return options;
}

// Three weeks in which ten members logged in on Thursdays, and `others` on each other day.
SiteDetector Learned(uint64_t others = 0, const DetectOptions& options = OnThursdays()) {
  SiteDetector site{options};
  for (int day = 0; day < 21; ++day) Meet(site, day % 7 == kThursday ? 10 : others, day);
  return site;
}
constexpr int kNextThursday = 21 + kThursday;

TEST(LoginDay, IsMissedByMoreThanHalf) {
  SiteDetector site = Learned();
  Meet(site, 5, kNextThursday);
  site.Advance(At(kNextThursday, 20));
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_day_absent", At(kNextThursday, 20)).value, 5);
  EXPECT_EQ(Of(site, "login_day_absent", At(kNextThursday, 20)).threshold, 6);
  SiteDetector missed = Learned();
  Meet(missed, 4, kNextThursday);
  missed.Advance(At(kNextThursday, 20));
  const auto episodes = missed.OpenEpisodes();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].detection, Detection::kLoginScheduleAnomaly);
  EXPECT_EQ(episodes[0].severity, Severity::kWarning);
  EXPECT_EQ(episodes[0].signal, "login_day_absent");
  EXPECT_EQ(episodes[0].value, 6);
  EXPECT_EQ(episodes[0].threshold, 6);
}

TEST(LoginDay, IsNotJudgedBeforeTheEvening) {
  SiteDetector site = Learned();
  Meet(site, 0, kNextThursday);
  site.Advance(At(kNextThursday, 20) - seconds{1});
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_day_absent", At(kNextThursday, 20) - seconds{1}).value, 0);
  EXPECT_EQ(Of(site, "login_day_absent", At(kNextThursday, 20)).value, 10);
  EXPECT_EQ(Of(site, "login_day_absent", At(kNextThursday + 1, 20)).value, 0) << "another day";
}

// The log was silent in the evening, or was read in one go.
TEST(LoginDay, IsJudgedWhenItIsOver) {
  SiteDetector site = Learned();
  Meet(site, 0, kNextThursday);
  See(site, At(kNextThursday + 1, 5));
  ASSERT_THAT(Open(site), ElementsAre(Detection::kLoginScheduleAnomaly));
  EXPECT_EQ(site.OpenEpisodes()[0].last, At(kNextThursday + 1) - seconds{1});
}

// It was not read: nobody knows who came.
TEST(LoginDay, IsNotJudgedWhereTheLogIsSilentOfIt) {
  SiteDetector site = Learned();
  site.Advance(At(kNextThursday, 21));
  See(site, At(kNextThursday + 1, 5));
  EXPECT_THAT(Open(site), IsEmpty());
}

TEST(LoginDay, IsNotJudgedBeforeThreeAreKnown) {
  SiteDetector site{OnThursdays()};
  for (int day = 0; day < 14; ++day) Meet(site, day % 7 == kThursday ? 10 : 0, day);
  Meet(site, 0, 14 + kThursday);
  site.Advance(At(14 + kThursday, 21));
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_day_absent", At(14 + kThursday, 21)).value, -1);
}

TEST(LoginDay, CountsMembersOnce) {
  SiteDetector site = Learned();
  Meet(site, 4, kNextThursday, 10);
  Meet(site, 4, kNextThursday, 12);
  site.Advance(At(kNextThursday, 20));
  EXPECT_THAT(Open(site), ElementsAre(Detection::kLoginScheduleAnomaly));
}

TEST(LoginDay, IsNoneWhereNobodySaidSo) {
  SiteDetector site = Learned(0, DetectOptions{});
  Meet(site, 0, kNextThursday);
  site.Advance(At(kNextThursday, 21));
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_day_absent", At(kNextThursday, 21)).value, -1);
  EXPECT_EQ(Of(site, "off_day_members", At(kNextThursday, 21)).value, -1);
}

TEST(LoginDay, CanBeTurnedOff) {
  DetectOptions options = OnThursdays();
  options.site.login_day_absent = 0;
  options.site.off_day_members = 0;
  SiteDetector site = Learned(0, options);
  Meet(site, 100, 21);
  Meet(site, 0, kNextThursday);
  site.Advance(At(kNextThursday, 21));
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "login_day_absent", At(kNextThursday, 21)).value, -1);
  EXPECT_EQ(Of(site, "off_day_members", At(kNextThursday, 21)).value, -1);
}

TEST(OffDay, IsADetectionAtFourWhereNobodyComes) {
  SiteDetector site = Learned();
  Meet(site, 3, 21);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "off_day_members", At(21, 12)).value, 3);
  EXPECT_EQ(Of(site, "off_day_members", At(21, 12)).threshold, 4);
  Succeed(site, 77, At(21, 13));
  const auto episodes = site.OpenEpisodes();
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].detection, Detection::kLoginScheduleAnomaly);
  EXPECT_EQ(episodes[0].severity, Severity::kInfo);
  EXPECT_EQ(episodes[0].signal, "off_day_members");
  EXPECT_EQ(episodes[0].value, 4);
}

TEST(OffDay, IsADetectionAboveTwiceWhatIsUsual) {
  SiteDetector site = Learned(5);
  Meet(site, 10, 21);
  EXPECT_THAT(Open(site), IsEmpty());
  Succeed(site, 77, At(21, 13));
  EXPECT_THAT(Open(site), ElementsAre(Detection::kLoginScheduleAnomaly));
}

TEST(OffDay, IsNotJudgedBeforeSixAreKnown) {
  SiteDetector site{OnThursdays()};
  for (int day = 0; day < 6; ++day) Meet(site, 0, day);  // a Thursday among them
  Meet(site, 100, 6);
  EXPECT_THAT(Open(site), IsEmpty());
  Meet(site, 100, 7);
  EXPECT_THAT(Open(site), ElementsAre(Detection::kLoginScheduleAnomaly));
}

TEST(OffDay, IsNotTheLoginDay) {
  SiteDetector site = Learned();
  Meet(site, 100, kNextThursday);
  EXPECT_THAT(Open(site), IsEmpty());
  EXPECT_EQ(Of(site, "off_day_members", At(kNextThursday, 12)).value, 0);
}

TEST(SiteDays, AreThoseOfTheZoneOverTheChangeOfClocks) {
  const auto berlin = TimeZone::Named("Europe/Berlin");
  ASSERT_TRUE(berlin) << berlin.error().message;
  DetectOptions options;
  options.zone = *berlin;
  options.login.day = kSunday;
  SiteDetector site{options};
  // Clocks are put forward on Sunday, 2026-03-29: day 27 of the week that began on 2026-03-02.
  for (int day = 0; day < 27; ++day) Meet(site, day % 7 == kSunday ? 10 : 0, day);
  See(site, At(26, 22) + minutes{59});
  EXPECT_EQ(site.LoginAttempts(LoginResult::kSuccess, kSunday), 30U);
  Succeed(site, 1, At(26, 22) + minutes{59});  // 23:59 on Saturday
  EXPECT_EQ(site.LoginAttempts(LoginResult::kSuccess, kSunday), 30U);
  Succeed(site, 1, At(26, 23));  // midnight
  EXPECT_EQ(site.LoginAttempts(LoginResult::kSuccess, kSunday), 31U);
  Succeed(site, 2, At(27, 21) + minutes{59});  // 23:59, already an hour ahead
  EXPECT_EQ(site.LoginAttempts(LoginResult::kSuccess, kSunday), 32U);
  Succeed(site, 3, At(27, 22));
  EXPECT_EQ(site.LoginAttempts(LoginResult::kSuccess, kSunday), 32U);
  EXPECT_EQ(site.LoginAttempts(LoginResult::kSuccess, kMonday), 1U);
}

TEST(SiteDays, BeginTheEveningOnTheDayOfTheChangeOfClocks) {
  const auto berlin = TimeZone::Named("Europe/Berlin");
  ASSERT_TRUE(berlin) << berlin.error().message;
  DetectOptions options;
  options.zone = *berlin;
  options.login.day = kSunday;
  SiteDetector site{options};
  for (int day = 0; day < 27; ++day) Meet(site, day % 7 == kSunday ? 10 : 0, day);
  See(site, At(27, 12));
  site.Advance(At(27, 18) - seconds{1});
  EXPECT_THAT(Open(site), IsEmpty());
  site.Advance(At(27, 18));
  EXPECT_THAT(Open(site), ElementsAre(Detection::kLoginScheduleAnomaly));
}

// All that anybody can see of it.
std::string Seen(const SiteDetector& site, Time now) {
  std::string seen;
  for (const auto& shown : site.Signals(now)) {
    seen += std::string(shown.signal) + " " + std::string(shown.window.name) + " " +
            std::to_string(shown.value) + " " + std::to_string(shown.threshold.value_or(-1)) + "\n";
  }
  for (int day = 0; day < 7; ++day) {
    for (const LoginResult result : {LoginResult::kSuccess, LoginResult::kFailure, LoginResult::kUnknown}) {
      seen += std::to_string(site.LoginAttempts(result, day)) + " ";
    }
  }
  const auto write = [&](const Episode& episode) {
    seen += std::string(DetectionName(episode.detection)) + " " + std::string(episode.signal) + " " +
            std::to_string(episode.value) + " " + std::to_string(episode.count) + " " +
            std::to_string(ToSeconds(episode.last - kWeek)) + "\n";
    for (const std::string& sample : episode.samples) seen += sample + "\n";
  };
  for (const Episode& episode : site.episodes()) write(episode);
  for (const Episode& episode : site.OpenEpisodes()) write(episode);
  for (size_t i = 0; i < kDetectionCount; ++i) {
    seen += std::to_string(site.Episodes(static_cast<Detection>(i))) + " ";
  }
  return seen;
}

SiteDetector Busy() {
  SiteDetector site = Learned(2);
  Answer(site, At(21, 9), 10, 25, 25);
  for (uint64_t client = 0; client < 25; ++client) Fail(site, 100 + client, At(21, 9), 3);
  Answer(site, At(21, 12), 10, 25);
  Meet(site, 2, 21, 12);
  return site;
}

std::string Saved(const SiteDetector& site) {
  ByteWriter writer;
  site.Save(writer);
  return writer.Take();
}

bool Load(SiteDetector& site, std::string_view bytes) {
  ByteReader reader(bytes);
  return site.Load(reader) && reader.IsDone();
}

TEST(SiteDetector, GoesOnAfterItWasSaved) {
  SiteDetector site = Busy();
  SiteDetector loaded{OnThursdays()};
  ASSERT_TRUE(Load(loaded, Saved(site)));
  EXPECT_EQ(Seen(loaded, At(21, 12)), Seen(site, At(21, 12)));
  for (SiteDetector* each : {&site, &loaded}) {
    Answer(*each, At(21, 12) + minutes{1}, 0, 5);
    Fail(*each, 100, At(21, 13));
    for (uint64_t member = 50; member < 60; ++member) Succeed(*each, member, At(21, 14));
    Meet(*each, 0, kNextThursday);
    each->Advance(At(kNextThursday, 20));
  }
  EXPECT_EQ(Seen(loaded, At(kNextThursday, 20)), Seen(site, At(kNextThursday, 20)));
}

TEST(SiteDetector, GoesOnBeforeAnythingCame) {
  SiteDetector loaded{OnThursdays()};
  ASSERT_TRUE(Load(loaded, Saved(SiteDetector{OnThursdays()})));
  EXPECT_EQ(Seen(loaded, kWeek), Seen(SiteDetector{OnThursdays()}, kWeek));
}

TEST(SiteDetector, RefusesBytesThatEndTooEarly) {
  const std::string bytes = Saved(Busy());
  for (size_t size = 0; size < bytes.size(); ++size) {
    SiteDetector loaded{OnThursdays()};
    EXPECT_FALSE(Load(loaded, std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(SiteDetector, SurvivesDamagedBytes) {
  const std::string bytes = Saved(Busy());
  for (size_t place = 0; place < bytes.size(); ++place) {
    for (const unsigned change : {1U, 0x40U, 0x80U, 0xFFU}) {
      std::string damaged = bytes;
      damaged[place] = static_cast<char>(damaged[place] ^ change);
      SiteDetector loaded{OnThursdays()};
      if (!Load(loaded, damaged)) continue;
      Fail(loaded, 100, At(22), 2);
      Succeed(loaded, 100, At(22));
      Answer(loaded, At(22), 1, 1, 1);
      for (const auto& shown : loaded.Signals(At(22))) EXPECT_GE(shown.value, 0) << shown.signal;
    }
  }
}

TEST(SiteDetector, RefusesAnotherVersion) {
  std::string bytes = Saved(Busy());
  bytes[0] = 2;
  SiteDetector loaded{OnThursdays()};
  EXPECT_FALSE(Load(loaded, bytes));
}

TEST(SiteDetector, ForgetsClients) {
  SiteDetector site{DetectOptions{}};
  Fail(site, 1, kWeek, 3);
  Fail(site, 2, kWeek, 3);
  site.Forget(Key(1));
  EXPECT_EQ(Of(site, "login_failures", kWeek).value, 3);
  site.ForgetClients();
  EXPECT_EQ(Of(site, "login_failures", kWeek).value, 0);
  EXPECT_EQ(Of(site, "login_failure_clients", kWeek).value, 0);
}

TEST(SiteDetector, TakesTimesThatNoClockShows) {
  SiteDetector site{OnThursdays()};
  for (const Time at : {Time{seconds{-100000000}}, Time{seconds{0}}, kWeek, Time{hours{24 * 365 * 8000}}}) {
    Answer(site, at, 1, 1, 1);
    Fail(site, 1, at);
    Succeed(site, 2, at);
    site.Advance(at);
    for (const auto& shown : site.Signals(at)) EXPECT_GE(shown.value, 0) << shown.signal;
  }
}

TEST(SiteDetector, ShowsWhatItIsMeasuredAgainst) {
  SiteDetector site{DetectOptions{}};
  Answer(site, kWeek, 7);
  std::set<std::tuple<std::string_view, std::string_view, bool>> shown;
  for (const auto& each : site.Signals(kWeek)) {
    shown.emplace(each.signal, each.window.name, each.threshold.has_value());
  }
  using Set = std::set<std::tuple<std::string_view, std::string_view, bool>>;
  EXPECT_EQ(shown, (Set{{"login_failures", "24h", true},
                        {"login_failure_clients", "24h", true},
                        {"requests", "5m", false},
                        {"requests", "10m", false},
                        {"server_errors", "5m", true},
                        {"server_error_ratio", "5m", true},
                        {"bad_requests", "10m", true},
                        {"bad_request_ratio", "10m", true}}));
}

}  // namespace
}  // namespace accesslog
