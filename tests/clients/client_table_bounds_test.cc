// What happens to those who find no place.
#include <gmock/gmock.h>

#include "clients/table_watch.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;

constexpr Time kStart = ManualClock::kStart;

ClientOptions Bounded(uint32_t max_series, uint32_t per_hour = 20000) {
  ClientOptions options;
  options.max_series = max_series;
  options.new_series_per_hour = per_hour;
  options.first_value_hold = seconds{0};
  return options;
}

TEST(ClientTableBounds, ChargesANewcomerToOtherWhereTheTableIsFull) {
  ClientTable table(Bounded(3), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart);
  table.Add(ClientNumber(3), 200, 0, kStart);
  table.Add(ClientNumber(4), 200, 0, kStart);
  // The client quiet for longest made room for `other`.
  EXPECT_THAT(SeriesAt(table, kStart),
              ElementsAre(ShownSeries{2, 200, 1, 0}, ShownSeries{3, 200, 1, 0},
                          ShownSeries{kOtherNumber, 200, 1, 0}));
  EXPECT_EQ(table.Evicted(200), 1U);
  EXPECT_EQ(table.rejections(), 1U);
}

TEST(ClientTableBounds, KeepsTheClientThatWasSeenLast) {
  ClientTable table(Bounded(2), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart + seconds{1});
  table.Add(ClientNumber(1), 200, 0, kStart + seconds{2});
  table.Add(ClientNumber(3), 200, 0, kStart + seconds{3});
  EXPECT_THAT(SeriesAt(table, kStart + seconds{3}),
              ElementsAre(ShownSeries{1, 200, 2, 0}, ShownSeries{kOtherNumber, 200, 1, 0}));
}

TEST(ClientTableBounds, ChargesANewStatusOfAKnownClientToOther) {
  ClientTable table(Bounded(2), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add({{}, "", true}, 404, 0, kStart);
  table.Add(ClientNumber(1), 404, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart),
              ElementsAre(ShownSeries{1, 200, 1, 0}, ShownSeries{kOtherNumber, 404, 2, 0}));
}

TEST(ClientTableBounds, CountsWhatHasNotEvenAPlaceInOtherAsEvicted) {
  ClientTable table(Bounded(1), kTableSecret);
  table.Add({{}, "", true}, 200, 0, kStart);
  table.Add(ClientNumber(1), 404, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart), ElementsAre(ShownSeries{kOtherNumber, 200, 1, 0}));
  EXPECT_EQ(table.Evicted(404), 1U);
}

TEST(ClientTableBounds, AdmitsNobodyBeyondTheHoursAllowance) {
  ClientTable table(Bounded(100, 2), kTableSecret);
  table.Add({{}, "", true}, 200, 0, kStart);
  // The second half is not for those who come for the first time.
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(1), 200, 0, kStart);
  for (int i = 0; i < 1000; ++i) table.Add(ClientNumber(2), 200, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart),
              ElementsAre(ShownSeries{1, 200, 1, 0}, ShownSeries{kOtherNumber, 200, 1002, 0}));
  EXPECT_EQ(table.rejections(), 1001U);
}

TEST(ClientTableBounds, KeepsPartOfTheHoursAllowanceForThoseWhoComeOften) {
  ClientTable table(Bounded(1000, 100), kTableSecret);
  for (uint64_t client = 0; client < 60; ++client) {
    table.Add(ClientNumber(client), 200, 0, kStart);
  }
  // Then `other` is born, the 51st series.
  EXPECT_EQ(table.admissions(), 50U);
  for (int i = 0; i < 100; ++i) table.Add(ClientNumber(5000), 200, 0, kStart);
  EXPECT_EQ(table.admissions(), 51U);
  for (uint64_t client = 0; client < 60; ++client) {
    for (int i = 0; i < 13; ++i) table.Add(ClientNumber(10000 + client), 200, 0, kStart);
  }
  EXPECT_EQ(table.admissions(), 74U);
  for (int i = 0; i < 1000; ++i) table.Add(ClientNumber(6000), 200, 0, kStart);
  EXPECT_EQ(table.admissions(), 75U);
}

TEST(ClientTableBounds, AdmitsAgainInTheNextHour) {
  ClientTable table(Bounded(100, 1), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart + minutes{61});
  EXPECT_THAT(SeriesAt(table, kStart + minutes{61}),
              ElementsAre(ShownSeries{1, 200, 1, 0}, ShownSeries{2, 200, 1, 0}));
}

// Where the hour's allowance is used up, giving up a client would help nobody.
TEST(ClientTableBounds, GivesUpNobodyForASeriesThatMayNotBeBorn) {
  ClientTable table(Bounded(2, 2), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart);
  table.Add(ClientNumber(3), 404, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart),
              ElementsAre(ShownSeries{1, 200, 1, 0}, ShownSeries{kOtherNumber, 200, 1, 0}));
  EXPECT_EQ(table.Evicted(404), 1U);
}

TEST(ClientTableBounds, GivesUpAClientThatWasIdleForLong) {
  ClientTable table(Bounded(10), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart + minutes{30});
  table.Expire(kStart + hours{1} - seconds{1});
  EXPECT_EQ(table.clients(), 2U);
  table.Expire(kStart + hours{1});
  EXPECT_THAT(SeriesAt(table, kStart + hours{1}), ElementsAre(ShownSeries{2, 200, 1, 0}));
  EXPECT_EQ(table.Evicted(200), 1U);
}

TEST(ClientTableBounds, NeverGivesUpOther) {
  ClientTable table(Bounded(10), kTableSecret);
  table.Add({{}, "", true}, 200, 0, kStart);
  table.Expire(kStart + hours{1000});
  EXPECT_EQ(table.series(), 1U);
}

TEST(ClientTableBounds, CountsAClientThatReturnsFromZero) {
  ClientTable table(Bounded(10), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Expire(kStart + hours{1});
  table.Add(ClientNumber(1), 200, 0, kStart + hours{1});
  EXPECT_THAT(SeriesAt(table, kStart + hours{1}), ElementsAre(ShownSeries{1, 200, 1, 0}));
  EXPECT_EQ(table.Evicted(200), 2U);
  EXPECT_EQ(table.admissions(), 2U);
}

}  // namespace
}  // namespace accesslog
