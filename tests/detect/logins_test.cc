// How a detector finds out who failed to log in, and who succeeded.
#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The story of one client, one request each second: what came of it.
class Story {
 public:
  explicit Story(const DetectOptions& options = {}) : site_(options) {}

  Story& Then(const Attempt& attempt, Duration after = seconds{1}) {
    now_ += after;
    site_.See(attempt, now_);
    return *this;
  }
  Story& Times(int times, const Attempt& attempt) {
    for (int i = 0; i < times; ++i) Then(attempt);
    return *this;
  }

  // As "FFS?": failures, successes and what nobody knows, in order.
  std::string Results() {
    std::string results;
    for (const LoginEvent& event : site_.detector().login_events()) {
      results += event.result == LoginResult::kFailure ? 'F' : event.result == LoginResult::kSuccess ? 'S' : '?';
    }
    return results;
  }
  uint32_t Shown(std::string_view signal, std::string_view window) const {
    for (const ShownSignal& shown : site_.SignalsAt(now_, signal)) {
      if (shown.window == window) return shown.value;
    }
    return 0;
  }
  uint32_t Failures() const { return Shown("login_failures", "1h"); }
  uint32_t SuccessAfter() const { return Shown("login_success_after_failures", "30m"); }
  std::vector<Episode> Found(Detection detection) {
    std::vector<Episode> episodes = site_.Finish();
    std::erase_if(episodes, [&](const Episode& episode) { return episode.detection != detection; });
    return episodes;
  }
  WatchedSite& site() { return site_; }
  Time now() const { return now_; }

 private:
  WatchedSite site_;
  Time now_ = kStart;
};

Attempt Post(const std::string& path, uint16_t status, uint64_t bytes = 0) {
  return {.status = status, .method = "POST", .path = path, .bytes = bytes};
}
Attempt Get(const std::string& path, uint16_t status = 200, const std::string& user = "") {
  return {.status = status, .method = "GET", .path = path, .user = user};
}

TEST(Logins, OfWordPress) {
  Story story;
  story.Times(3, Post("/wp-login.php", 200)).Then(Post("/wp-login.php", 302));
  EXPECT_EQ(story.Results(), "FFFS");
  EXPECT_EQ(story.SuccessAfter(), 3U);
}

TEST(Logins, OfXmlRpcAreFailures) {
  Story story;
  story.Times(6, Post("/xmlrpc.php", 200));
  EXPECT_EQ(story.Results(), "FFFFFF");
  EXPECT_THAT(story.Found(Detection::kLoginBruteForce), SizeIs(1));
}

TEST(Logins, OfPhpMyAdmin) {
  Story story;
  story.Times(2, Post("/phpmyadmin/index.php", 200)).Then(Post("/phpmyadmin/index.php", 302));
  EXPECT_EQ(story.Results(), "FFS");
}

TEST(Logins, OfAnApi) {
  Story story;
  story.Times(2, Post("/api/login", 401)).Then(Post("/api/login", 200));
  EXPECT_EQ(story.Results(), "FFS");
  EXPECT_EQ(story.SuccessAfter(), 2U);
}

TEST(Logins, OfAFormThatLeadsBackFailed) {
  Story story;
  story.Then(Post("/login", 302)).Then(Get("/login"));
  EXPECT_EQ(story.Results(), "F");
  EXPECT_EQ(story.Failures(), 1U);
}

TEST(Logins, OfAFormThatLeadsOnSucceeded) {
  Story story;
  story.Then(Post("/login", 302)).Then(Get("/home"));
  EXPECT_EQ(story.Results(), "S");
  EXPECT_EQ(story.Failures(), 0U);
}

TEST(Logins, OfAFormThatIsAskedAgainFailed) {
  Story story;
  story.Times(5, Post("/login", 302));
  EXPECT_EQ(story.Results(), "FFFF") << "the fifth is not decided";
  story.Then(Post("/login", 302));
  EXPECT_EQ(story.Results(), "FFFFF");
}

TEST(Logins, AreNotDecidedByPicturesAndErrors) {
  Story story;
  story.Then(Post("/login", 302)).Then(Get("/logo.png")).Then(Get("/x", 404)).Then(Get("/x", 500));
  EXPECT_EQ(story.Results(), "");
  story.Then(Get("/home"));
  EXPECT_EQ(story.Results(), "S");
}

// A redirect tells nothing: who failed may be led back over the front page, which he may not see.
TEST(Logins, AreNotDecidedByARedirectOnTheWay) {
  Story failed;
  for (int i = 0; i < 6; ++i) {
    failed.Then(Post("/login", 302), seconds{3}).Then(Get("/", 302)).Then(Get("/login"));
  }
  EXPECT_EQ(failed.Results(), "FFFFFF");
  EXPECT_THAT(failed.Found(Detection::kLoginBruteForce), SizeIs(1));
  Story succeeded;
  succeeded.Then(Post("/login", 302)).Then(Get("/", 302)).Then(Get("/home"));
  EXPECT_EQ(succeeded.Results(), "S");
  Story cached;
  cached.Then(Post("/login", 302)).Then(Get("/home", 304));
  EXPECT_EQ(cached.Results(), "S");
}

TEST(Logins, AreUnknownAfterFiveMinutes) {
  Story story;
  story.Then(Post("/login", 302)).Then(Get("/home"), minutes{5} + seconds{1});
  EXPECT_EQ(story.Results(), "?");
}

// He looks at the front page between his guesses, so that each redirect seems to lead there.
TEST(Logins, OfAGuesserWhoInterleavesPagesStayFailures) {
  Story story;
  story.Then(Post("/login", 302, 154)).Then(Get("/login"));
  for (int i = 0; i < 10; ++i) story.Then(Post("/login", 302, 154), seconds{10}).Then(Get("/"), seconds{8});
  EXPECT_EQ(story.Results(), "FFFFFFFFFFF");
  EXPECT_EQ(story.SuccessAfter(), 0U);
  EXPECT_THAT(story.Found(Detection::kLoginBruteForce), SizeIs(1));
}

TEST(Logins, SucceedAfterTheyLedBack) {
  Story story;
  for (int i = 0; i < 5; ++i) story.Then(Post("/login", 302, 154)).Then(Get("/login"));
  story.Then(Post("/login", 302, 154)).Then(Get("/home"));
  EXPECT_EQ(story.Results(), "FFFFFS");
  EXPECT_EQ(story.SuccessAfter(), 5U);
}

TEST(Logins, ShownTheFormAgainFailed) {
  Story story;
  story.Times(6, Post("/login", 200));
  EXPECT_EQ(story.Results(), "FFFFFF");
}

// A form that says 401 says 200 to who may come in.
TEST(Logins, OfAFormWithAStatusForFailures) {
  Story story;
  story.Times(5, Post("/login", 401)).Then(Post("/login", 200));
  EXPECT_EQ(story.Results(), "FFFFFS");
  EXPECT_EQ(story.SuccessAfter(), 5U);
  EXPECT_THAT(story.Found(Detection::kLoginSuccessAfterFailures), SizeIs(1));
}

TEST(Logins, OfOneFormTeachNothingOfAnother) {
  Story story;
  story.Then(Post("/login", 401)).Then(Post("/admin/login", 200));
  EXPECT_EQ(story.Results(), "FF");
}

TEST(Logins, AreLearnedFromWhoeverFailed) {
  Story story;
  Attempt other = Post("/login", 401);
  other.client = "192.0.2.1";
  story.Then(other).Then(Post("/login", 200)).Then(Get("/home"));
  EXPECT_EQ(story.Results(), "FS");
}

// A request without the form's token is refused with 403 by a site that answers wrong passwords with 200.
TEST(Logins, CannotBeTaughtToOverlookAGuesser) {
  Story story;
  story.Then(Post("/login", 403)).Times(10, Post("/login", 200));
  EXPECT_EQ(story.Results(), "FS" "FFFFFFFF");
  EXPECT_GE(story.Shown("login_failures", "5m"), 8U);
  Story other;
  Attempt teacher = Post("/login", 403);
  teacher.client = "192.0.2.1";
  other.Then(teacher).Times(10, Post("/login", 200));
  EXPECT_EQ(other.Results(), "FFFFFFFFFF");
}

TEST(BasicAuthentication, ThatNamesAUserFails) {
  Story story;
  story.Times(6, Get("/intern", 401, "ann"));
  EXPECT_EQ(story.Results(), "FFFFFF");
  EXPECT_THAT(story.Found(Detection::kLoginBruteForce), SizeIs(1));
}

// A browser asks without a name first.
TEST(BasicAuthentication, OfABrowserLeavesNoFailure) {
  Story story;
  story.Then(Get("/intern", 401)).Then(Get("/intern", 200, "ann"));
  EXPECT_EQ(story.Results(), "FS");
  EXPECT_EQ(story.Failures(), 0U);
  EXPECT_EQ(story.SuccessAfter(), 0U);
}

TEST(BasicAuthentication, OfABrowserAllDayIsNoBruteForce) {
  Story story;
  for (int i = 0; i < 100; ++i) {
    story.Then(Get("/intern", 401), seconds{5}).Then(Get("/intern", 200, "ann"), seconds{5});
  }
  EXPECT_THAT(story.Found(Detection::kLoginBruteForce), IsEmpty());
  EXPECT_THAT(story.Found(Detection::kLoginSuccessAfterFailures), IsEmpty());
}

TEST(BasicAuthentication, ThatIsWantedOnManyPagesIsOneFailure) {
  Story story;
  for (int i = 0; i < 20; ++i) story.Then(Get("/intern/" + std::string(1, static_cast<char>('a' + i)), 401));
  EXPECT_EQ(story.Results(), "F");
}

TEST(BasicAuthentication, ThatIsWantedOnTheSamePageAgainAndAgainIsGuessed) {
  Story story;
  story.Times(6, Get("/intern", 401));
  EXPECT_EQ(story.Results(), "FFFFFF");
  EXPECT_THAT(story.Found(Detection::kLoginBruteForce), SizeIs(1));
}

TEST(BasicAuthentication, OfWebDavIsNone) {
  Story story;
  Attempt ask = Get("/dav", 401);
  ask.method = "PROPFIND";
  story.Times(20, ask);
  EXPECT_EQ(story.Results(), "");
}

TEST(BasicAuthentication, ThatWasGuessedSucceeds) {
  Story story;
  story.Times(7, Get("/intern", 401, "ann")).Then(Get("/intern", 200, "ann"));
  EXPECT_EQ(story.Results(), "FFFFFFFS");
  EXPECT_EQ(story.SuccessAfter(), 7U);
  EXPECT_EQ(story.Failures(), 7U) << "those were no handshakes";
}

TEST(SuccessAfterFailures, IsADetectionAtFive) {
  Story four;
  four.Times(4, Post("/wp-login.php", 200)).Then(Post("/wp-login.php", 302));
  EXPECT_THAT(four.Found(Detection::kLoginSuccessAfterFailures), IsEmpty());
  Story five;
  five.Times(5, Post("/wp-login.php", 200)).Then(Post("/wp-login.php", 302));
  const auto episodes = five.Found(Detection::kLoginSuccessAfterFailures);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].value, 5);
  EXPECT_EQ(episodes[0].severity, Severity::kCritical);
  EXPECT_EQ(episodes[0].first, episodes[0].last);
}

TEST(SuccessAfterFailures, FiresOnce) {
  Story story;
  story.Times(5, Post("/wp-login.php", 200)).Times(5, Post("/wp-login.php", 302));
  const auto episodes = story.Found(Detection::kLoginSuccessAfterFailures);
  ASSERT_THAT(episodes, SizeIs(1));
  EXPECT_EQ(episodes[0].first, episodes[0].last);
  EXPECT_EQ(story.site().detector().Episodes(Detection::kLoginSuccessAfterFailures), 1U);
}

TEST(SuccessAfterFailures, CountsFailuresOfThirtyMinutes) {
  Story story;
  story.Times(10, Post("/wp-login.php", 200)).Then(Post("/wp-login.php", 302), minutes{31});
  EXPECT_EQ(story.SuccessAfter(), 0U);
  Story recent;
  recent.Times(10, Post("/wp-login.php", 200)).Then(Post("/wp-login.php", 302), minutes{28});
  EXPECT_EQ(recent.SuccessAfter(), 10U);
}

TEST(SuccessAfterFailures, IsNotOfAnotherClient) {
  Story story;
  Attempt other = Post("/wp-login.php", 302);
  other.client = "192.0.2.1";
  story.Times(10, Post("/wp-login.php", 200)).Then(other);
  EXPECT_EQ(story.SuccessAfter(), 0U);
}

DetectOptions Configured(const LoginOptions& login) {
  DetectOptions options;
  options.login = login;
  return options;
}

TEST(ConfiguredLogins, HoldAsTheyStand) {
  Story story(Configured({.paths = {"/enter"}, .methods = {"POST"}, .failure = {200}, .success = {303}}));
  story.Then(Post("/enter", 200)).Then(Post("/enter", 303)).Then(Post("/enter", 401));
  story.Then(Post("/wp-login.php", 200)).Then(Get("/enter")).Then(Get("/intern", 401, "ann"));
  EXPECT_EQ(story.Results(), "FS");
  EXPECT_EQ(story.SuccessAfter(), 1U);
}

TEST(ConfiguredLogins, OnPathsAloneAreJudgedAsTheirApplication) {
  Story story(Configured({.paths = {"/wp-login.php", "/enter"}, .methods = {}}));
  story.Then(Post("/wp-login.php", 200)).Then(Post("/enter", 302)).Then(Get("/home")).Then(Post("/login", 401));
  EXPECT_EQ(story.Results(), "FS");
}

TEST(LoginEvents, NameTheMember) {
  Story story;
  Attempt ann = Get("/intern", 401, "ann");
  story.Then(ann);
  ann.status = 200;
  story.Then(ann);
  Attempt elsewhere = ann;
  elsewhere.client = "192.0.2.1";
  elsewhere.status = 401;
  story.Then(elsewhere);
  elsewhere.status = 200;
  story.Then(elsewhere);
  const auto& events = story.site().detector().login_events();
  ASSERT_THAT(events, SizeIs(4));
  EXPECT_EQ(events[1].member, events[3].member) << "one user at two places";
  EXPECT_NE(events[1].member, 0U);
  EXPECT_NE(events[1].client, events[3].client);
}

TEST(LoginEvents, AreBounded) {
  Story story;
  for (int i = 0; i < 200100; ++i) story.site().See(Post("/wp-login.php", 200), kStart);
  EXPECT_EQ(story.Results().size(), 200000U);
}

TEST(LoginEvents, SayWhoIsNew) {
  DetectOptions options;
  options.learning = Duration{0};
  Story story(options);
  story.Then(Post("/wp-login.php", 302)).Then(Post("/wp-login.php", 302));
  const auto& events = story.site().detector().login_events();
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_TRUE(events[0].is_new);
  EXPECT_EQ(events[0].label, kAttacker);
  EXPECT_FALSE(events[1].is_new);
  EXPECT_EQ(events[1].label, "");
}

// The open attempt of a client outlives a restart.
TEST(LoginEvents, GoOnAfterARestart) {
  Story story;
  story.Then(Post("/login", 302));
  ByteWriter writer;
  story.site().detector().Save(writer);
  WatchedSite loaded;
  ByteReader reader(writer.bytes());
  const RestoreTimes times{.taken = story.now(), .now = story.now(), .grace = {}, .continued = true};
  ASSERT_TRUE(loaded.detector().Load(reader, times));
  loaded.See(Get("/home"), story.now() + seconds{1});
  ASSERT_THAT(loaded.detector().login_events(), SizeIs(1));
  EXPECT_EQ(loaded.detector().login_events()[0].result, LoginResult::kSuccess);
}

}  // namespace
}  // namespace accesslog
