#include "clients/standings.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <vector>

#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Slot = Standings::Slot;

constexpr Time kStart = ManualClock::kStart;
constexpr Budget kTraffic = Budget::kTraffic;
constexpr Budget kSuspicion = Budget::kSuspicion;

// Slots 0, 1, … with so much traffic each, and one series.
Standings WithTraffic(const std::vector<double>& values) {
  Standings standings(hours{1});
  for (Slot slot = 0; slot < values.size(); ++slot) {
    standings.Open(slot, {values[slot], 0}, kStart);
    standings.AddSeries(slot);
  }
  return standings;
}

TEST(Standings, HasNobodyAtFirst) {
  Standings standings(hours{1});
  EXPECT_EQ(standings.Coldest(kTraffic, kStart), std::nullopt);
  EXPECT_EQ(standings.series(kTraffic), 0U);
}

TEST(Standings, FindsWhoDidLeast) {
  Standings standings = WithTraffic({5, 1, 100});
  EXPECT_EQ(standings.Coldest(kTraffic, kStart), 1U);
  standings.Close(1);
  EXPECT_EQ(standings.Coldest(kTraffic, kStart), 0U);
  standings.Close(0);
  EXPECT_EQ(standings.Coldest(kTraffic, kStart), 2U);
}

TEST(Standings, SeesWhoDidMoreSince) {
  Standings standings = WithTraffic({2, 3, 100});
  for (int i = 0; i < 50; ++i) standings.Add(0, kTraffic, 1, kStart);
  EXPECT_EQ(standings.Coldest(kTraffic, kStart), 1U);
}

TEST(Standings, ForgetsHalfInAHalfLife) {
  Standings standings = WithTraffic({8});
  EXPECT_NEAR(standings.ValueOf(0, kTraffic, kStart + hours{1}), 4, 1e-5);
  EXPECT_NEAR(standings.ValueOf(0, kTraffic, kStart + hours{3}), 1, 1e-5);
  standings.Add(0, kTraffic, 1, kStart + hours{3});
  EXPECT_NEAR(standings.ValueOf(0, kTraffic, kStart + hours{3}), 2, 1e-5);
}

TEST(Standings, PrefersTheRecentOverWhatIsLongAgo) {
  Standings standings = WithTraffic({10});
  standings.Open(1, {5, 0}, kStart + hours{2});
  EXPECT_EQ(standings.Coldest(kTraffic, kStart + hours{2}), 0U);
}

TEST(Standings, KeepsBudgetsApart) {
  Standings standings(hours{1});
  standings.Open(0, {1000, 4}, kStart);
  standings.Open(1, {1, 500}, kStart);
  standings.Open(2, {10, 0}, kStart);
  EXPECT_EQ(standings.Coldest(kTraffic, kStart), 1U);
  EXPECT_EQ(standings.Coldest(kSuspicion, kStart), 0U);
  EXPECT_FALSE(standings.IsMember(2, kSuspicion));
  standings.Add(2, kSuspicion, 1, kStart);
  EXPECT_EQ(standings.Coldest(kSuspicion, kStart), 2U);
}

TEST(Standings, CountsTheSeriesOfItsMembers) {
  Standings standings(hours{1});
  standings.Open(0, {1, 0}, kStart);
  standings.AddSeries(0);
  standings.AddSeries(0);
  EXPECT_EQ(standings.series(kTraffic), 2U);
  EXPECT_EQ(standings.series(kSuspicion), 0U);
  standings.Add(0, kSuspicion, 1, kStart);
  EXPECT_EQ(standings.series(kSuspicion), 2U);
  standings.Leave(0, kTraffic);
  EXPECT_EQ(standings.series(kTraffic), 0U);
  EXPECT_TRUE(standings.IsMemberOfAny(0));
  standings.Add(0, kTraffic, 1, kStart);
  EXPECT_EQ(standings.series(kTraffic), 2U);
  standings.Close(0);
  EXPECT_FALSE(standings.IsMemberOfAny(0));
  EXPECT_EQ(standings.series(kSuspicion), 0U);
}

// Days pass, and the base moves many times.
TEST(Standings, KeepsTheOrderForYears) {
  Standings standings = WithTraffic({1, 1});
  Time now = kStart;
  for (int day = 0; day < 1000; ++day) {
    now += hours{24};
    standings.Add(0, kTraffic, 4, now);
    standings.Add(1, kTraffic, 16, now);
    ASSERT_EQ(standings.Coldest(kTraffic, now), 0U) << day;
    ASSERT_NEAR(standings.ValueOf(1, kTraffic, now), 16, 1e-3) << day;
  }
  now += hours{24} * 365 * 50;
  EXPECT_TRUE(standings.Coldest(kTraffic, now).has_value());
  EXPECT_NEAR(standings.ValueOf(1, kTraffic, now), 0, 1e-6);
}

// Random clients beside an exact account: the coldest has less than twice the least there is.
class WatchedStandings {
 public:
  explicit WatchedStandings(uint32_t seed) : random_(seed) { Reach(kStart); }

  void Step() {
    Reach(now_ + seconds{static_cast<int64_t>(random_() % 60)});
    const auto slot = static_cast<Slot>(random_() % kSlots);
    const auto weight = static_cast<double>(1 + random_() % 20);
    const auto known = exact_.find(slot);
    if (known == exact_.end()) {
      standings_.Open(slot, {weight, 0}, now_);
      exact_[slot] = weight;
    } else if (random_() % 40 == 0) {
      standings_.Close(slot);
      exact_.erase(known);
    } else {
      standings_.Add(slot, kTraffic, weight, now_);
      known->second += weight;
    }
  }

  // A few looks may find nobody, each time nearer to somebody.
  void CheckColdest() {
    if (exact_.empty()) return;
    std::optional<Slot> coldest;
    for (Slot i = 0; i < kSlots && !coldest; ++i) coldest = standings_.Coldest(kTraffic, now_);
    ASSERT_TRUE(coldest.has_value());
    const auto least = std::min_element(exact_.begin(), exact_.end(), [](auto& a, auto& b) {
      return a.second < b.second;
    });
    // Below 2^-20 all are alike.
    ASSERT_LT(exact_.at(*coldest), std::max(2 * least->second, 1e-6) * 1.001);
  }

  // Saves it and goes on with what was loaded, under other numbers of slots.
  void Reload() {
    std::vector<Slot> slots;
    std::vector<Standings::Place> places;
    for (const auto& [slot, value] : exact_) {
      slots.push_back(slot);
      places.push_back({slot, 0});
    }
    ByteWriter writer;
    standings_.Save(writer, slots);
    Standings loaded(hours{1});
    ByteReader reader(writer.bytes());
    ASSERT_TRUE(loaded.Load(reader, places, now_));
    ASSERT_TRUE(reader.IsDone());
    standings_ = std::move(loaded);
  }

 private:
  static constexpr Slot kSlots = 200;

  void Reach(Time now) {
    const double passed = std::chrono::duration<double, std::ratio<3600>>(now - now_).count();
    for (auto& [slot, value] : exact_) value *= std::exp2(-passed);
    now_ = now;
  }

  std::mt19937 random_;
  Time now_ = kStart;
  Standings standings_{hours{1}};
  std::map<Slot, double> exact_;
};

TEST(Standings, FindsOneOfTheColdestInRandomStreams) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    WatchedStandings watched(seed);
    for (int i = 0; i < 4000; ++i) {
      watched.Step();
      if (i % 7 == 0) watched.CheckColdest();
      if (i % 501 == 0) watched.Reload();
      if (::testing::Test::HasFatalFailure()) FAIL() << "seed " << seed << ", step " << i;
    }
  }
}

TEST(SavedStandings, LeavesOutWhoHasNoPlaceAnyMore) {
  Standings standings = WithTraffic({1, 2, 4});
  ByteWriter writer;
  const std::vector<Slot> slots = {0, 1, 2};
  standings.Save(writer, slots);
  Standings loaded(hours{1});
  ByteReader reader(writer.bytes());
  const std::vector<Standings::Place> places = {{}, {7, 3}, {0, 1}};
  ASSERT_TRUE(loaded.Load(reader, places, kStart));
  EXPECT_EQ(loaded.series(kTraffic), 4U);
  EXPECT_EQ(loaded.Coldest(kTraffic, kStart), 7U);
  loaded.Close(7);
  EXPECT_EQ(loaded.Coldest(kTraffic, kStart), 0U);
}

TEST(SavedStandings, KeepsValuesUnderAnotherHalfLife) {
  Standings standings = WithTraffic({6, 3});
  standings.Add(1, kSuspicion, 64, kStart + hours{1});
  ByteWriter writer;
  const std::vector<Slot> slots = {0, 1};
  standings.Save(writer, slots);
  Standings loaded(minutes{10});
  ByteReader reader(writer.bytes());
  const std::vector<Standings::Place> places = {{0, 1}, {1, 1}};
  ASSERT_TRUE(loaded.Load(reader, places, kStart + hours{1}));
  EXPECT_NEAR(loaded.ValueOf(0, kTraffic, kStart + hours{1}), 3, 1e-5);
  EXPECT_NEAR(loaded.ValueOf(1, kSuspicion, kStart + hours{1}), 64, 1e-4);
  EXPECT_EQ(loaded.Coldest(kTraffic, kStart + hours{1}), 1U);
}

TEST(SavedStandings, RefusesEveryCutAndWhatIsStillToCome) {
  Standings standings = WithTraffic({1, 2, 4});
  ByteWriter writer;
  const std::vector<Slot> slots = {0, 1, 2};
  standings.Save(writer, slots);
  const std::vector<Standings::Place> places = {{0, 1}, {1, 1}, {2, 1}};
  for (size_t length = 0; length < writer.bytes().size(); ++length) {
    Standings loaded(hours{1});
    ByteReader reader(std::string_view(writer.bytes()).substr(0, length));
    EXPECT_FALSE(loaded.Load(reader, places, kStart)) << length;
  }
  Standings loaded(hours{1});
  ByteReader reader(writer.bytes());
  EXPECT_FALSE(loaded.Load(reader, places, kStart - seconds{1}));
}

}  // namespace
}  // namespace accesslog
