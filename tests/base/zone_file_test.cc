#include "base/zone_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace accesslog {
namespace {

std::string Berlin() {
  std::ifstream file("/usr/share/zoneinfo/Europe/Berlin", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ZoneFile, HoldsChangesAndTheRuleBehindThem) {
  const auto zone = ZoneFile::Parse(Berlin());
  ASSERT_TRUE(zone);
  EXPECT_EQ(zone->first_offset, 53 * 60 + 28);
  EXPECT_GT(zone->changes.size(), 50u);
  EXPECT_TRUE(zone->rule);
}

TEST(ZoneFile, IsRefusedWhenCut) {
  const std::string bytes = Berlin();
  for (size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_FALSE(ZoneFile::Parse(std::string_view(bytes).substr(0, length))) << length;
  }
}

TEST(ZoneFile, SurvivesDamage) {
  const std::string bytes = Berlin();
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x80);
    const auto zone = ZoneFile::Parse(damaged);
    if (!zone) continue;
    for (size_t i = 1; i < zone->changes.size(); ++i) {
      ASSERT_LT(zone->changes[i - 1].at, zone->changes[i].at) << at;
    }
  }
}

TEST(ZoneFile, OfVersionOneIsRefused) {
  std::string bytes = Berlin();
  bytes[4] = '\0';
  EXPECT_FALSE(ZoneFile::Parse(bytes));
}

}  // namespace
}  // namespace accesslog
