// A clock that is set while the exporter runs. What was shown once is not taken back, or Prometheus
// would count it twice.
#include <gmock/gmock.h>

#include "clients/table_watch.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;

constexpr Time kStart = ManualClock::kStart;

TEST(ClientTableTime, TakesNothingBackWhenTheClockStepsBack) {
  ClientTable table(ClientOptions{}, kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Expire(kStart + seconds{31});
  EXPECT_THAT(SeriesAt(table, kStart + seconds{10}), ElementsAre(ShownSeries{1, 200, 1, 0}));
}

TEST(ClientTableTime, HoldsASeriesBornBeforeTheStepNoLonger) {
  ClientTable table(ClientOptions{}, kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Expire(kStart - hours{1});
  EXPECT_THAT(SeriesAt(table, kStart - hours{1} + seconds{29}),
              ElementsAre(ShownSeries{1, 200, 0, 1}));
  EXPECT_THAT(SeriesAt(table, kStart - hours{1} + seconds{30}),
              ElementsAre(ShownSeries{1, 200, 1, 0}));
}

TEST(ClientTableTime, HoldsASeriesBornAfterTheStepAsLongAsAnyOther) {
  ClientTable table(ClientOptions{}, kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart - hours{1});
  EXPECT_THAT(SeriesAt(table, kStart - hours{1} + seconds{30}),
              ElementsAre(ShownSeries{1, 200, 1, 0}, ShownSeries{2, 200, 1, 0}));
}

TEST(ClientTableTime, ExpiresAClientAfterTheStepWhenItWasIdleForLong) {
  ClientTable table(ClientOptions{}, kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Expire(kStart - hours{10});
  table.Expire(kStart - hours{9} - seconds{1});
  EXPECT_EQ(table.clients(), 1U);
  table.Expire(kStart - hours{9});
  EXPECT_EQ(table.clients(), 0U);
}

TEST(ClientTableTime, RenewsTheHoursAllowanceAfterTheStep) {
  ClientOptions options;
  options.new_series_per_hour = 1;
  ClientTable table(options, kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  const Time back = kStart - hours{100};
  table.Add(ClientNumber(2), 200, 0, back);
  EXPECT_EQ(table.admissions(), 1U);
  table.Add(ClientNumber(2), 200, 0, back + minutes{61});
  EXPECT_EQ(table.admissions(), 2U);
}

}  // namespace
}  // namespace accesslog
