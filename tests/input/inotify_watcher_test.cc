// Against the real kernel, with waits that are bounded and end early where all is well.
#include "input/inotify_watcher.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "support/temp_directory.h"

namespace accesslog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::IsEmpty;

MATCHER_P2(ChangeOf, directory, name, "") { return arg.directory == directory && arg.name == name; }

class InotifyWatcherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    watcher_ = InotifyWatcher::Create();
    ASSERT_NE(watcher_, nullptr);
    ASSERT_TRUE(watcher_->Watch(directory_.path()));
  }

  std::vector<FileChange> Wait(Duration timeout = seconds{5}, int wake_fd = -1) {
    return watcher_->Wait(timeout, wake_fd, overflowed_);
  }

  TempDirectory directory_;
  std::unique_ptr<InotifyWatcher> watcher_;
  bool overflowed_ = false;
};

TEST_F(InotifyWatcherTest, SeesANewFile) {
  directory_.Write("access.log", "");
  EXPECT_THAT(Wait(), Contains(ChangeOf(directory_.path(), "access.log")));
}

TEST_F(InotifyWatcherTest, SeesAnAppend) {
  directory_.Write("access.log", "");
  Wait();
  directory_.Append("access.log", "a\n");
  EXPECT_THAT(Wait(), Contains(ChangeOf(directory_.path(), "access.log")));
}

TEST_F(InotifyWatcherTest, SeesARenameUnderBothNames) {
  directory_.Write("access.log", "");
  Wait();
  std::filesystem::rename(directory_.PathOf("access.log"), directory_.PathOf("access.log.1"));
  const auto changes = Wait();
  EXPECT_THAT(changes, Contains(ChangeOf(directory_.path(), "access.log")));
  EXPECT_THAT(changes, Contains(ChangeOf(directory_.path(), "access.log.1")));
}

TEST_F(InotifyWatcherTest, SeesADeletion) {
  directory_.Write("access.log", "");
  Wait();
  std::filesystem::remove(directory_.PathOf("access.log"));
  EXPECT_THAT(Wait(), Contains(ChangeOf(directory_.path(), "access.log")));
}

TEST_F(InotifyWatcherTest, SeesPermissionsChange) {
  directory_.Write("access.log", "");
  Wait();
  std::filesystem::permissions(directory_.PathOf("access.log"), std::filesystem::perms::none);
  EXPECT_THAT(Wait(), Contains(ChangeOf(directory_.path(), "access.log")));
}

TEST_F(InotifyWatcherTest, TellsDirectoriesApart) {
  const TempDirectory other;
  ASSERT_TRUE(watcher_->Watch(other.path()));
  other.Write("access.log", "");
  EXPECT_THAT(Wait(), Contains(ChangeOf(other.path(), "access.log")));
}

TEST_F(InotifyWatcherTest, ReportsManyWritesOfOneFileOnce) {
  directory_.Write("access.log", "");
  Wait();
  for (int i = 0; i < 100; ++i) directory_.Append("access.log", "a\n");
  EXPECT_EQ(Wait().size(), 1U);
}

TEST_F(InotifyWatcherTest, ComesBackWhenTimeIsOver) {
  EXPECT_THAT(Wait(milliseconds{1}), IsEmpty());
  EXPECT_FALSE(overflowed_);
}

TEST_F(InotifyWatcherTest, ComesBackWhenWoken) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  ASSERT_EQ(::write(pipe[1], "x", 1), 1);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(Wait(seconds{30}, pipe[0]), IsEmpty());
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds{10});
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_F(InotifyWatcherTest, CannotWatchWhatIsNotThere) {
  EXPECT_FALSE(watcher_->Watch(directory_.PathOf("missing")));
}

TEST_F(InotifyWatcherTest, CannotWatchAFileAsADirectory) {
  EXPECT_FALSE(watcher_->Watch(directory_.Write("access.log", "")));
}

TEST_F(InotifyWatcherTest, WatchesADirectoryThatWasReplaced) {
  const std::string path = directory_.PathOf("logs");
  std::filesystem::create_directory(path);
  ASSERT_TRUE(watcher_->Watch(path));
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  Wait();
  ASSERT_TRUE(watcher_->Watch(path));
  directory_.Write("logs/access.log", "");
  EXPECT_THAT(Wait(), Contains(ChangeOf(path, "access.log")));
}

TEST_F(InotifyWatcherTest, SaysWhenChangesWereMissed) {
  std::ifstream file("/proc/sys/fs/inotify/max_queued_events");
  int queue = 0;
  if (!(file >> queue) || queue > 50000) GTEST_SKIP() << "the kernel's queue is too long to fill";
  const std::string path = directory_.PathOf("access.log");
  // Creating and removing are two events; the kernel would fold equal neighbours.
  for (int i = 0; i < queue / 2 + 10; ++i) {
    directory_.Write("access.log", "");
    std::filesystem::remove(path);
  }
  Wait();
  EXPECT_TRUE(overflowed_);
}

}  // namespace
}  // namespace accesslog
