#include "clients/distinct_clients.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <vector>

#include "clients/client_key.h"
#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kStart = ManualClock::kStart;
constexpr uint64_t kSecret = 0xC0FFEE;
constexpr double kThreeErrors = 3 * 0.023;

uint64_t HashOf(uint64_t number) { return HashKey({0, 0xFFFF00000000U | number, false}, kSecret); }

std::array<double, 3> Estimates(const DistinctClients& clients, Time now) {
  std::array<double, 3> values{};
  const auto views = clients.Estimate(now);
  for (size_t i = 0; i < views.size(); ++i) values[i] = views[i].clients;
  return values;
}

// Beside exact sets, slice by slice.
class Counted {
 public:
  void Add(uint64_t number, Time event) {
    clients_.Add(HashOf(number), event);
    visits_.push_back({number, event});
  }

  // The windows reach from `now` back to the beginning of the slice in which they begin.
  void Check(Time now) const {
    constexpr std::array<Duration, 3> kSlices = {minutes{1}, minutes{5}, hours{1}};
    constexpr std::array<int, 3> kCounts = {6, 13, 25};
    const auto estimates = Estimates(clients_, now);
    for (size_t i = 0; i < kSlices.size(); ++i) {
      const auto slice = [&](Time time) { return time.time_since_epoch() / kSlices[i]; };
      std::set<uint64_t> exact;
      for (const auto& [number, event] : visits_) {
        if (slice(event) > slice(now) - kCounts[i]) exact.insert(number);
      }
      const auto expected = static_cast<double>(exact.size());
      EXPECT_NEAR(estimates[i], expected, std::max(1.0, expected * kThreeErrors)) << i;
    }
  }

 private:
  DistinctClients clients_;
  std::vector<std::pair<uint64_t, Time>> visits_;
};

TEST(DistinctClients, AreNoneAtFirst) {
  const DistinctClients clients;
  EXPECT_EQ(Estimates(clients, kStart), (std::array<double, 3>{0, 0, 0}));
  EXPECT_STREQ(clients.Estimate(kStart)[0].name, "5m");
  EXPECT_STREQ(clients.Estimate(kStart)[1].name, "1h");
  EXPECT_STREQ(clients.Estimate(kStart)[2].name, "24h");
}

TEST(DistinctClients, AreThoseOfAUniformStream) {
  std::mt19937_64 random(1);
  Counted counted;
  for (int i = 0; i < 200000; ++i) counted.Add(random() % 30000, kStart + seconds{i / 2});
  counted.Check(kStart + seconds{100000});
}

TEST(DistinctClients, AreThoseOfASkewedStream) {
  std::mt19937_64 random(2);
  Counted counted;
  for (int i = 0; i < 200000; ++i) {
    const double u = static_cast<double>(random() >> 11U) * 0x1p-53;
    counted.Add(static_cast<uint64_t>(std::pow(50000, u)), kStart + seconds{i / 2});
    if (i % 40000 == 0) counted.Check(kStart + seconds{i / 2});
  }
  counted.Check(kStart + seconds{100000});
}

// Neighbouring addresses, each once; the same ones again and again; and times out of order.
TEST(DistinctClients, AreThoseOfHostileStreams) {
  Counted sweep;
  for (uint64_t i = 0; i < 100000; ++i) sweep.Add(i, kStart + seconds{i % 3000});
  sweep.Check(kStart + seconds{3000});
  Counted few;
  for (uint64_t i = 0; i < 100000; ++i) few.Add(i % 3, kStart + seconds{i});
  few.Check(kStart + seconds{100000});
  std::mt19937_64 random(3);
  Counted shuffled;
  for (int i = 0; i < 50000; ++i) {
    shuffled.Add(random() % 5000, kStart + seconds{static_cast<int64_t>(random() % 90000)});
  }
  shuffled.Check(kStart + seconds{89999});
}

TEST(DistinctClients, LeaveTheirWindows) {
  DistinctClients clients;
  for (uint64_t i = 0; i < 1000; ++i) clients.Add(HashOf(i), kStart);
  const auto at = [&](Duration later) { return Estimates(clients, kStart + later); };
  for (const double estimate : at(minutes{5})) EXPECT_NEAR(estimate, 1000, 70);
  EXPECT_EQ(at(minutes{6})[0], 0);
  EXPECT_NEAR(at(hours{1})[1], 1000, 70);
  EXPECT_EQ(at(minutes{65})[1], 0);
  EXPECT_NEAR(at(hours{24})[2], 1000, 70);
  EXPECT_EQ(at(hours{25})[2], 0);
}

TEST(DistinctClients, DoNotComeBackWithALateLine) {
  DistinctClients clients;
  clients.Add(HashOf(1), kStart + hours{48});
  for (uint64_t i = 2; i < 100; ++i) clients.Add(HashOf(i), kStart);
  EXPECT_NEAR(Estimates(clients, kStart + hours{48})[2], 1, 0.1);
}

TEST(DistinctClients, AreCountedAgainBehindAClockThatWasAhead) {
  DistinctClients clients;
  clients.Add(HashOf(1), kStart + hours{24 * 400});
  clients.Expire(kStart, minutes{5});
  clients.Add(HashOf(2), kStart);
  for (const double estimate : Estimates(clients, kStart)) EXPECT_NEAR(estimate, 1, 0.1);
}

TEST(DistinctClients, AreTheSameWhetherExpiredOrNot) {
  std::mt19937_64 random(4);
  DistinctClients expired;
  DistinctClients kept;
  for (int i = 0; i < 100000; ++i) {
    const uint64_t hash = HashOf(random() % 10000);
    const Time event = kStart + seconds{2 * i - static_cast<int>(random() % 20)};
    expired.Add(hash, event);
    kept.Add(hash, event);
    if (i % 100 == 0) expired.Expire(kStart + seconds{2 * i}, minutes{5});
  }
  const Time now = kStart + seconds{200000};
  EXPECT_EQ(Estimates(expired, now), Estimates(kept, now));
}

TEST(DistinctClients, GoOnWhereTheyWere) {
  std::mt19937_64 random(5);
  DistinctClients before;
  for (int i = 0; i < 30000; ++i) before.Add(HashOf(random() % 10000), kStart + seconds{i});
  std::map<std::string, std::string> parts;
  before.Save(parts, "x/");
  size_t bytes = 0;
  DistinctClients after;
  for (const auto& [name, part] : parts) {
    EXPECT_TRUE(name.starts_with("x/")) << name;
    ASSERT_TRUE(after.Load(part)) << name;
    EXPECT_FALSE(after.Load(part)) << "twice";
    EXPECT_FALSE(DistinctClients{}.Load(part.substr(0, part.size() - 1)));
    EXPECT_FALSE(DistinctClients{}.Load(part + "x"));
    bytes += part.size();
  }
  EXPECT_LE(parts.size(), 44U);
  EXPECT_LE(bytes, 90U << 10U);
  const Time now = kStart + seconds{30000};
  EXPECT_EQ(Estimates(after, now), Estimates(before, now));
  std::map<std::string, std::string> again;
  after.Save(again, "x/");
  EXPECT_EQ(again, parts);
  for (int i = 0; i < 1000; ++i) {
    before.Add(HashOf(random() % 99999), now + seconds{i});
  }
  std::map<std::string, std::string> later;
  before.Save(later, "x/");
  int changed = 0;
  for (const auto& [name, part] : later) changed += part != parts[name] ? 1 : 0;
  // 16 minutes and 40 s: so many slices of a minute, four or five of five, one or two of an hour.
  EXPECT_LE(changed, 6 + 5 + 2);
}

}  // namespace
}  // namespace accesslog
