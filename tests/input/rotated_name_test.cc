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

TEST(IsRotationOf, KnowsNumbersDatesAndTimes) {
  for (const char* name :
       {"access.log.1", "access.log.12", "access.log.1.gz", "access.log.0", "access.log.old",
        "access.log-20231108", "access.log-20231108.gz", "access.log-2023-11-08_0300.gz",
        "access.log-20231108T030000Z.zst", "access.log_2023-11-08T03:00:00", "access.log.20231108",
        "access-20231108.log", "access-20231108.log.gz", "access-2023-11-08.log",
        "access_2023-11-08.log.bz2", "access.2023-11-08.log"}) {
    EXPECT_TRUE(IsRotationOf("access.log", name)) << name;
  }
}

TEST(IsRotationOf, KnowsThoseOfANameWithoutEnding) {
  EXPECT_TRUE(IsRotationOf("access_log", "access_log.1"));
  EXPECT_TRUE(IsRotationOf("access_log", "access_log-20231108.gz"));
  EXPECT_FALSE(IsRotationOf("access_log", "access_log2"));
}

// Read as rotations, the lines of a neighbour would be counted twice or for the wrong site.
TEST(IsRotationOf, LeavesOtherLogsAlone) {
  for (const char* name : {"access.log",
                           "access.log.gz",
                           "access.log.bak",
                           "access.log.swp",
                           "access.log~",
                           "access.log.1.tmp",
                           "access.log.",
                           "access.log-2",
                           "access.log-",
                           "access-2.log",
                           "access.2.log",
                           "access-ssl.log",
                           "access-ssl.log.1",
                           "other_access.log.1",
                           "error.log.1",
                           "access.logs.1",
                           "access",
                           "",
                           ".1",
                           "access.log.1.gz.part",
                           "access-20231108.txt"}) {
    EXPECT_FALSE(IsRotationOf("access.log", name)) << name;
  }
}

TEST(IsCompressedName, KnowsTheUsualEndings) {
  EXPECT_TRUE(IsCompressedName("access.log.2.gz"));
  EXPECT_TRUE(IsCompressedName("access.log.zst"));
  EXPECT_FALSE(IsCompressedName("access.log"));
  EXPECT_FALSE(IsCompressedName("gz"));
}

TEST(RotatedName, KnowsTheNamesThatRotationsMake) {
  for (const char* name :
       {"access.log.1", "access.log.12.gz", "access.log-20231108", "access.log-20231108.gz",
        "access.log-2023-11-08", "access.log_20231108T0300", "access-20231108.log", "access.log.old",
        "access.log-20231108-1700000000", "access.log.1700000000.gz"}) {
    EXPECT_TRUE(IsRotationOf("access.log", name)) << name;
  }
}

TEST(RotatedName, TakesNoOtherLogForARotation) {
  for (const char* name :
       {"access.log", "access.logx", "access.log-2", "access-2.log", "access.2.log", "error.log.1",
        "other_access.log.1", "access.log.gz", "access.log.1.swp", "access.log.bak.txt", "access",
        "access.log-json", "ssl_access.log"}) {
    EXPECT_FALSE(IsRotationOf("access.log", name)) << name;
  }
}

TEST(RotatedName, TellsWhichRotationWasBefore) {
  const auto older = [](const char* a, const char* b) { return IsOlderRotation("access.log", a, b); };
  EXPECT_TRUE(older("access.log.10.gz", "access.log.9"));
  EXPECT_FALSE(older("access.log.9", "access.log.10.gz"));
  EXPECT_FALSE(older("access.log.1", "access.log.1.gz"));
  EXPECT_TRUE(older("access.log-20231108", "access.log-20231109.gz"));
  EXPECT_FALSE(older("access.log-20231109", "access.log-20231108"));
  EXPECT_TRUE(older("access-20231108.log", "access-20231109.log"));
  EXPECT_FALSE(older("access.log.1", "access.log-20231109"));
  EXPECT_FALSE(older("access.log-20231108", "access.log-20231109-1700000000"));
  EXPECT_FALSE(older("access.log.old", "access.log.1"));
}

}  // namespace
}  // namespace accesslog
