#include "daily/day_record.h"

#include <gtest/gtest.h>

#include <array>

#include "daily/ledger_site.h"

namespace accesslog {
namespace {

using Counts = std::array<ClientTable::StatusCount, 1>;

TEST(DayRecord, SumsByStatus) {
  const CountByStatus counts = {{0, 1}, {200, 2}, {399, 4}, {400, 8}, {599, 16}};
  EXPECT_EQ(SumOf(counts), 31u);
  EXPECT_EQ(ErrorsOf(counts), 24u);
}

TEST(DayRecord, AddsWhatAClientDid) {
  DayRecord record;
  EXPECT_TRUE(record.IsEmpty());
  record.Add(ClientOf(1).key, "", Counts{{{200, 2}}});
  record.Add(ClientOf(1).key, "", Counts{{{200, 3}}});
  ASSERT_EQ(record.rows.size(), 1u);
  EXPECT_EQ(record.rows.begin()->second.counts, (CountByStatus{{200, 5}}));
}

TEST(DayRecord, CutsToTheLargestAndTheWorst) {
  DayRecord record;
  for (uint32_t i = 0; i < 10; ++i) record.Add(ClientOf(i).key, "", Counts{{{200, 10 - i}}});
  record.Add(ClientOf(9).key, "", Counts{{{404, 1}}});
  record.CutTo(2);
  EXPECT_EQ(record.dropped_rows, 7u);
  ASSERT_EQ(record.rows.size(), 3u);
  EXPECT_TRUE(record.rows.contains(ClientOf(0).key));
  EXPECT_TRUE(record.rows.contains(ClientOf(1).key));
  EXPECT_TRUE(record.rows.contains(ClientOf(9).key));
}

TEST(DayRecord, IsSavedAndLoaded) {
  DayRecord record;
  record.requests = {{0, 1}, {200, 1000}, {599, 2}};
  record.response_bytes = 123456789;
  record.Add(ClientOf(1).key, "", Counts{{{200, 2}}});
  record.Add(KeyOfHostName("host.example"), "host.example", Counts{{{404, 2}}});
  record.dropped_rows = 7;
  record.logins.successes = 3;
  record.logins.AddMember(77);
  record.logins.AddNewcomer("192.0.2.9");
  ByteWriter writer;
  record.Save(writer);
  ByteReader reader(writer.bytes());
  DayRecord loaded;
  ASSERT_TRUE(loaded.Load(reader) && reader.IsDone());
  EXPECT_EQ(loaded, record);
}

}  // namespace
}  // namespace accesslog
