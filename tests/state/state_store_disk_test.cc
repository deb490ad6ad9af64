// A disk that is full, read-only or not there costs durability and nothing else.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "state/snapshots.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

// A file system of its own, where the machine permits one.
class SmallDisk {
 public:
  SmallDisk() : is_there_(::mount("tmpfs", path().c_str(), "tmpfs", 0, "size=256k") == 0) {}
  ~SmallDisk() {
    if (is_there_) ::umount2(path().c_str(), MNT_DETACH);
  }
  bool is_there() const { return is_there_; }
  const std::string& path() const { return directory_.path(); }
  std::string PathOf(const std::string& name) const { return directory_.PathOf(name); }
  bool Remount(unsigned long flags) const {
    return ::mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT | flags, "size=256k") == 0;
  }

 private:
  const TempDirectory directory_;
  const bool is_there_;
};

constexpr size_t kTooMuch = 400000;

TEST(StateStoreDisk, MayBeFullForAWhile) {
  const SmallDisk disk;
  if (!disk.is_there()) GTEST_SKIP() << "this machine permits no tmpfs";
  const std::string file = disk.PathOf("state.db");
  const OpenedState opened = OpenGood(file);
  ASSERT_EQ(WriteError(*opened.store, NumberedSnapshot(1)), "");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(2, kTooMuch)),
              "cannot write the state file " + file + ": database or disk is full");
    EXPECT_EQ(NumberOf(*StateStore::Read(file)), 1U);
  }
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(3)), "");
  EXPECT_EQ(NumberOf(*StateStore::Read(file)), 3U);
  EXPECT_EQ(opened.store->TakeNotice(), "");
}

TEST(StateStoreDisk, MayBeFullFromTheBeginning) {
  const SmallDisk disk;
  if (!disk.is_there()) GTEST_SKIP() << "this machine permits no tmpfs";
  const std::string file = disk.PathOf("state.db");
  const int status =
      std::system(("cat /dev/zero > " + disk.PathOf("fill") + " 2>/dev/null").c_str());
  EXPECT_NE(status, 0);
  const OpenedState opened = OpenGood(file);
  EXPECT_TRUE(opened.notice.starts_with("no state is kept for now: ")) << opened.notice;
  EXPECT_NE(WriteError(*opened.store, NumberedSnapshot(1)), "");
  fs::remove(disk.PathOf("fill"));
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(2)), "");
  EXPECT_EQ(NumberOf(*StateStore::Read(file)), 2U);
}

TEST(StateStoreDisk, MayBeReadOnlyAndIsStillRead) {
  const SmallDisk disk;
  if (!disk.is_there()) GTEST_SKIP() << "this machine permits no tmpfs";
  const std::string file = disk.PathOf("a %3f?.db");
  WriteState(file, NumberedSnapshot(1));
  ASSERT_TRUE(disk.Remount(MS_RDONLY));
  const OpenedState opened = OpenGood(file);
  EXPECT_TRUE(opened.notice.starts_with("no state is kept for now: ")) << opened.notice;
  EXPECT_FALSE(opened.set_aside);
  EXPECT_EQ(NumberOf(opened.snapshot), 1U);
  EXPECT_EQ(NumberOf(*StateStore::Read(file)), 1U);
  EXPECT_NE(WriteError(*opened.store, NumberedSnapshot(2)), "");
  ASSERT_TRUE(disk.Remount(0));
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(3)), "");
  EXPECT_EQ(opened.store->TakeNotice(), "");
  EXPECT_EQ(NumberOf(*StateStore::Read(file)), 3U);
}

TEST(StateStoreDisk, MayBeReadOnlyUnderADamagedFile) {
  const SmallDisk disk;
  if (!disk.is_there()) GTEST_SKIP() << "this machine permits no tmpfs";
  const std::string file = disk.PathOf("state.db");
  WriteState(file, NumberedSnapshot(1));
  fs::resize_file(file, 5000);
  ASSERT_TRUE(disk.Remount(MS_RDONLY));
  // Damaged, and cannot be put aside.
  const OpenedState opened = OpenGood(file);
  EXPECT_EQ(opened.snapshot, Snapshot{});
  EXPECT_NE(opened.notice, "");
  EXPECT_NE(WriteError(*opened.store, NumberedSnapshot(2)), "");
  ASSERT_TRUE(disk.Remount(0));
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(3)), "");
  EXPECT_NE(opened.store->TakeNotice(), "");
  EXPECT_EQ(NumberOf(*StateStore::Read(file)), 3U);
}

// A bound on the size of files takes the place of a full disk where there may be no tmpfs.
TEST(StateStoreDisk, MayRefuseToLetAFileGrow) {
  const TempDirectory directory;
  const std::string file = directory.PathOf("state.db");
  EXPECT_EQ(InChild([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              const OpenedState opened = OpenGood(file);
              if (!opened.store->Write(NumberedSnapshot(1))) return 1;
              rlimit limit{};
              if (::getrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
              const rlimit small{60000, limit.rlim_max};
              if (::setrlimit(RLIMIT_FSIZE, &small) != 0) return 3;
              for (int i = 0; i < 3; ++i) {
                if (opened.store->Write(NumberedSnapshot(2, kTooMuch))) return 4;
              }
              if (!opened.store->Write(NumberedSnapshot(3))) return 5;
              if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 6;
              return opened.store->Write(NumberedSnapshot(4, kTooMuch)) ? 0 : 7;
            }),
            0);
  EXPECT_EQ(NumberOf(OpenGood(file).snapshot, kTooMuch), 4U);
}

TEST(StateStoreDisk, MayNotBeThereYet) {
  const TempDirectory directory;
  const std::string file = directory.PathOf("a/b/state.db");
  const OpenedState opened = OpenGood(file);
  EXPECT_EQ(opened.notice, "no state is kept for now: cannot write the state file " + file +
                               ": cannot make the directory " + directory.PathOf("a/b") +
                               ": No such file or directory");
  EXPECT_NE(WriteError(*opened.store, NumberedSnapshot(1)), "");
  fs::create_directory(directory.PathOf("a"));
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(2)), "");
  EXPECT_EQ(NumberOf(*StateStore::Read(file)), 2U);
  EXPECT_EQ(InChild([&] { return StateStore::Open(file).ok() ? 1 : 0; }), 0);
}

TEST(StateStoreDisk, DirectoryInTheFilesPlaceIsSaidAndLeft) {
  const TempDirectory directory;
  const OpenedState opened = OpenGood(directory.path());
  EXPECT_NE(opened.notice.find("is not a regular file"), std::string::npos) << opened.notice;
  EXPECT_NE(WriteError(*opened.store, NumberedSnapshot(1)), "");
  EXPECT_TRUE(fs::is_directory(directory.path()));
}

TEST(StateStoreDisk, MayForbid) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everything";
  const TempDirectory directory;
  const std::string file = directory.PathOf("state.db");
  WriteState(file, NumberedSnapshot(1));
  ASSERT_EQ(::chmod(directory.path().c_str(), 0500), 0);
  const OpenedState opened = OpenGood(file);
  EXPECT_EQ(NumberOf(opened.snapshot), 1U);
  EXPECT_NE(WriteError(*opened.store, NumberedSnapshot(2)), "");
  ASSERT_EQ(::chmod(directory.path().c_str(), 0700), 0);
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(3)), "");
}

}  // namespace
}  // namespace accesslog
