#include "traffic/traffic.h"

#include <gtest/gtest.h>

#include <set>

namespace accesslog {
namespace {

Record Request(Method method, uint16_t status) {
  Record record;
  record.method = method;
  record.status = status;
  return record;
}

Record RequestOfBytes(std::optional<uint64_t> bytes) {
  Record record;
  record.bytes = bytes;
  return record;
}

Record RequestOfDuration(std::optional<double> seconds) {
  Record record;
  record.duration = seconds;
  return record;
}

TEST(StatusSlot, IsAnotherForEachStatusAndInRange) {
  std::set<size_t> slots = {StatusSlot(kInvalidStatus)};
  for (uint16_t status = 100; status <= 599; ++status) {
    slots.insert(StatusSlot(status));
    EXPECT_EQ(StatusOfSlot(StatusSlot(status)), status);
  }
  EXPECT_EQ(slots.size(), kStatusSlots);
  EXPECT_LT(*slots.rbegin(), kStatusSlots);
}

TEST(StatusSlot, HasAPlaceForInvalid) {
  EXPECT_EQ(StatusSlot(kInvalidStatus), 0U);
  EXPECT_EQ(StatusOfSlot(0), kInvalidStatus);
}

TEST(Traffic, IsEmptyAtFirst) {
  const Traffic traffic;
  EXPECT_EQ(traffic.total(), 0U);
  EXPECT_EQ(traffic.response_bytes(), 0U);
  EXPECT_EQ(traffic.Requests(200), 0U);
}

TEST(Traffic, CountsByMethodAndStatus) {
  Traffic traffic;
  traffic.Add(Request(Method::kGet, 200));
  traffic.Add(Request(Method::kGet, 200));
  traffic.Add(Request(Method::kPost, 200));
  traffic.Add(Request(Method::kGet, 404));
  EXPECT_EQ(traffic.Requests(Method::kGet, 200), 2U);
  EXPECT_EQ(traffic.Requests(Method::kPost, 200), 1U);
  EXPECT_EQ(traffic.Requests(Method::kGet, 404), 1U);
  EXPECT_EQ(traffic.Requests(Method::kPost, 404), 0U);
}

TEST(Traffic, AddsUpOverMethods) {
  Traffic traffic;
  traffic.Add(Request(Method::kGet, 403));
  traffic.Add(Request(Method::kOther, 403));
  traffic.Add(Request(Method::kGet, 401));
  EXPECT_EQ(traffic.Requests(403), 2U);
  EXPECT_EQ(traffic.total(), 3U);
}

TEST(Traffic, CountsTheEndsOfTheStatusRange) {
  Traffic traffic;
  for (const uint16_t status : {kInvalidStatus, uint16_t{100}, uint16_t{599}}) {
    traffic.Add(Request(Method::kOther, status));
    EXPECT_EQ(traffic.Requests(Method::kOther, status), 1U) << status;
  }
  EXPECT_EQ(traffic.total(), 3U);
}

TEST(Traffic, AddsUpBytesWhereTheyAreKnown) {
  Traffic traffic;
  traffic.Add(RequestOfBytes(1000));
  traffic.Add(RequestOfBytes(std::nullopt));
  traffic.Add(RequestOfBytes(24));
  EXPECT_EQ(traffic.response_bytes(), 1024U);
}

TEST(Traffic, ObservesDurationsWhereTheyAreKnown) {
  Traffic traffic;
  traffic.Add(RequestOfDuration(0.3));
  traffic.Add(RequestOfDuration(std::nullopt));
  EXPECT_EQ(traffic.durations().count(), 1U);
  EXPECT_EQ(traffic.durations().sum(), 0.3);
}

}  // namespace
}  // namespace accesslog
