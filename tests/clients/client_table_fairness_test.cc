// Who keeps a place in a full table, beside an exact account of every client, on streams as they are and
// as an attacker would make them. Law 2 is checked on the way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "clients/table_watch.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr uint32_t kSeries = 1000;
constexpr uint64_t kGuesser = 900000001;
constexpr uint64_t kFirstBusy = 910000000;
constexpr uint64_t kBusy = 200;

ClientOptions SmallTable() {
  ClientOptions options;
  options.max_series = kSeries;
  options.new_series_per_hour = 2 * kSeries;
  return options;
}

// A table and what it was really given.
class Site {
 public:
  explicit Site(const ClientOptions& options = SmallTable()) : table_(options, kTableSecret) {}

  void Request(uint64_t client, uint16_t status, Suspicion suspicion = Suspicion::kNone) {
    table_.Add(ClientNumber(client), status, 0, clock_.now(), suspicion);
    ++requests_[status];
    ++exact_[client];
  }
  void Pass(Duration time) {
    clock_.Advance(time);
    table_.Expire(clock_.now());
  }
  std::string Broken() const { return BrokenLaw(table_, clock_.now(), requests_); }

  // What the table counted, by client; kOtherNumber is `other`.
  std::map<uint64_t, uint64_t> Counted() const {
    std::map<uint64_t, uint64_t> counted;
    for (const ShownSeries& series : SeriesAt(table_, clock_.now())) {
      counted[series.client] += series.shown + series.pending;
    }
    return counted;
  }
  // The exact counts, largest first.
  std::vector<std::pair<uint64_t, uint64_t>> Busiest() const {
    std::vector<std::pair<uint64_t, uint64_t>> all;
    for (const auto& [client, count] : exact_) all.emplace_back(count, client);
    std::sort(all.rbegin(), all.rend());
    return all;
  }
  uint64_t Exact(uint64_t client) const { return exact_.at(client); }
  const ClientTable& table() const { return table_; }

 private:
  ManualClock clock_;
  ClientTable table_;
  StatusCounts requests_{};
  std::map<uint64_t, uint64_t> exact_;
};

// 50,000 clients, client k with a weight of 1/k.
void PlayZipf(Site& site) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> uniform(0, std::log(50000.0));
  for (int i = 0; i < 400000; ++i) {
    site.Request(static_cast<uint64_t>(std::exp(uniform(random))), 200);
    site.Pass(milliseconds{10});
  }
}

// Requests that have a client's name, as a part of the most that any choice of so many clients could
// give.
double PartNamed(const Site& site) {
  const auto counted = site.Counted();
  const auto busiest = site.Busiest();
  uint64_t named = 0;
  for (const auto& [client, count] : counted) named += client == kOtherNumber ? 0 : count;
  uint64_t best = 0;
  for (size_t i = 0; i < kSeries - 1; ++i) best += busiest[i].first;
  return static_cast<double>(named) / static_cast<double>(best);
}

TEST(ClientTableFairness, KeepsTheBusiestOfAUsualCrowd) {
  ClientOptions options = SmallTable();
  options.new_series_per_hour = 1000000;
  Site site(options);
  PlayZipf(site);
  ASSERT_EQ(site.Broken(), "");
  const auto counted = site.Counted();
  const auto busiest = site.Busiest();
  // The busiest 200 of 50,000, but for the few requests that some had to show to get in.
  for (size_t i = 0; i < 200; ++i) {
    const auto [count, client] = busiest[i];
    ASSERT_TRUE(counted.contains(client)) << "the " << i << "th with " << count;
    EXPECT_GE(counted.at(client) + 10, count) << client;
  }
  EXPECT_GT(PartNamed(site), 0.95);
}

// The first who come use half of the hour's allowance, whoever they are.
TEST(ClientTableFairness, KeepsTheBusiestUnderAnHoursAllowance) {
  Site site;
  PlayZipf(site);
  ASSERT_EQ(site.Broken(), "");
  const auto counted = site.Counted();
  const auto busiest = site.Busiest();
  for (size_t i = 0; i < 300; ++i) {
    ASSERT_TRUE(counted.contains(busiest[i].second)) << i;
  }
  EXPECT_GT(PartNamed(site), 0.9);
}

// One request of the attack, the `number`th.
using Attack = std::function<void(Site&, uint64_t number)>;

struct Spray {
  const char* name;
  Attack attack;
  // Seconds between two guesses.
  int64_t guess_every = 600;
};
std::ostream& operator<<(std::ostream& out, const Spray& spray) { return out << spray.name; }

class ClientTableSpray : public ::testing::TestWithParam<Spray> {
 protected:
  static constexpr uint64_t kRequestsASecond = 60;

  // An hour of the site's usual day, with the attack from `attack_from` on. Each busy client comes
  // every four seconds, some of its requests to pages that are missing.
  static void Play(Site& site, int64_t seconds_long, int64_t attack_from,
                   const std::function<void(int64_t second)>& also = {}) {
    uint64_t number = 0;
    for (int64_t second = 0; second < seconds_long; ++second) {
      site.Pass(seconds{1});
      for (uint64_t i = static_cast<uint64_t>(second) % 4; i < kBusy; i += 4) {
        const bool missing = second % 40 == 3;
        site.Request(kFirstBusy + i, missing ? 404 : 200,
                     missing ? Suspicion::kFailed : Suspicion::kNone);
      }
      if (second % GetParam().guess_every == 1) site.Request(kGuesser, 401, Suspicion::kGrave);
      if (also) also(second);
      if (second < attack_from) continue;
      for (uint64_t i = 0; i < kRequestsASecond; ++i) GetParam().attack(site, number++);
    }
  }
};

// As long as they were there before it: nothing of them is lost, and nothing of their first requests.
TEST_P(ClientTableSpray, PushesOutNeitherTheSlowGuesserNorTheBusy) {
  Site site;
  Play(site, 7200, 1300);
  ASSERT_EQ(site.Broken(), "");
  const auto counted = site.Counted();
  ASSERT_TRUE(counted.contains(kGuesser));
  EXPECT_EQ(counted.at(kGuesser), site.Exact(kGuesser));
  for (uint64_t client = kFirstBusy; client < kFirstBusy + kBusy; ++client) {
    ASSERT_TRUE(counted.contains(client)) << client;
    EXPECT_EQ(counted.at(client), site.Exact(client)) << client;
  }
  EXPECT_LE(site.table().admissions(), 2 * 2 * kSeries + 2);
}

// Whoever comes while it lasts is let in all the same.
TEST_P(ClientTableSpray, KeepsOutNeitherANewGuesserNorANewBusyClient) {
  constexpr uint64_t kNewBusy = 920000001;
  constexpr uint64_t kNewGuesser = 920000002;
  Site site;
  uint64_t busy_before = 0;
  Play(site, 5400, 60, [&](int64_t second) {
    if (second < 3600) return;
    site.Request(kNewBusy, 200);
    if (second % 30 == 0) site.Request(kNewGuesser, 401, Suspicion::kGrave);
    if (second == 3900) busy_before = site.Exact(kNewBusy);
  });
  ASSERT_EQ(site.Broken(), "");
  const auto counted = site.Counted();
  ASSERT_TRUE(counted.contains(kNewBusy));
  ASSERT_TRUE(counted.contains(kNewGuesser));
  // Within five minutes, and exact from then on.
  EXPECT_GE(counted.at(kNewBusy), site.Exact(kNewBusy) - busy_before);
  EXPECT_GE(counted.at(kNewGuesser), site.Exact(kNewGuesser) - 10);
}

uint64_t Address(uint64_t number) { return 1000000 + number; }

INSTANTIATE_TEST_SUITE_P(
    Attacks, ClientTableSpray,
    ::testing::Values(
        Spray{"OfHarmlessRequests", [](Site& site, uint64_t n) { site.Request(Address(n), 200); }},
        Spray{"OfMissingPages",
              [](Site& site, uint64_t n) { site.Request(Address(n), 404, Suspicion::kFailed); }},
        Spray{"OfBoth",
              [](Site& site, uint64_t n) {
                const bool missing = n % 2 == 0;
                site.Request(Address(n / 2), missing ? 404 : 200,
                             missing ? Suspicion::kFailed : Suspicion::kNone);
              }},
        Spray{"OfFailedLogins",
              [](Site& site, uint64_t n) { site.Request(Address(n), 401, Suspicion::kGrave); }, 300},
        // Each address ten times, then never again.
        Spray{"Rotating",
              [](Site& site, uint64_t n) {
                site.Request(Address(n / 10), 404, Suspicion::kFailed);
              }},
        Spray{"RotatingOfHarmlessRequests",
              [](Site& site, uint64_t n) { site.Request(Address(n / 10), 200); }},
        // Three times within each ageing of the sketch, so that no halving ever makes it forget them.
        Spray{"TimedAgainstTheAgeing",
              [](Site& site, uint64_t n) {
                site.Request(Address(n % 680 + n / 20000 * 680), 404, Suspicion::kFailed);
              }},
        // The same few hundred every quarter of an hour, as if they lived there.
        Spray{"Returning", [](Site& site, uint64_t n) {
                const uint64_t round = n / 54000;
                site.Request(Address(n % 54000 < 700 ? n % 700 : n + round), 404,
                             Suspicion::kFailed);
              }}),
    [](const auto& spray) { return spray.param.name; });

TEST(ClientTableFairness, KeepsWhoReturnsNowAndThen) {
  constexpr uint64_t kReturner = 930000001;
  Site site;
  uint64_t number = 0;
  for (int64_t second = 0; second < 4 * 3600; ++second) {
    site.Pass(seconds{1});
    for (int i = 0; i < 30; ++i) site.Request(Address(number++), 200);
    if (second % 1500 != 10) continue;
    for (int i = 0; i < 8; ++i) site.Request(kReturner, 200);
  }
  ASSERT_EQ(site.Broken(), "");
  EXPECT_EQ(site.Counted()[kReturner], site.Exact(kReturner));
}

// Nights without a newcomer count, too: who did much long ago has no claim on a place today.
TEST(ClientTableFairness, ForgetsWhatSomebodyDidBeforeALongSilence) {
  constexpr uint64_t kFormer = 940000001;
  ClientOptions options = SmallTable();
  options.max_series = 20;
  options.new_series_per_hour = 1000;
  Site site(options);
  // He has no place: 20 others did more. What he did is 300 requests, by the sketch.
  for (uint64_t client = 0; client < 19; ++client) {
    for (int i = 0; i < 500; ++i) site.Request(client, 200);
  }
  site.Request(Address(1), 200);
  for (int i = 0; i < 300; ++i) site.Request(kFormer, 200);
  ASSERT_FALSE(site.Counted().contains(kFormer));
  site.Pass(minutes{50});
  for (uint64_t client = 0; client < 19; ++client) site.Request(client, 200);
  for (int i = 0; i < 12; ++i) {
    site.Pass(minutes{50});
    for (uint64_t client = 0; client < 19; ++client) site.Request(client, 200);
  }
  site.Request(kFormer, 200);
  EXPECT_FALSE(site.Counted().contains(kFormer));
}

TEST(ClientTableFairness, GivesThePlacesBackWhenTheSprayIsOver) {
  Site site;
  for (uint64_t i = 0; i < 100000; ++i) {
    site.Request(Address(i), 404, Suspicion::kFailed);
    site.Pass(milliseconds{10});
  }
  site.Pass(hours{1} + minutes{2});
  for (uint64_t client = 1; client <= 400; ++client) {
    for (int i = 0; i < 3; ++i) site.Request(client, 200);
  }
  const auto counted = site.Counted();
  for (uint64_t client = 1; client <= 400; ++client) {
    ASSERT_TRUE(counted.contains(client)) << client;
    EXPECT_EQ(counted.at(client), 3U);
  }
}

}  // namespace
}  // namespace accesslog
