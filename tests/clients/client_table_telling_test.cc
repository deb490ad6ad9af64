// The listener of a table hears of each request that was charged to a client of its own once,
// whatever becomes of the client and of the process.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>

#include "clients/table_watch.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Time kStart = ManualClock::kStart;

using Told = std::map<std::pair<uint64_t, uint16_t>, uint64_t>;

ClientTable::Listener Into(Told& told) {
  return [&told](const ClientKey& key, std::string_view,
                 std::span<const ClientTable::StatusCount> counts) {
    for (const auto& [status, count] : counts) {
      EXPECT_GT(count, 0u);
      told[{key.low, status}] += count;
    }
  };
}

uint64_t KeyOf(uint64_t number) { return ClientNumber(number).key.low; }

TEST(ClientTableTelling, TellsOfEachRequestOnce) {
  ClientTable table({}, kTableSecret);
  table.Add(ClientNumber(1), 200, 10, kStart);
  table.Add(ClientNumber(1), 404, 10, kStart);
  table.Add(ClientNumber(2), 200, 10, kStart);
  Told told;
  table.VisitUntold(Into(told));
  const Told expected = {{{KeyOf(1), 200}, 1}, {{KeyOf(1), 404}, 1}, {{KeyOf(2), 200}, 1}};
  EXPECT_EQ(told, expected);
  told.clear();
  table.TellAll(Into(told));
  EXPECT_EQ(told, expected);
  told.clear();
  table.TellAll(Into(told));
  EXPECT_TRUE(told.empty());
  table.Add(ClientNumber(1), 200, 10, kStart);
  table.Add(ClientNumber(1), 500, 10, kStart);
  table.TellAll(Into(told));
  EXPECT_EQ(told, (Told{{{KeyOf(1), 200}, 1}, {{KeyOf(1), 500}, 1}}));
}

TEST(ClientTableTelling, TellsOfWhoIsGivenUpAndBeginsAnewWithWhoReturns) {
  ClientTable table({}, kTableSecret);
  Told told;
  table.SetListener(Into(told));
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.TellAll(Into(told));
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Expire(kStart + hours{2});
  EXPECT_EQ(told, (Told{{{KeyOf(1), 200}, 2}}));
  table.Add(ClientNumber(1), 200, 0, kStart + hours{3});
  table.TellAll(Into(told));
  EXPECT_EQ(told, (Told{{{KeyOf(1), 200}, 3}}));
}

TEST(ClientTableTelling, IsSilentOfWhatIsChargedToOther) {
  ClientTable table({}, kTableSecret);
  Client other = ClientNumber(1);
  other.other = true;
  table.Add(other, 200, 0, kStart);
  Told told;
  table.TellAll(Into(told));
  EXPECT_TRUE(told.empty());
}

// A random life with evictions and restarts, against the sum of what the table itself holds and gave up.
TEST(ClientTableTelling, LosesNothingInAFullTableAcrossRestarts) {
  ClientOptions options;
  options.max_series = 40;
  std::mt19937_64 random(7);
  auto table = std::make_unique<ClientTable>(options, kTableSecret);
  Told told;
  table->SetListener(Into(told));
  Time now = kStart;
  std::map<uint16_t, uint64_t> requests;
  for (int i = 0; i < 20'000; ++i) {
    now += seconds{1};
    const auto status = static_cast<uint16_t>(random() % 3 == 0 ? 404 : 200);
    table->Add(ClientNumber(random() % 20 + random() % 60), status, 1, now);
    ++requests[status];
    if (random() % 500 == 0) table->TellAll(Into(told));
    if (random() % 300 == 0) table->Expire(now + hours{random() % 2});
    if (random() % 700 != 0) continue;
    ByteWriter writer;
    table->Save(writer);
    auto again = std::make_unique<ClientTable>(options, kTableSecret + 1);
    ByteReader reader(writer.bytes());
    ASSERT_TRUE(again->Load(reader, {.taken = now, .now = now, .grace = {}, .continued = true}));
    ASSERT_TRUE(reader.IsDone());
    table = std::move(again);
    table->SetListener(Into(told));
  }
  table->TellAll(Into(told));
  table->ForgetAll();
  std::map<uint16_t, uint64_t> told_of;
  for (const auto& [key, count] : told) told_of[key.second] += count;
  std::map<uint16_t, uint64_t> other;
  table->Visit(
      now, [](const ClientTable::ClientView& view) { EXPECT_TRUE(view.other); },
      [&](const ClientTable::SeriesView& view) { other[view.status] += view.shown + view.pending; });
  for (const auto& [status, count] : requests) {
    EXPECT_EQ(table->Evicted(status) + other[status], count) << status;
    // All that was given up was told of; what never had a place is in `other`.
    EXPECT_EQ(told_of[status] + other[status], count) << status;
    EXPECT_GT(told_of[status], count / 4) << status;
  }
}

}  // namespace
}  // namespace accesslog
