#include "input/rotated_name.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(LiveNameOf, TakesNumbersAndDatesAway) {
  for (const char* rotated :
       {"/l/access.log.1", "/l/access.log.12.gz", "/l/access.log-20231108",
        "/l/access.log-20231108.xz", "/l/access-20231108.log", "/l/access-20231108.log.gz"}) {
    EXPECT_EQ(LiveNameOf(rotated), "/l/access.log") << rotated;
  }
}

TEST(LiveNameOf, LeavesLiveLogsAlone) {
  for (const char* live : {"access.log", "app-2.log", "app-2", "site1.log", "192.0.2.1.log", "1",
                           "/2", ".1", "other_vhosts_access.log", "access.log.bak"}) {
    EXPECT_EQ(LiveNameOf(live), std::nullopt) << live;
  }
}

TEST(IsCompressedName, KnowsTheUsualEndings) {
  EXPECT_TRUE(IsCompressedName("access.log.2.gz"));
  EXPECT_TRUE(IsCompressedName("access.log.zst"));
  EXPECT_FALSE(IsCompressedName("access.log"));
  EXPECT_FALSE(IsCompressedName("gz"));
}

}  // namespace
}  // namespace accesslog
