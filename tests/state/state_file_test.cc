#include "state/state_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/manual_clock.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

unsigned ModeOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777U;
}

TEST(PrepareStateFile, MakesTheFileForItsOwnerAndGroupOnly) {
  const TempDirectory directory;
  const std::string file = directory.PathOf("new/state.db");
  ASSERT_TRUE(PrepareStateFile(file));
  EXPECT_EQ(ModeOf(file) & 0137U, 0U);
  EXPECT_EQ(ModeOf(directory.PathOf("new")) & 0027U, 0U);
  EXPECT_EQ(PrepareStateFile(file)->size, 0U);
}

TEST(PrepareStateFile, MakesOneDirectoryAndNoMore) {
  const TempDirectory directory;
  const auto made = PrepareStateFile(directory.PathOf("a/b/state.db"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message,
            "cannot make the directory " + directory.PathOf("a/b") + ": No such file or directory");
}

TEST(PrepareStateFile, TakesOnlyARegularFile) {
  const TempDirectory directory;
  EXPECT_EQ(PrepareStateFile(directory.path()).error().message,
            directory.path() + " is not a regular file");
  EXPECT_EQ(PrepareStateFile("/dev/null").error().message, "/dev/null is not a regular file");
}

TEST(ResolveStatePath, FollowsLinksAlsoToWhatIsNotYetThere) {
  const TempDirectory directory;
  const std::string real = fs::canonical(directory.path()).string();
  fs::create_directory(directory.PathOf("data"));
  fs::create_symlink("data/state.db", directory.PathOf("link"));
  fs::create_symlink("data", directory.PathOf("here"));
  EXPECT_EQ(ResolveStatePath(directory.PathOf("link")), real + "/data/state.db");
  EXPECT_EQ(ResolveStatePath(directory.PathOf("here/../here/x")), real + "/data/x");
  EXPECT_EQ(ResolveStatePath("x.db"), (fs::canonical(fs::current_path()) / "x.db").string());
  fs::create_symlink("loop", directory.PathOf("loop"));
  ResolveStatePath(directory.PathOf("loop"));  // ends
}

TEST(SetStateFileAside, MovesAllThatBelongsTogether) {
  const TempDirectory directory;
  const std::string file = directory.Write("state.db", "1");
  directory.Write("state.db-wal", "2");
  const auto target = SetStateFileAside(file, ManualClock::kStart);
  ASSERT_TRUE(target);
  EXPECT_EQ(*target, file + ".damaged-20260302T100000Z");
  EXPECT_EQ(ReadFile(*target), "1");
  EXPECT_EQ(ReadFile(*target + "-wal"), "2");
  EXPECT_FALSE(fs::exists(file));
  EXPECT_FALSE(fs::exists(file + "-wal"));
}

TEST(SetStateFileAside, KeepsTenAndReplacesNone) {
  const TempDirectory directory;
  for (int i = 0; i < kMostSetAside; ++i) {
    const std::string file = directory.Write("state.db", std::to_string(i));
    directory.Write("state.db-wal", "");
    ASSERT_TRUE(SetStateFileAside(file, ManualClock::kStart));
  }
  const std::string file = directory.Write("state.db", "last");
  const auto target = SetStateFileAside(file, ManualClock::kStart);
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().message,
            "there are 10 files " + file + ".damaged-* already; look at the disk, and remove them");
  EXPECT_EQ(ReadFile(file), "last");
  EXPECT_EQ(ReadFile(file + ".damaged-20260302T100000Z.10"), "9");
}

}  // namespace
}  // namespace accesslog
