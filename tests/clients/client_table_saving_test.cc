// A table that was saved and loaded goes on as if nothing had happened, whatever is in it; under
// other options it keeps the sums; damaged bytes never give a table that breaks a law.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <utility>

#include "clients/table_watch.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kStart = ManualClock::kStart;

std::string Saved(const ClientTable& table) {
  ByteWriter writer;
  table.Save(writer);
  return writer.Take();
}

RestoreTimes AtOnce(Time now) { return {.taken = now, .now = now, .grace = {}, .continued = true}; }

// Null if the bytes are damaged.
std::unique_ptr<ClientTable> Loaded(std::string_view bytes, const ClientOptions& options,
                                    const RestoreTimes& times) {
  // Another process has another secret.
  auto table = std::make_unique<ClientTable>(options, kTableSecret + bytes.size());
  ByteReader reader(bytes);
  if (!table->Load(reader, times) || !reader.IsDone()) return nullptr;
  return table;
}

// All that anybody can see of a table.
std::string SeenOf(const ClientTable& table, Time now) {
  std::ostringstream seen;
  table.Visit(
      now,
      [&](const ClientTable::ClientView& view) {
        seen << "client " << view.key.high << ' ' << view.key.low << ' ' << view.key.named << ' '
             << view.host_name << ' ' << view.other << ' ' << view.response_bytes << '\n';
      },
      [&](const ClientTable::SeriesView& view) {
        seen << "  " << view.status << ' ' << view.shown << ' ' << view.pending << '\n';
      });
  for (uint16_t status = 0; status < 600; ++status) {
    if (table.Evicted(status) > 0) seen << "evicted " << status << ' ' << table.Evicted(status);
  }
  seen << '\n'
       << table.series() << ' ' << table.clients() << ' ' << table.admissions() << ' '
       << table.rejections();
  return seen.str();
}

StatusCounts SumsOf(const ClientTable& table, Time now) {
  StatusCounts sums{};
  for (const ShownSeries& series : SeriesAt(table, now)) {
    sums[series.status] += series.shown + series.pending;
  }
  for (uint16_t status = 0; status < sums.size(); ++status) sums[status] += table.Evicted(status);
  return sums;
}

// As BrokenLaw of table_watch.h, which tells IPv4 clients apart only.
std::string Broken(const ClientTable& table, Time now, const StatusCounts& requests) {
  std::set<std::pair<ClientKey, bool>> clients;
  size_t visited = 0;
  size_t series = 0;
  table.Visit(
      now,
      [&](const ClientTable::ClientView& view) {
        clients.emplace(view.key, view.other);
        ++visited;
      },
      [&](const ClientTable::SeriesView&) { ++series; });
  if (clients.size() != visited) return "a client twice";
  if (series != table.series() || series > table.max_series()) return "too many series";
  return SumsOf(table, now) == requests ? "" : "requests were lost, or counted twice";
}

// A client of any kind: addresses of both, host names, none.
class AnyClient {
 public:
  explicit AnyClient(uint64_t number) {
    const std::string digits = std::to_string(number);
    name_ = number % 16 == 4 ? "other" : "host" + digits + ".example.com";
    record_.client = name_;
    if (number % 4 == 1) record_.address = IpAddress::Parse("2001:db8:0:" + digits + "::1");
    if (number % 4 > 1) {
      record_.address = IpAddress::Parse("192.0." + std::to_string(number / 250) + "." +
                                         std::to_string(number % 250));
    }
  }
  AnyClient(const AnyClient&) = delete;
  AnyClient& operator=(const AnyClient&) = delete;

  Client By(const ClientOptions& options) const { return ClientNamer(options).Identify(record_); }

 private:
  std::string name_;
  Record record_;
};

struct Step {
  uint64_t client;
  uint16_t status;
  Duration by;
  bool expire;
  bool hold_anew;
};

// Few clients send most; the clock jumps now and then, either way.
Step RandomStep(std::mt19937& random, Duration gap) {
  constexpr std::array<uint16_t, 7> kStatuses = {200, 200, 304, 404, 401, 599, kInvalidStatus};
  std::uniform_real_distribution<double> uniform(0, std::log(2000.0));
  Step step{static_cast<uint64_t>(std::exp(uniform(random))),
            kStatuses[random() % kStatuses.size()],
            Duration{static_cast<int64_t>(random() % static_cast<uint64_t>(2 * gap.count()))},
            random() % 20 == 0, random() % 100 == 0};
  if (random() % 150 == 0) step.by = seconds{static_cast<int64_t>(random() % 7200) - 3600};
  return step;
}

void Take(ClientTable& table, const Step& step, const ClientOptions& options, Time now) {
  table.Add(AnyClient(step.client).By(options), step.status, step.client, now);
  if (step.expire) table.Expire(now);
  if (step.hold_anew) table.HoldAnew(now - seconds{20}, now);
}

struct Play {
  const char* name;
  ClientOptions options;
  Duration gap = milliseconds{500};
};

std::ostream& operator<<(std::ostream& out, const Play& play) { return out << play.name; }

ClientOptions Table(uint32_t max_series, uint32_t per_hour = 20000,
                    Privacy privacy = Privacy::kFull) {
  ClientOptions options;
  options.max_series = max_series;
  options.new_series_per_hour = per_hour;
  options.idle = minutes{5};
  options.privacy = privacy;
  return options;
}

// What a table of these options holds after `steps` random ones, and the time by then.
struct Played {
  std::unique_ptr<ClientTable> table;
  Time now = kStart;
};
Played AfterSteps(const ClientOptions& options, int steps, Duration gap = milliseconds{500},
                  uint32_t seed = 1) {
  Played played{std::make_unique<ClientTable>(options, kTableSecret)};
  std::mt19937 random(seed);
  for (int i = 0; i < steps; ++i) {
    const Step step = RandomStep(random, gap);
    Take(*played.table, step, options, played.now += step.by);
  }
  return played;
}

class ClientTableSaving : public ::testing::TestWithParam<Play> {};

TEST_P(ClientTableSaving, IsNotNoticed) {
  const Play& play = GetParam();
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    std::mt19937 random(seed);
    ClientTable uninterrupted(play.options, kTableSecret);
    auto saved = std::make_unique<ClientTable>(play.options, kTableSecret);
    Time now = kStart;
    for (int i = 0; i < 2000; ++i) {
      const Step step = RandomStep(random, play.gap);
      now += step.by;
      Take(uninterrupted, step, play.options, now);
      Take(*saved, step, play.options, now);
      if (random() % 50 != 0) continue;
      const std::string bytes = Saved(*saved);
      saved = Loaded(bytes, play.options, AtOnce(now));
      ASSERT_NE(saved, nullptr) << "step " << i;
      ASSERT_EQ(Saved(*saved), bytes) << "step " << i;
      ASSERT_EQ(SeenOf(*saved, now), SeenOf(uninterrupted, now)) << "step " << i;
    }
    EXPECT_EQ(SeenOf(*saved, now + hours{2}), SeenOf(uninterrupted, now + hours{2}));
    EXPECT_GT(saved->series(), 0U);
  }
}

// Whatever becomes of the options, no request is lost.
TEST_P(ClientTableSaving, KeepsTheSumsUnderOtherOptions) {
  const Played played = AfterSteps(GetParam().options, 1000, GetParam().gap);
  const StatusCounts requests = SumsOf(*played.table, played.now);
  const std::string bytes = Saved(*played.table);
  for (const uint32_t max_series : {1U, 2U, 3U, 7U, 20U, 49U, 10000U}) {
    for (const Privacy privacy : {Privacy::kFull, Privacy::kMasked, Privacy::kOff}) {
      for (const bool continued : {false, true}) {
        ClientOptions options = Table(max_series, 5, privacy);
        const RestoreTimes times{played.now, played.now, seconds{2}, continued};
        const auto table = Loaded(bytes, options, times);
        ASSERT_NE(table, nullptr);
        EXPECT_EQ(Broken(*table, played.now, requests), "") << max_series;
        table->Add(ClientNumber(1), 404, 0, played.now);
        StatusCounts more = requests;
        ++more[404];
        EXPECT_EQ(Broken(*table, played.now, more), "") << max_series;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, ClientTableSaving,
                         ::testing::Values(Play{"WithRoom", Table(10000)}, Play{"Full", Table(50)},
                                           Play{"OneSeries", Table(1)}, Play{"TwoSeries", Table(2)},
                                           Play{"Idle", Table(100), seconds{20}},
                                           Play{"ChurnExhausted", Table(100, 30), seconds{5}},
                                           Play{"HardlyAnyChurn", Table(10, 3), seconds{10}},
                                           Play{"Masked", Table(50, 20000, Privacy::kMasked)},
                                           Play{"PrivacyOff", Table(50, 20000, Privacy::kOff)}),
                         [](const auto& play) { return play.param.name; });

TEST(SavedClientTable, IsLoadedWhereItIsEmpty) {
  const auto table = Loaded(Saved(ClientTable(Table(5), kTableSecret)), Table(5), AtOnce(kStart));
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->series(), 0U);
}

// The oldest go, as they would have gone first.
TEST(SavedClientTable, LosesTheOldestWhereThereIsLessRoom) {
  ClientTable table(Table(10), kTableSecret);
  for (uint64_t client = 0; client < 10; ++client) {
    table.Add(ClientNumber(client), 200, 0, kStart + seconds{static_cast<int64_t>(client)});
  }
  const Time now = kStart + minutes{1};
  const auto loaded = Loaded(Saved(table), Table(3), AtOnce(now));
  ASSERT_NE(loaded, nullptr);
  EXPECT_EQ(SeriesAt(*loaded, now),
            (std::vector<ShownSeries>{{7, 200, 1, 0}, {8, 200, 1, 0}, {9, 200, 1, 0}}));
  EXPECT_EQ(loaded->Evicted(200), 7U);
}

// A key means another client under another rule, so none may go on with its count.
TEST(SavedClientTable, EvictsAllClientsWhereKeysAreMadeOtherwise) {
  const Played played = AfterSteps(Table(50), 500);
  std::vector<ClientOptions> others(3, Table(50));
  others[0].ipv4_prefix = 24;
  others[1].ipv6_prefix = 48;
  others[2].privacy = Privacy::kMasked;
  for (const ClientOptions& options : others) {
    const auto table = Loaded(Saved(*played.table), options, AtOnce(played.now));
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->clients(), 0U);
    EXPECT_EQ(Broken(*table, played.now, SumsOf(*played.table, played.now)), "");
  }
}

// The hour's allowance cannot be had twice by a restart.
TEST(SavedClientTable, RemembersTheHoursBirths) {
  // Half of it is open to those who come for the first time.
  ClientTable table(Table(100, 20), kTableSecret);
  for (uint64_t client = 0; client < 9; ++client) table.Add(ClientNumber(client), 200, 0, kStart);
  const Time now = kStart + minutes{10};
  const auto loaded = Loaded(Saved(table), Table(100, 20), {kStart, now, seconds{2}, false});
  ASSERT_NE(loaded, nullptr);
  for (uint64_t client = 20; client < 30; ++client) loaded->Add(ClientNumber(client), 200, 0, now);
  EXPECT_EQ(loaded->admissions(), 10U);
  EXPECT_EQ(loaded->rejections(), 9U);
}

// One series born at kStart with a hold of 30 s and 3 requests, saved and loaded.
struct Away {
  Duration taken;  // behind kStart
  Duration now;
  Duration grace = seconds{2};
  bool continued = false;
  Duration hold = seconds{30};  // of the process that loads it
};

class Newborn {
 public:
  explicit Newborn(const Away& away) {
    ClientTable table(Table(10), kTableSecret);
    for (int i = 0; i < 3; ++i) table.Add(ClientNumber(1), 200, 7, kStart);
    table.Expire(kStart + away.taken);
    ClientOptions options = Table(10);
    options.first_value_hold = away.hold;
    table_ = Loaded(Saved(table), options,
                    {kStart + away.taken, kStart + away.now, away.grace, away.continued});
  }

  uint64_t ShownAt(Duration at) const {
    const std::vector<ShownSeries> all = SeriesAt(*table_, kStart + at);
    return all.size() == 1 ? all[0].shown : ~uint64_t{0};
  }

 private:
  std::unique_ptr<ClientTable> table_;
};

TEST(NewbornSeries, BeginsItsHoldAnewAfterARestart) {
  const Newborn series({.taken = seconds{20}, .now = seconds{25}});
  EXPECT_EQ(series.ShownAt(seconds{54}), 0U);
  EXPECT_EQ(series.ShownAt(seconds{55}), 3U);
}

TEST(NewbornSeries, BeginsItsHoldAnewHoweverLongTheProcessWasAway) {
  const Newborn series({.taken = seconds{20}, .now = hours{1}});
  EXPECT_EQ(series.ShownAt(hours{1} + seconds{29}), 0U);
  EXPECT_EQ(series.ShownAt(hours{1} + seconds{30}), 3U);
}

// Its value would come again from 0, and Prometheus would count it twice.
TEST(NewbornSeries, IsShownAgainIfItWasShown) {
  EXPECT_EQ(Newborn({.taken = seconds{30}, .now = seconds{31}}).ShownAt(seconds{31}), 3U);
  EXPECT_EQ(Newborn({.taken = minutes{3}, .now = hours{1}}).ShownAt(hours{1}), 3U);
}

// The process went on a little behind the moment at which it was saved.
TEST(NewbornSeries, IsShownAgainIfItMayHaveBeenShown) {
  for (const Duration taken : {seconds{28}, seconds{29}}) {
    EXPECT_EQ(Newborn({.taken = taken, .now = seconds{40}}).ShownAt(seconds{40}), 3U);
  }
  const Newborn surely_not({.taken = seconds{28} - milliseconds{1}, .now = seconds{40}});
  EXPECT_EQ(surely_not.ShownAt(seconds{69}), 0U);
  EXPECT_EQ(surely_not.ShownAt(seconds{70}), 3U);
}

TEST(NewbornSeries, GoesOnWithItsHoldIfItsEndWasNotReachedBeforeTheRestart) {
  const Newborn series({.taken = seconds{28}, .now = seconds{29}});
  EXPECT_EQ(series.ShownAt(seconds{29}), 0U);
  EXPECT_EQ(series.ShownAt(seconds{30}), 3U);
}

// Scrapers missed nothing.
TEST(NewbornSeries, GoesOnWithItsHoldInTheSameProcess) {
  for (const Duration taken : {seconds{0}, seconds{10}, seconds{29}}) {
    const Newborn series({.taken = taken, .now = taken, .continued = true});
    EXPECT_EQ(series.ShownAt(seconds{30} - milliseconds{1}), 0U);
    EXPECT_EQ(series.ShownAt(seconds{30}), 3U);
  }
}

TEST(NewbornSeries, StaysShownUnderALongerHold) {
  for (const bool continued : {false, true}) {
    const Newborn series(
        {.taken = seconds{40}, .now = seconds{41}, .continued = continued, .hold = minutes{10}});
    EXPECT_EQ(series.ShownAt(seconds{41}), 3U) << continued;
  }
}

// The wall clock was set back while nobody ran: time stands still, and nothing shown is taken back.
TEST(NewbornSeries, IsShownAgainWhereTheClockWasSetBack) {
  EXPECT_EQ(Newborn({.taken = seconds{40}, .now = -hours{1}}).ShownAt(-hours{1}), 3U);
  EXPECT_EQ(Newborn({.taken = seconds{29}, .now = -hours{1}}).ShownAt(-hours{1}), 3U);
}

TEST(NewbornSeries, IsHeldFromNowWhereTheClockWasSetBack) {
  const Newborn series({.taken = seconds{10}, .now = -hours{1}});
  EXPECT_EQ(series.ShownAt(-hours{1} + seconds{29}), 0U);
  EXPECT_EQ(series.ShownAt(-hours{1} + seconds{30}), 3U);
}

// Nothing that was shown is ever taken back, whenever it is saved and however often.
TEST(SavedClientTable, NeverShowsLessAfterARestart) {
  const ClientOptions options = Table(10000);
  std::mt19937 random(5);
  Played played{std::make_unique<ClientTable>(options, kTableSecret)};
  std::map<std::pair<uint64_t, uint16_t>, uint64_t> shown;
  for (int i = 0; i < 3000; ++i) {
    played.now += milliseconds{random() % 3000};
    played.table->Add(ClientNumber(random() % 50), random() % 2 == 0 ? 200 : 404, 0, played.now);
    const auto check = [&] {
      for (const ShownSeries& series : SeriesAt(*played.table, played.now)) {
        uint64_t& before = shown[{series.client, series.status}];
        ASSERT_GE(series.shown, before) << series << " in step " << i;
        before = series.shown;
      }
    };
    check();
    if (random() % 20 != 0) continue;
    const Time taken = played.now;
    const std::string bytes = Saved(*played.table);
    played.now += milliseconds{random() % 2000};  // it goes on, and is seen
    check();
    played.now += milliseconds{random() % 4000};
    played.table = Loaded(bytes, options, {taken, played.now, seconds{2}, false});
    ASSERT_NE(played.table, nullptr);
    check();
  }
}

// Either it is noticed, or it is a table that could be.
void CheckDamaged(std::string_view bytes, const ClientOptions& options, const RestoreTimes& times) {
  const auto table = Loaded(bytes, options, times);
  if (!table) return;
  StatusCounts requests = SumsOf(*table, times.now);
  ASSERT_EQ(Broken(*table, times.now, requests), "");
  for (uint64_t i = 0; i < 5; ++i) {
    const Time now = times.now + minutes{i};
    table->Add(ClientNumber(i), 404, 1, now);
    ++requests[404];
    table->Expire(now);
    ASSERT_EQ(Broken(*table, now, requests), "");
  }
  table->HoldAnew(times.now, times.now + minutes{6});
  ASSERT_NE(Loaded(Saved(*table), options, AtOnce(times.now + minutes{6})), nullptr);
}

TEST(DamagedClientTable, IsNoticedWhereTheEndIsMissing) {
  const Played played = AfterSteps(Table(30), 300);
  const std::string bytes = Saved(*played.table);
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(Loaded(bytes.substr(0, size), Table(30), AtOnce(played.now)), nullptr) << size;
  }
  EXPECT_EQ(Loaded(bytes + 'x', Table(30), AtOnce(played.now)), nullptr);
}

TEST(DamagedClientTable, BreaksNoLaw) {
  const Played played = AfterSteps(Table(30), 300);
  const std::string bytes = Saved(*played.table);
  std::mt19937 random(11);
  for (int i = 0; i < 20000 && !::testing::Test::HasFatalFailure(); ++i) {
    std::string damaged = bytes;
    for (uint64_t flips = random() % 3; flips <= 2; ++flips) {
      char& byte = damaged[random() % damaged.size()];
      byte = static_cast<char>(static_cast<uint8_t>(byte) ^ 1U << random() % 8);
    }
    CheckDamaged(damaged, Table(random() % 2 == 0 ? 30 : 4),
                 {played.now, played.now + seconds{5}, seconds{2}, random() % 2 == 0});
  }
}

}  // namespace
}  // namespace accesslog
