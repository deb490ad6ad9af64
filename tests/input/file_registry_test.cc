#include "input/file_registry.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

constexpr FileStatus kFile = {{1, 7}, 100};

TEST(FileRegistry, GivesAFileToOneHolder) {
  FileRegistry registry;
  EXPECT_TRUE(registry.Claim(kFile));
  EXPECT_FALSE(registry.Claim(kFile));
  EXPECT_TRUE(registry.IsTaken(kFile));
}

TEST(FileRegistry, TellsDevicesApart) {
  FileRegistry registry;
  EXPECT_TRUE(registry.Claim(kFile));
  EXPECT_TRUE(registry.Claim({{2, 7}, 100}));
}

TEST(FileRegistry, RemembersWhatWasReadToItsEnd) {
  FileRegistry registry;
  EXPECT_TRUE(registry.Claim(kFile));
  registry.Release(kFile);
  EXPECT_FALSE(registry.Claim(kFile));
}

TEST(FileRegistry, GivesAnInodeOfAnotherSizeToANewHolder) {
  FileRegistry registry;
  EXPECT_TRUE(registry.Claim(kFile));
  registry.Release(kFile);
  EXPECT_TRUE(registry.Claim({kFile.id, 12}));
}

TEST(FileRegistry, TakesAnEmptyFileForANewOne) {
  FileRegistry registry;
  EXPECT_TRUE(registry.Claim({kFile.id, 0}));
  registry.Release({kFile.id, 0});
  EXPECT_TRUE(registry.Claim({kFile.id, 0}));
}

}  // namespace
}  // namespace accesslog
