// Laws 2, 3 and 5 of DESIGN section 5 at every instant of long random streams.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <random>

#include "clients/table_watch.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<uint16_t, 8> kStatuses = {200, 200, 200, 304, 404, 401, 500, 0};

struct Request {
  uint64_t client;
  uint16_t status;
};
using Stream = std::function<Request(std::mt19937&)>;

// Few clients send most, as on every site: client k with a weight of 1/k.
Request Zipf(std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, std::log(1000.0));
  return {static_cast<uint64_t>(std::exp(uniform(random))), kStatuses[random() % kStatuses.size()]};
}

// An attacker with as many addresses as he likes.
Request UniformSpray(std::mt19937& random) { return {random() % 1000000, 404}; }

// A server, or a log, that makes up statuses.
Request StatusSpray(std::mt19937& random) {
  return {random() % 3, static_cast<uint16_t>(100 + random() % 500)};
}

Request Mixed(std::mt19937& random) {
  switch (random() % 3) {
    case 0:
      return Zipf(random);
    case 1:
      return UniformSpray(random);
    default:
      return StatusSpray(random);
  }
}

size_t MostInAnHour(const std::vector<Time>& births) {
  size_t most = 0;
  for (size_t first = 0, last = 0; first < births.size(); ++first) {
    while (last < births.size() && births[last] - births[first] < hours{1}) ++last;
    most = std::max(most, last - first);
  }
  return most;
}

struct Play {
  const char* name;
  ClientOptions options;
  Stream stream;
  Duration gap = milliseconds{500};  // between requests, on the average
  bool clock_steps = false;          // now and then, either way
  bool without_client = false;       // privacy off
};

std::ostream& operator<<(std::ostream& out, const Play& play) { return out << play.name; }

ClientOptions Table(uint32_t max_series, uint32_t per_hour = 20000) {
  ClientOptions options;
  options.max_series = max_series;
  options.new_series_per_hour = per_hour;
  options.idle = minutes{5};
  return options;
}

class ClientTableLaws : public ::testing::TestWithParam<Play> {};

TEST_P(ClientTableLaws, HoldAfterEveryStep) {
  const Play& play = GetParam();
  std::mt19937 random(20260302);
  std::exponential_distribution<double> gap(1.0 / static_cast<double>(play.gap.count()));
  TableWatch watch(play.options);
  for (int i = 0; i < 1000; ++i) {
    Duration by{static_cast<int64_t>(gap(random))};
    if (play.clock_steps && random() % 200 == 0) {
      by = seconds{static_cast<int64_t>(random() % 7200) - 3600};
    }
    ASSERT_EQ(watch.Advance(by), "") << "step " << i;
    const Request request = play.stream(random);
    ASSERT_EQ(play.without_client ? watch.AddWithoutClient(request.status)
                                  : watch.Add(request.client, request.status),
              "")
        << "step " << i;
  }
  EXPECT_LE(MostInAnHour(watch.births()), play.options.new_series_per_hour);
  // The stream must have put something into the table, or nothing was tested.
  EXPECT_GT(watch.living(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Streams, ClientTableLaws,
    ::testing::Values(
        Play{"ZipfWithRoom", Table(10000), Zipf}, Play{"ZipfInAFullTable", Table(50), Zipf},
        Play{"UniformSpray", Table(50), UniformSpray}, Play{"StatusSpray", Table(50), StatusSpray},
        Play{"MixedOneSeries", Table(1), Mixed}, Play{"MixedTwoSeries", Table(2), Mixed},
        Play{"MixedTenSeries", Table(10), Mixed},
        Play{"IdleClients", Table(100), Zipf, seconds{20}},
        Play{"ChurnExhausted", Table(100, 30), Mixed, seconds{10}},
        Play{"NoChurnAllowedToSpeakOf", Table(10, 3), Mixed, seconds{10}},
        Play{"ClockSteps", Table(50), Mixed, seconds{1}, true},
        Play{"ClockStepsWithRoom", Table(10000), Zipf, seconds{1}, true},
        Play{"PrivacyOff", Table(50), StatusSpray, milliseconds{500}, false, true}),
    [](const auto& play) { return play.param.name; });

// The same sums in a table of the default size, after a million addresses.
// As erase does with one, and a new key with all.
TEST(ForgottenClients, LeaveTheSumsAsTheyWere) {
  ClientOptions options;
  options.first_value_hold = Duration{0};
  ClientTable table(options, kTableSecret);
  StatusCounts requests{};
  for (uint64_t i = 0; i < 3000; ++i) {
    const auto status = static_cast<uint16_t>(200 + i % 7);
    table.Add(ClientNumber(i % 40), status, 1, ManualClock::kStart);
    ++requests[status];
  }
  EXPECT_TRUE(table.Forget(ClientNumber(7).key));
  EXPECT_FALSE(table.Forget(ClientNumber(7).key));
  EXPECT_FALSE(table.Forget(ClientNumber(99).key));
  EXPECT_EQ(table.clients(), 39U);
  EXPECT_EQ(BrokenLaw(table, ManualClock::kStart, requests), "");
  table.ForgetAll();
  EXPECT_EQ(table.clients(), 0U);
  EXPECT_EQ(table.series(), 0U);
  EXPECT_EQ(BrokenLaw(table, ManualClock::kStart, requests), "");
  table.Add(ClientNumber(7), 200, 1, ManualClock::kStart);
  ++requests[200];
  EXPECT_EQ(BrokenLaw(table, ManualClock::kStart, requests), "");
  EXPECT_EQ(SeriesAt(table, ManualClock::kStart).size(), 1U);
}

TEST(DefaultClientTable, KeepsTheLawsAfterAMillionAddresses) {
  ClientTable table(ClientOptions{}, kTableSecret);
  ManualClock clock;
  StatusCounts requests{};
  std::mt19937 random(7);
  for (uint64_t i = 0; i < 1000000; ++i) {
    const uint16_t status = kStatuses[random() % kStatuses.size()];
    if (i % 100 == 0) clock.Advance(milliseconds{100});
    table.Add(ClientNumber(i), status, 0, clock.now());
    ++requests[status];
    if (i % 100000 == 0) {
      ASSERT_EQ(BrokenLaw(table, clock.now(), requests), "") << i;
    }
  }
  EXPECT_EQ(BrokenLaw(table, clock.now(), requests), "");
  EXPECT_EQ(table.series(), table.max_series());
}

}  // namespace
}  // namespace accesslog
