#include "record/record.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace accesslog {
namespace {

TEST(Record, SaysNothingByDefault) {
  const Record record;
  EXPECT_EQ(record.client, "");
  EXPECT_EQ(record.address, std::nullopt);
  EXPECT_EQ(record.hops, nullptr);
  EXPECT_FALSE(record.unnamed);
  EXPECT_EQ(record.request, "");
  EXPECT_EQ(record.time, std::nullopt);
  EXPECT_EQ(record.bytes, std::nullopt);
  EXPECT_EQ(record.duration, std::nullopt);
  EXPECT_EQ(record.status, kInvalidStatus);
  EXPECT_EQ(record.method, Method::kOther);
}

TEST(Record, OwnsNothing) { EXPECT_TRUE(std::is_trivially_copyable_v<Record>); }

}  // namespace
}  // namespace accesslog
