// Two processes and one state file.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "state/snapshots.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

class StateStoreLock : public testing::Test {
 protected:
  const TempDirectory directory_;
  const std::string file_ = directory_.PathOf("state.db");

  // A child that has the file open until it is killed.
  pid_t StartOwner() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = StartChild([&] {
      const auto opened = StateStore::Open(file_);
      char sign = opened && opened->store->Write(NumberedSnapshot(5)) ? 'y' : 'n';
      while (::write(ends[1], &sign, 1) == 1) ::pause();
    });
    char sign = 0;
    EXPECT_EQ(::read(ends[0], &sign, 1), 1);
    EXPECT_EQ(sign, 'y');
    ::close(ends[0]);
    ::close(ends[1]);
    return child;
  }
};

TEST_F(StateStoreLock, RefusesTheSecondByAnyNameAndSaysWhoTheFirstIs) {
  const OpenedState opened = OpenGood(file_);
  fs::create_symlink("state.db", directory_.PathOf("link.db"));
  for (const std::string& name : {file_, directory_.PathOf("link.db"), fs::relative(file_).string(),
                                  directory_.path() + "/./state.db"}) {
    EXPECT_EQ(InChild([&] {
                const auto second = StateStore::Open(name);
                if (second) return 1;
                const std::string& said = second.error().message;
                const std::string pid = "(pid " + std::to_string(::getppid()) + ")";
                return said.find(pid) == std::string::npos ? 2 : 0;
              }),
              0)
        << name;
  }
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(1)), "");
}

TEST_F(StateStoreLock, IsFreedByKill) {
  const pid_t owner = StartOwner();
  EXPECT_FALSE(StateStore::Open(file_));
  KillChild(owner);
  EXPECT_EQ(NumberOf(OpenGood(file_).snapshot), 5U);
}

TEST_F(StateStoreLock, LetsAReaderIn) {
  const pid_t owner = StartOwner();
  const auto read = StateStore::Read(file_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(NumberOf(*read), 5U);
  KillChild(owner);
  EXPECT_EQ(NumberOf(OpenGood(file_).snapshot), 5U);
}

TEST_F(StateStoreLock, RefusesWhatAnotherProgramHasLocked) {
  WriteState(file_, NumberedSnapshot(1));
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t other = StartChild([&] {
    Database database(file_, Database::Access::kReadWrite);
    database.Execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
    char sign = 'y';
    while (::write(ends[1], &sign, 1) == 1) ::pause();
  });
  char sign = 0;
  ASSERT_EQ(::read(ends[0], &sign, 1), 1);
  const auto opened = StateStore::Open(file_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "the state file " + file_ +
                                        " is locked by another program; end "
                                        "that one, or name another file");
  KillChild(other);
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_EQ(NumberOf(OpenGood(file_).snapshot), 1U);
}

}  // namespace
}  // namespace accesslog
