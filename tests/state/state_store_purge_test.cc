// What must be on the disk no more is there no more: not in the file, not in SQLite's log beside it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "state/snapshots.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

class StateStorePurge : public testing::Test {
 protected:
  // Whether the bytes stand in any file of the directory.
  bool IsOnDisk(const std::string& bytes) const {
    for (const auto& entry : fs::directory_iterator(fs::path(file_).parent_path())) {
      std::ifstream stream(entry.path(), std::ios::binary);
      const std::string content(std::istreambuf_iterator<char>(stream), {});
      if (content.find(bytes) != std::string::npos) return true;
    }
    return false;
  }

  static std::string Secret(uint32_t seed) {
    std::mt19937 random(seed);
    std::string bytes(16, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    return bytes;
  }

  // As a site with a key beside parts that grow and shrink.
  static Snapshot With(const std::string& key, uint32_t number) {
    Snapshot snapshot;
    snapshot.taken = ManualClock::kStart + std::chrono::seconds{number};
    snapshot.parts[{"shop", "key", ""}] = key;
    for (uint32_t i = 0; i < 20; ++i) {
      std::mt19937 random(i + 1000 * number);
      std::string bytes(random() % 20000, '\0');
      for (char& byte : bytes) byte = static_cast<char>(random());
      // In the midst of large parts, too.
      if (i == 7) bytes.insert(bytes.size() / 2, key);
      snapshot.parts[{"shop", "part" + std::to_string(i), ""}] = bytes;
    }
    return snapshot;
  }

  const TempDirectory directory_;
  const std::string file_ = directory_.PathOf("state.db");
};

TEST_F(StateStorePurge, LeavesNothingOfAnOldKey) {
  OpenedState opened = OpenGood(file_);
  for (uint32_t key = 1; key <= 10; ++key) {
    for (uint32_t write = 0; write < 5; ++write) {
      Snapshot snapshot = With(Secret(key), 10 * key + write);
      snapshot.purge = write == 0;
      ASSERT_EQ(WriteError(*opened.store, snapshot), "");
      for (uint32_t old = 1; old < key; ++old) EXPECT_FALSE(IsOnDisk(Secret(old))) << old;
      EXPECT_TRUE(IsOnDisk(Secret(key)));
    }
  }
  opened.store.reset();
  EXPECT_EQ(OpenGood(file_).snapshot, With(Secret(10), 104));
}

// Otherwise the test above would pass without a purge.
TEST_F(StateStorePurge, IsNeeded) {
  OpenedState opened = OpenGood(file_);
  ASSERT_EQ(WriteError(*opened.store, With(Secret(1), 1)), "");
  ASSERT_EQ(WriteError(*opened.store, With(Secret(2), 2)), "");
  EXPECT_TRUE(IsOnDisk(Secret(1)));
}

TEST_F(StateStorePurge, RemovesSitesThatAreNotNamed) {
  OpenedState opened = OpenGood(file_);
  Snapshot before = With(Secret(1), 1);
  before.parts[{"old", "clients", ""}] = Secret(7);
  ASSERT_EQ(WriteError(*opened.store, before), "");
  Snapshot after = With(Secret(1), 2);
  ASSERT_EQ(WriteError(*opened.store, after), "");
  EXPECT_TRUE(IsOnDisk(Secret(7)));
  after.purge = true;
  ASSERT_EQ(WriteError(*opened.store, after), "");
  EXPECT_FALSE(IsOnDisk(Secret(7)));
}

// A file that got smaller is still the same one to its writer.
TEST_F(StateStorePurge, MayMakeTheFileSmaller) {
  OpenedState opened = OpenGood(file_);
  Snapshot large = With(Secret(1), 1);
  large.parts[{"shop", "large", ""}] = std::string(1000000, 'x');
  ASSERT_EQ(WriteError(*opened.store, large), "");
  Snapshot small = With(Secret(1), 2);
  small.purge = true;
  ASSERT_EQ(WriteError(*opened.store, small), "");
  EXPECT_LT(fs::file_size(file_), 500000U);
  for (uint32_t i = 3; i < 6; ++i) ASSERT_EQ(WriteError(*opened.store, With(Secret(1), i)), "");
  EXPECT_EQ(opened.store->TakeNotice(), "");
  opened.store.reset();
  EXPECT_EQ(OpenGood(file_).snapshot, With(Secret(1), 5));
}

// A reader holds the log; then it is tried again with the next snapshot, whatever that asks for.
TEST_F(StateStorePurge, IsMadeUpForBehindAReader) {
  OpenedState opened = OpenGood(file_);
  ASSERT_EQ(WriteError(*opened.store, With(Secret(1), 1)), "");
  {
    Database reader(file_, Database::Access::kReadOnly);
    ASSERT_TRUE(reader.Execute("BEGIN"));
    ASSERT_GT(reader.Number("SELECT count(*) FROM part"), 0);
    Snapshot snapshot = With(Secret(2), 2);
    snapshot.purge = true;
    EXPECT_NE(WriteError(*opened.store, snapshot), "");
  }
  ASSERT_EQ(WriteError(*opened.store, With(Secret(2), 3)), "");
  EXPECT_FALSE(IsOnDisk(Secret(1)));
  EXPECT_EQ(opened.store->TakeNotice(), "");
}

}  // namespace
}  // namespace accesslog
