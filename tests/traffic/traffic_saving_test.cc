// Totals that were saved and loaded are the same; damaged bytes are noticed or keep the sums.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <random>

#include "traffic/traffic.h"

namespace accesslog {
namespace {

std::string Saved(const Traffic& traffic) {
  ByteWriter writer;
  traffic.Save(writer);
  return writer.Take();
}

// Null if the bytes are damaged.
std::unique_ptr<Traffic> Loaded(std::string_view bytes) {
  auto traffic = std::make_unique<Traffic>();
  ByteReader reader(bytes);
  if (!traffic->Load(reader) || !reader.IsDone()) return nullptr;
  return traffic;
}

Record RandomRecord(std::mt19937& random) {
  Record record;
  record.method = static_cast<Method>(random() % kMethodCount);
  record.status = StatusOfSlot(random() % kStatusSlots);
  if (random() % 2 == 0) record.bytes = random();
  if (random() % 2 == 0) record.duration = static_cast<double>(random() % 100000) / 1000;
  return record;
}

std::unique_ptr<Traffic> AfterRequests(int count, uint32_t seed = 1) {
  std::mt19937 random(seed);
  auto traffic = std::make_unique<Traffic>();
  for (int i = 0; i < count; ++i) traffic->Add(RandomRecord(random));
  return traffic;
}

void ExpectEqual(const Traffic& a, const Traffic& b) {
  EXPECT_EQ(a.total(), b.total());
  EXPECT_EQ(a.response_bytes(), b.response_bytes());
  for (size_t method = 0; method < kMethodCount; ++method) {
    for (size_t slot = 0; slot < kStatusSlots; ++slot) {
      const uint16_t status = StatusOfSlot(slot);
      ASSERT_EQ(a.Requests(static_cast<Method>(method), status),
                b.Requests(static_cast<Method>(method), status));
    }
  }
  EXPECT_EQ(a.durations().count(), b.durations().count());
  EXPECT_EQ(a.durations().sum(), b.durations().sum());
  for (size_t i = 0; i < kDurationBounds.size(); ++i) {
    EXPECT_EQ(a.durations().Cumulative(i), b.durations().Cumulative(i));
  }
}

uint64_t SumOf(const Traffic& traffic) {
  uint64_t sum = 0;
  for (size_t slot = 0; slot < kStatusSlots; ++slot) sum += traffic.Requests(StatusOfSlot(slot));
  return sum;
}

TEST(SavedTraffic, IsTheSame) {
  for (const int requests : {0, 1, 10, 1000, 20000}) {
    const auto traffic = AfterRequests(requests);
    const std::string bytes = Saved(*traffic);
    const auto loaded = Loaded(bytes);
    ASSERT_NE(loaded, nullptr);
    ExpectEqual(*loaded, *traffic);
    EXPECT_EQ(Saved(*loaded), bytes);
  }
}

TEST(SavedTraffic, GoesOn) {
  const auto traffic = AfterRequests(500);
  const auto loaded = Loaded(Saved(*traffic));
  ASSERT_NE(loaded, nullptr);
  std::mt19937 random(9);
  for (int i = 0; i < 500; ++i) {
    const Record record = RandomRecord(random);
    traffic->Add(record);
    loaded->Add(record);
  }
  ExpectEqual(*loaded, *traffic);
}

// A site that is idle costs few bytes, however many statuses and methods there could be.
TEST(SavedTraffic, IsSmallWhereLittleWasSeen) { EXPECT_LT(Saved(Traffic()).size(), 150U); }

TEST(SavedTraffic, KeepsBytesThatWentRound) {
  Traffic traffic;
  Record record;
  record.bytes = std::numeric_limits<uint64_t>::max();
  traffic.Add(record);
  const auto loaded = Loaded(Saved(traffic));
  ASSERT_NE(loaded, nullptr);
  EXPECT_EQ(loaded->response_bytes(), traffic.response_bytes());
}

TEST(DamagedTraffic, IsNoticedWhereTheEndIsMissing) {
  const std::string bytes = Saved(*AfterRequests(50));
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(Loaded(bytes.substr(0, size)), nullptr) << size;
  }
  EXPECT_EQ(Loaded(bytes + 'x'), nullptr);
}

TEST(DamagedTraffic, KeepsTheSums) {
  const std::string bytes = Saved(*AfterRequests(50));
  std::mt19937 random(11);
  for (int i = 0; i < 10000; ++i) {
    std::string damaged = bytes;
    for (uint64_t flips = random() % 3; flips <= 2; ++flips) {
      char& byte = damaged[random() % damaged.size()];
      byte = static_cast<char>(static_cast<uint8_t>(byte) ^ 1U << random() % 8);
    }
    const auto traffic = Loaded(damaged);
    if (!traffic) continue;
    traffic->Add(RandomRecord(random));
    ASSERT_EQ(SumOf(*traffic), traffic->total());
    ASSERT_LE(traffic->durations().Cumulative(kDurationBounds.size() - 1),
              traffic->durations().count());
  }
}

// Of which it makes no sense, or so large that a sum would overflow.
std::string WithRequests(uint64_t first, uint64_t second) {
  ByteWriter writer;
  writer.Number(1);
  writer.Number(0);
  DurationHistogram().Save(writer);
  writer.Number(2);
  for (const uint64_t count : {first, second}) {
    writer.Text(count == first ? "GET" : "POST");
    writer.Number(102);
    writer.Number(count);
    writer.Number(0);
  }
  return writer.Take();
}

TEST(DamagedTraffic, IsNoticedBeforeASumOverflows) {
  constexpr uint64_t kHalf = uint64_t{1} << 61U;
  EXPECT_NE(Loaded(WithRequests(1, 2)), nullptr);
  EXPECT_NE(Loaded(WithRequests(kHalf, kHalf - 1)), nullptr);
  EXPECT_EQ(Loaded(WithRequests(kHalf, kHalf + 1)), nullptr);
  EXPECT_EQ(Loaded(WithRequests(1, std::numeric_limits<uint64_t>::max())), nullptr);
}

// It would be exposed for ever, whatever is added to it.
TEST(DamagedTraffic, IsNoticedWhereTheSumOfDurationsIsNoNumber) {
  for (const double sum :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -1.0}) {
    ByteWriter writer;
    writer.Number(1);
    writer.Number(0);
    for (size_t i = 0; i <= kDurationBounds.size(); ++i) writer.Number(1);
    writer.Fraction(sum);
    writer.Number(0);
    EXPECT_EQ(Loaded(writer.bytes()), nullptr) << sum;
  }
}

}  // namespace
}  // namespace accesslog
