#include "state/checksum.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace accesslog {
namespace {

uint64_t Sum(std::string_view text) { return Checksum().Add(text).sum(); }

// It is part of the file's format; the numbers are another program's.
TEST(Checksum, NeverChanges) {
  EXPECT_EQ(Sum(""), 0U);
  EXPECT_EQ(Sum("a"), 6115960055997123449U);
  EXPECT_EQ(Checksum().Add("accesslog").Add(uint64_t{7}).sum(), 13903594407288063785U);
}

TEST(Checksum, SeesEveryFlippedBit) {
  std::string text = "0123456789 and some more";
  std::set<uint64_t> sums = {Sum(text)};
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    sums.insert(Sum(flipped));
  }
  EXPECT_EQ(sums.size(), text.size() * 8 + 1);
}

TEST(Checksum, SeesWhereOneTextEnds) {
  EXPECT_NE(Checksum().Add("ab").Add("c").sum(), Checksum().Add("a").Add("bc").sum());
  EXPECT_NE(Sum(std::string(8, '\0')), Sum(std::string(9, '\0')));
  EXPECT_NE(Sum(std::string(1, '\0')), Sum(""));
}

}  // namespace
}  // namespace accesslog
