// A detector that was saved and loaded goes on as if nothing had happened: windows, episodes,
// samples, what is visible, allowances. Damaged bytes are noticed or give one that can be used.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <sstream>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

RestoreTimes AtOnce(Time now) { return {.taken = now, .now = now, .grace = {}, .continued = true}; }
RestoreTimes Restart(Time taken, Time now) {
  return {.taken = taken, .now = now, .grace = seconds{2}, .continued = false};
}

std::string Saved(const Detector& detector) {
  ByteWriter writer;
  detector.Save(writer);
  return writer.Take();
}

const ClientNamer& PlainNamer() {
  static const ClientNamer namer{ClientOptions{}};
  return namer;
}

// Null if the bytes are damaged.
std::unique_ptr<Detector> Loaded(std::string_view bytes, const DetectOptions& options,
                                 const RestoreTimes& times,
                                 const ClientNamer& namer = PlainNamer()) {
  // Another process has another secret.
  auto detector = std::make_unique<Detector>(options, namer, 42 + bytes.size());
  ByteReader reader(bytes);
  if (!detector->Load(reader, times) || !reader.IsDone()) return nullptr;
  return detector;
}

void Write(std::ostream& out, const Episode& episode) {
  PrintTo(episode, &out);
  out << ' ' << NetworkName(episode.network);
  for (const std::string& sample : episode.samples) out << '\n' << sample;
  out << '\n';
}

std::string SignalsOf(const Detector& detector, Time now) {
  // In what order is nobody's business.
  std::set<std::string> lines;
  for (const ShownSignal& shown : ShownBy(detector, now)) {
    std::ostringstream seen;
    seen << shown.client << ' ' << NetworkName(shown.network) << ' ' << shown.signal << ' '
         << shown.window << ' ' << shown.value << ' ' << shown.threshold << '\n';
    lines.insert(seen.str());
  }
  return std::accumulate(lines.begin(), lines.end(), std::string());
}

// All that anybody can see of it.
std::string SeenOf(const Detector& detector, Time now) {
  std::ostringstream seen;
  seen << SignalsOf(detector, now);
  for (const Episode& episode : detector.episodes()) Write(seen, episode);
  seen << detector.forgotten_clients() << ' ' << detector.forgotten_episodes() << ' '
       << detector.withheld_clients() << ' ' << detector.is_live();
  return seen.str();
}

DetectOptions Few(uint32_t max_clients = 25, uint32_t per_hour = 5000) {
  DetectOptions options;
  options.login.paths = {"/login"};
  options.max_clients = max_clients;
  options.max_new_clients_per_hour = per_hour;
  options.max_episodes = 30;
  options.max_sample_bytes = 40;
  return options;
}

// A request of a few attackers and many others, with a line as broken as lines come.
struct Step {
  std::string client;
  std::string line;
  uint16_t status = 401;
  bool login = false;
  std::optional<Time> time;
};

Step RandomStep(std::mt19937& random, Time now) {
  constexpr std::array<uint16_t, 6> kStatuses = {200, 401, 401, 403, 404, 500};
  const uint64_t clients = random() % 2 == 0 ? 5 : 200;
  const uint64_t number = random() % clients;
  Step step;
  step.client = number % 3 == 0   ? "192.0.2." + std::to_string(number)
                : number % 3 == 1 ? "2001:db8:0:" + std::to_string(number) + "::1"
                                  : "host" + std::to_string(number) + ".example.com";
  for (uint64_t left = random() % 60; left > 0; --left) {
    step.line += static_cast<char>(static_cast<uint8_t>(random() % 256));
  }
  step.status = kStatuses[random() % kStatuses.size()];
  step.login = random() % 2 == 0;
  if (random() % 10 != 0) step.time = now - seconds{random() % 30};
  return step;
}

void Take(Detector& detector, const ClientNamer& namer, const Step& step, Time now) {
  Record record;
  record.line = step.line;
  record.client = step.client;
  record.address = IpAddress::Parse(step.client);
  record.method_text = "POST";
  record.path = step.login ? "/login" : "/";
  record.status = step.status;
  record.time = step.time;
  static Classified classified(Few());
  classified.Observe(detector, record, namer.Identify(record), now);
}

Duration RandomGap(std::mt19937& random) {
  if (random() % 300 == 0) return seconds{static_cast<int64_t>(random() % 7200) - 1800};
  return Duration{random() % 6000};
}

struct Play {
  const char* name;
  DetectOptions options;
};
std::ostream& operator<<(std::ostream& out, const Play& play) { return out << play.name; }

class DetectorSaving : public ::testing::TestWithParam<Play> {};

TEST_P(DetectorSaving, IsNotNoticed) {
  const DetectOptions& options = GetParam().options;
  size_t episodes = 0;
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    std::mt19937 random(seed);
    Detector uninterrupted(options, PlainNamer(), 42);
    auto saved = std::make_unique<Detector>(options, PlainNamer(), 42);
    Time now = kStart;
    for (int i = 0; i < 3000; ++i) {
      now += RandomGap(random);
      const Step step = RandomStep(random, now);
      Take(uninterrupted, PlainNamer(), step, now);
      Take(*saved, PlainNamer(), step, now);
      if (i == 500) uninterrupted.GoLive();
      if (i == 500) saved->GoLive();
      if (random() % 60 != 0) continue;
      const std::string bytes = Saved(*saved);
      saved = Loaded(bytes, options, AtOnce(now));
      ASSERT_NE(saved, nullptr) << "step " << i;
      ASSERT_EQ(Saved(*saved), bytes) << "step " << i;
      ASSERT_EQ(SeenOf(*saved, now), SeenOf(uninterrupted, now)) << "step " << i;
    }
    uninterrupted.Finish();
    saved->Finish();
    EXPECT_EQ(SeenOf(*saved, now), SeenOf(uninterrupted, now));
    episodes += saved->episodes().size();
  }
  EXPECT_GT(episodes, 0U);
}

INSTANTIATE_TEST_SUITE_P(Sites, DetectorSaving,
                         ::testing::Values(Play{"WithRoom", Few(2500)}, Play{"Full", Few(25)},
                                           Play{"OneClient", Few(3)},
                                           Play{"ChurnExhausted", Few(200, 8)}),
                         [](const auto& play) { return play.param.name; });

// What such a site is like after `steps` requests, live.
struct Played {
  std::unique_ptr<Detector> detector;
  Time now = kStart;
};
Played AfterSteps(const DetectOptions& options, int steps) {
  Played played{std::make_unique<Detector>(options, PlainNamer(), 42)};
  played.detector->GoLive();
  std::mt19937 random(3);
  for (int i = 0; i < steps; ++i) {
    played.now += Duration{random() % 2000};
    Take(*played.detector, PlainNamer(), RandomStep(random, played.now), played.now);
  }
  return played;
}

TEST(SavedDetector, KnowsItsWindowsAfterARestart) {
  const Played played = AfterSteps(Few(), 400);
  const std::string bytes = Saved(*played.detector);
  for (const Duration away : {Duration{0}, Duration{seconds{30}}, Duration{minutes{10}}}) {
    const Time now = played.now + away;
    const auto detector = Loaded(bytes, Few(), Restart(played.now, now));
    ASSERT_NE(detector, nullptr);
    EXPECT_EQ(SignalsOf(*detector, now), SignalsOf(*played.detector, now));
    EXPECT_FALSE(detector->is_live());
  }
}

// Lines written meanwhile are read late, and belong to the time at which they were written.
TEST(SavedDetector, IsNotLiveAfterARestartUntilTold) {
  const Played played = AfterSteps(Few(), 100);
  const std::string bytes = Saved(*played.detector);
  EXPECT_TRUE(Loaded(bytes, Few(), AtOnce(played.now))->is_live());
  const auto detector = Loaded(bytes, Few(), Restart(played.now, played.now));
  EXPECT_FALSE(detector->is_live());
  detector->GoLive();
  EXPECT_TRUE(detector->is_live());
}

TEST(SavedDetector, IsJudgedByTheThresholdsOfNow) {
  WatchedSite site(OldSignals());
  site.SeeMany({}, 4, kStart, seconds{1});
  DetectOptions strict;
  strict.thresholds = {{Signal::kLoginFailures, kWindow5m, 5}};
  const Time now = kStart + seconds{4};
  const auto detector = Loaded(Saved(site.detector()), strict, AtOnce(now));
  ASSERT_NE(detector, nullptr);
  EXPECT_EQ(SignalsOf(*detector, now), "203.0.113.7 external login_failures 5m 4 5\n");
  Take(*detector, PlainNamer(), {kAttacker, "the fifth", 401, true, now}, now);
  detector->Finish();
  ASSERT_EQ(detector->episodes().size(), 1U);
  EXPECT_EQ(detector->episodes().front().first, kStart);
  EXPECT_EQ(detector->episodes().front().last, now);
}

TEST(SavedDetector, GoesOnWithAnOpenEpisode) {
  WatchedSite site(OldSignals());
  site.SeeMany({.line = "first"}, 10, kStart, seconds{1});
  const Time now = kStart + minutes{1};
  const auto detector = Loaded(Saved(site.detector()), OldSignals(), Restart(kStart + seconds{10}, now));
  ASSERT_NE(detector, nullptr);
  Take(*detector, PlainNamer(), {kAttacker, "last", 401, true, now}, now);
  detector->Finish();
  ASSERT_EQ(detector->episodes().size(), 2U);
  for (const Episode& episode : detector->episodes()) {
    EXPECT_EQ(episode.first, kStart);
    EXPECT_EQ(episode.last, now);
    EXPECT_EQ(episode.samples, std::vector<std::string>(episode.samples.size(), "first"));
  }
}

TEST(SavedDetector, KeepsNoMoreSamplesThanAllowedNow) {
  WatchedSite site(OldSignals());
  site.SeeMany({.line = "a line of some länge"}, 10, kStart, seconds{1});
  DetectOptions options;
  options.max_samples = 2;
  options.max_sample_bytes = 16;  // in the middle of a letter
  const auto detector = Loaded(Saved(site.detector()), options, AtOnce(kStart));
  ASSERT_NE(detector, nullptr);
  detector->Finish();
  ASSERT_FALSE(detector->episodes().empty());
  for (const Episode& episode : detector->episodes()) {
    ASSERT_EQ(episode.samples.size(), 2U);
    EXPECT_TRUE(std::string("a line of some länge").starts_with(episode.samples[0]));
    EXPECT_LE(episode.samples[0].size(), 19U);
  }
}

TEST(SavedDetector, ForgetsTheOldestWhereThereIsLessRoom) {
  const Played played = AfterSteps(Few(100), 400);
  const auto detector = Loaded(Saved(*played.detector), Few(2), AtOnce(played.now));
  ASSERT_NE(detector, nullptr);
  EXPECT_GT(detector->forgotten_clients(), played.detector->forgotten_clients());
  const std::string all = SignalsOf(*played.detector, played.now);
  const std::string rest = SignalsOf(*detector, played.now);
  EXPECT_FALSE(rest.empty());
  std::istringstream lines(rest);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_NE(all.find(line + '\n'), std::string::npos) << line;
  }
}

// A key means another client under another rule: what is known ends, and episodes are closed.
TEST(SavedDetector, ForgetsAllClientsWhereKeysAreMadeOtherwise) {
  Played played = AfterSteps(Few(), 400);
  ClientOptions coarse;
  coarse.ipv4_prefix = 24;
  const ClientNamer namer(coarse);
  const auto detector = Loaded(Saved(*played.detector), Few(), AtOnce(played.now), namer);
  ASSERT_NE(detector, nullptr);
  EXPECT_EQ(SignalsOf(*detector, played.now), "");
  played.detector->Finish();
  EXPECT_EQ(detector->episodes().size(), played.detector->episodes().size());
}

// Their labels and samples are what privacy forbids now.
TEST(SavedDetector, ForgetsEpisodesWherePrivacyIsAnother) {
  const Played played = AfterSteps(Few(), 400);
  for (const Privacy privacy : {Privacy::kMasked, Privacy::kHashed, Privacy::kOff}) {
    ClientOptions options;
    options.privacy = privacy;
    const ClientNamer namer(options);
    const auto detector = Loaded(Saved(*played.detector), Few(), AtOnce(played.now), namer);
    ASSERT_NE(detector, nullptr);
    EXPECT_EQ(SignalsOf(*detector, played.now), "");
    EXPECT_TRUE(detector->episodes().empty());
  }
}

// The hour's allowance cannot be had twice by a restart.
TEST(SavedDetector, RemembersWhoseSignalsWereShown) {
  const auto spray = [](Detector& detector, int first, Time now) {
    for (int i = first; i < first + 10; ++i) {
      Take(detector, PlainNamer(), {"192.0.2." + std::to_string(i), "", 404, false, now}, now);
    }
  };
  const DetectOptions options = Few(100, 8);  // four of them for anybody
  Detector before(options, PlainNamer(), 42);
  spray(before, 0, kStart);
  const Time now = kStart + minutes{1};
  const auto detector = Loaded(Saved(before), options, Restart(kStart, now));
  ASSERT_NE(detector, nullptr);
  const std::string shown = SignalsOf(*detector, now);
  EXPECT_NE(shown, "");
  spray(*detector, 20, now);
  EXPECT_EQ(SignalsOf(*detector, now), shown);
  EXPECT_EQ(detector->withheld_clients(), 16U);
}

// Births that a wrong clock put into the future must not fill the allowance until then.
TEST(SavedDetector, AllowsNewClientsWhereTheClockWasSetBack) {
  const DetectOptions options = Few(100, 8);
  Detector before(options, PlainNamer(), 42);
  const Time wrong = kStart + hours{1000};
  for (int i = 0; i < 10; ++i) {
    Take(before, PlainNamer(), {"192.0.2." + std::to_string(i), "", 404, false, wrong}, wrong);
  }
  const auto detector = Loaded(Saved(before), options, Restart(wrong, kStart));
  ASSERT_NE(detector, nullptr);
  const Time now = kStart + hours{2};
  Take(*detector, PlainNamer(), {"192.0.2.99", "", 404, false, now}, now);
  EXPECT_NE(SignalsOf(*detector, now).find("192.0.2.99"), std::string::npos);
}

void CheckDamaged(std::string_view bytes, const DetectOptions& options, const RestoreTimes& times) {
  const auto detector = Loaded(bytes, options, times);
  if (!detector) return;
  SeenOf(*detector, times.now);
  std::mt19937 random(1);
  for (int i = 0; i < 10; ++i) {
    const Time now = times.now + seconds{i * i};
    if (i == 5) detector->GoLive();
    Take(*detector, PlainNamer(), RandomStep(random, now), now);
    SignalsOf(*detector, now);
  }
  ASSERT_NE(Loaded(Saved(*detector), options, AtOnce(times.now)), nullptr);
  detector->Finish();
  ASSERT_LE(detector->episodes().size(), options.max_episodes);
}

TEST(DamagedDetector, IsNoticedWhereTheEndIsMissing) {
  const Played played = AfterSteps(Few(), 200);
  const std::string bytes = Saved(*played.detector);
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(Loaded(bytes.substr(0, size), Few(), AtOnce(played.now)), nullptr) << size;
  }
  EXPECT_EQ(Loaded(bytes + 'x', Few(), AtOnce(played.now)), nullptr);
}

TEST(DamagedDetector, IsNoticedOrCanBeUsed) {
  const Played played = AfterSteps(Few(8), 200);
  const std::string bytes = Saved(*played.detector);
  std::mt19937 random(11);
  for (int i = 0; i < 20000 && !::testing::Test::HasFatalFailure(); ++i) {
    std::string damaged = bytes;
    for (uint64_t flips = random() % 3; flips <= 2; ++flips) {
      char& byte = damaged[random() % damaged.size()];
      byte = static_cast<char>(static_cast<uint8_t>(byte) ^ 1U << random() % 8);
    }
    CheckDamaged(damaged, Few(random() % 2 == 0 ? 8 : 3),
                 {played.now, played.now + seconds{5}, seconds{2}, random() % 2 == 0});
  }
}

}  // namespace
}  // namespace accesslog
