// What a table with room tells of its clients.
#include "clients/client_table.h"

#include <gmock/gmock.h>

#include "clients/table_watch.h"

namespace accesslog {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Time kStart = ManualClock::kStart;

ClientOptions ShownAtOnce(uint32_t max_series = 1000) {
  ClientOptions options;
  options.max_series = max_series;
  options.first_value_hold = seconds{0};
  return options;
}

TEST(ClientTable, IsEmptyAtFirst) {
  const ClientTable table(ShownAtOnce(), kTableSecret);
  EXPECT_THAT(SeriesAt(table, kStart), IsEmpty());
  EXPECT_EQ(table.series(), 0U);
  EXPECT_EQ(table.clients(), 0U);
}

TEST(ClientTable, CountsByClientAndStatus) {
  ClientTable table(ShownAtOnce(), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(1), 404, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart);
  EXPECT_THAT(
      SeriesAt(table, kStart),
      ElementsAre(ShownSeries{1, 200, 2, 0}, ShownSeries{1, 404, 1, 0}, ShownSeries{2, 200, 1, 0}));
}

TEST(ClientTable, CountsClientsSeriesAndAdmissions) {
  ClientTable table(ShownAtOnce(), kTableSecret);
  table.Add(ClientNumber(1), 200, 0, kStart);
  table.Add(ClientNumber(1), 404, 0, kStart);
  table.Add(ClientNumber(2), 200, 0, kStart);
  EXPECT_EQ(table.clients(), 2U);
  EXPECT_EQ(table.series(), 3U);
  EXPECT_EQ(table.admissions(), 2U);
  EXPECT_EQ(table.rejections(), 0U);
}

TEST(ClientTable, CountsAStatusThatCouldNotBeRead) {
  ClientTable table(ShownAtOnce(), kTableSecret);
  table.Add(ClientNumber(1), kInvalidStatus, 0, kStart);
  EXPECT_THAT(SeriesAt(table, kStart), ElementsAre(ShownSeries{1, kInvalidStatus, 1, 0}));
}

struct ClientRow {
  std::string host_name;
  bool other;
  uint64_t bytes;
  bool operator==(const ClientRow&) const = default;
};

std::vector<ClientRow> ClientsAt(const ClientTable& table, Time now) {
  std::vector<ClientRow> rows;
  table.Visit(
      now,
      [&](const ClientTable::ClientView& view) {
        rows.push_back({std::string(view.host_name), view.other, view.response_bytes});
      },
      [](const ClientTable::SeriesView&) {});
  return rows;
}

TEST(ClientTable, SumsTheBytesOfAClient) {
  ClientTable table(ShownAtOnce(), kTableSecret);
  table.Add(ClientNumber(1), 200, 1000, kStart);
  table.Add(ClientNumber(1), 404, 7, kStart);
  EXPECT_THAT(ClientsAt(table, kStart), ElementsAre(ClientRow{"", false, 1007}));
}

TEST(ClientTable, KeepsTheHostName) {
  ClientTable table(ShownAtOnce(), kTableSecret);
  {
    // The table must not look into the line later.
    const std::string line = "crawler.example.com";
    table.Add({{1, 2, true}, line, false}, 200, 0, kStart);
  }
  EXPECT_THAT(ClientsAt(table, kStart), ElementsAre(ClientRow{"crawler.example.com", false, 0}));
}

TEST(ClientTable, ChargesAClientlessRequestToOther) {
  ClientTable table(ShownAtOnce(), kTableSecret);
  table.Add({{}, "", true}, 200, 5, kStart);
  EXPECT_THAT(ClientsAt(table, kStart), ElementsAre(ClientRow{"", true, 5}));
  EXPECT_EQ(table.clients(), 0U);
}

// Privacy took the client away; the table had room.
TEST(ClientTable, DoesNotRejectAClientlessRequest) {
  ClientTable table(ShownAtOnce(), kTableSecret);
  table.Add({{}, "", true}, 200, 0, kStart);
  EXPECT_EQ(table.rejections(), 0U);
}

TEST(ClientTable, IsExactForEveryClientWhereUnbounded) {
  ClientTable table(Unbounded({}), kTableSecret);
  std::vector<ShownSeries> expected;
  for (uint64_t client = 0; client < 30000; ++client) {
    for (uint64_t i = 0; i <= client % 3; ++i) table.Add(ClientNumber(client), 200, 0, kStart);
    expected.push_back({client, 200, client % 3 + 1, 0});
  }
  EXPECT_EQ(SeriesAt(table, kStart), expected);
}

}  // namespace
}  // namespace accesslog
