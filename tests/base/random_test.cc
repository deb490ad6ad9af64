#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace accesslog {
namespace {

TEST(Random, IsAnotherEachTimeAndFillsAll) {
  std::set<std::array<uint8_t, 16>> seen;
  std::array<int, 16> nonzero{};
  for (int i = 0; i < 100; ++i) {
    std::array<uint8_t, 16> bytes{};
    FillRandom(bytes);
    seen.insert(bytes);
    for (size_t at = 0; at < bytes.size(); ++at) nonzero[at] += bytes[at] != 0 ? 1 : 0;
  }
  EXPECT_EQ(seen.size(), 100U);
  for (const int count : nonzero) EXPECT_GT(count, 50);
}

}  // namespace
}  // namespace accesslog
