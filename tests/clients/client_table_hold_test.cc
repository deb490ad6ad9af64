// Law 5: a new series shows 0 until every usual scraper had time to see it.
#include <gmock/gmock.h>

#include "clients/table_watch.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr Time kStart = ManualClock::kStart;

ClientOptions Held() {
  ClientOptions options;
  options.first_value_hold = seconds{30};
  return options;
}

TEST(ClientTableHold, ShowsZeroFirst) {
  ClientTable table(Held(), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(1), 200, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart), ElementsAre(ShownSeries{1, 200, 0, 2}));
}

TEST(ClientTableHold, ShowsZeroToTheEndOfTheHold) {
  ClientTable table(Held(), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart + seconds{30} - milliseconds{1}),
              ElementsAre(ShownSeries{1, 200, 0, 1}));
}

TEST(ClientTableHold, ShowsAllAfterTheHold) {
  ClientTable table(Held(), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(1), 200, 0, kStart + seconds{29});
  EXPECT_THAT(SeriesAt(table, kStart + seconds{30}), ElementsAre(ShownSeries{1, 200, 2, 0}));
}

TEST(ClientTableHold, HoldsEachSeriesFromItsOwnBirth) {
  ClientTable table(Held(), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(1), 404, 0, kStart + seconds{20});
  EXPECT_THAT(SeriesAt(table, kStart + seconds{30}),
              ElementsAre(ShownSeries{1, 200, 1, 0}, ShownSeries{1, 404, 0, 1}));
}

TEST(ClientTableHold, HoldsOtherToo) {
  ClientTable table(Held(), kTableSecret);
  table.Add({{}, "", true}, 200, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart), ElementsAre(ShownSeries{kOtherNumber, 200, 0, 1}));
}

TEST(ClientTableHold, HoldsAClientThatReturns) {
  ClientTable table(Held(), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Expire(kStart + hours{1});
  table.Add(ClientNumber(1), 200, 0, kStart + hours{1});
  EXPECT_THAT(SeriesAt(table, kStart + hours{1}), ElementsAre(ShownSeries{1, 200, 0, 1}));
}

TEST(ClientTableHold, ShowsAtOnceWhereItIsTurnedOff) {
  ClientOptions options;
  options.first_value_hold = seconds{0};
  ClientTable table(options, kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart), ElementsAre(ShownSeries{1, 200, 1, 0}));
}

std::vector<uint64_t> BytesAt(const ClientTable& table, Time now) {
  std::vector<uint64_t> bytes;
  table.Visit(
      now, [&](const ClientTable::ClientView& view) { bytes.push_back(view.response_bytes); },
      [](const ClientTable::SeriesView&) {});
  return bytes;
}

TEST(ClientTableHold, HoldsTheBytesLikeTheFirstSeries) {
  ClientTable table(Held(), kTableSecret);
  table.Add(ClientNumber(1), 200, 100, kStart);
  table.Add(ClientNumber(1), 404, 10, kStart + seconds{20});
  EXPECT_THAT(BytesAt(table, kStart + seconds{29}), ElementsAre(0U));
  EXPECT_THAT(BytesAt(table, kStart + seconds{30}), ElementsAre(110U));
}

// Reading on behind a restart took longer than the hold, and nobody could look.
TEST(ClientTableHold, BeginsAnewForWhatNobodyCouldSee) {
  ClientTable table(Held(), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  const Time began = kStart + seconds{60};
  table.Add(ClientNumber(2), 200, 0, began);
  table.Add(ClientNumber(1), 404, 0, began + seconds{1});
  const Time live = began + seconds{90};
  table.HoldAnew(began, live);
  EXPECT_THAT(SeriesAt(table, live),
              UnorderedElementsAre(ShownSeries{1, 200, 1, 0}, ShownSeries{1, 404, 0, 1},
                                   ShownSeries{2, 200, 0, 1}));
  EXPECT_THAT(SeriesAt(table, live + seconds{30}),
              UnorderedElementsAre(ShownSeries{1, 200, 1, 0}, ShownSeries{1, 404, 1, 0},
                                   ShownSeries{2, 200, 1, 0}));
}

}  // namespace
}  // namespace accesslog
