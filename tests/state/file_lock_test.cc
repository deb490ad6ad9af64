#include "state/file_lock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "support/temp_directory.h"

namespace accesslog {
namespace {

TEST(FileLock, RefusesASecondOwnerAndNamesTheFirst) {
  const TempDirectory directory;
  const std::string file = directory.PathOf("state.db");
  FileLock first(file);
  ASSERT_TRUE(first.Take());
  ASSERT_TRUE(first.Take());  // has it already
  FileLock second(file);
  const auto refused = second.Take();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "the state file " + file + " is in use by another process (pid " +
                std::to_string(::getpid()) + "); end that one, or name another file");
}

TEST(FileLock, IsFreeWhenItsOwnerEnds) {
  const TempDirectory directory;
  const std::string file = directory.PathOf("state.db");
  { ASSERT_TRUE(FileLock(file).Take()); }
  EXPECT_TRUE(FileLock(file).Take());
}

TEST(FileLock, DoesWithoutWhereItCannotBeMade) {
  const TempDirectory directory;
  EXPECT_TRUE(FileLock(directory.PathOf("missing/state.db")).Take());
  std::filesystem::create_directory(directory.PathOf("state.db.lock"));
  EXPECT_TRUE(FileLock(directory.PathOf("state.db")).Take());
}

TEST(FileLock, SaysNoPidThatIsNone) {
  const TempDirectory directory;
  const std::string file = directory.PathOf("state.db");
  FileLock first(file);
  ASSERT_TRUE(first.Take());
  directory.Write("state.db.lock", "garbage");
  EXPECT_EQ(FileLock(file).Take().error().message,
            "the state file " + file +
                " is in use by another process; end that one, or name "
                "another file");
}

}  // namespace
}  // namespace accesslog
