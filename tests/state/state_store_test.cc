// What the state file holds when all is well.
#include "state/state_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <random>

#include "state/snapshots.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

const std::string kGoldenFile = std::string(ACCESSLOG_TEST_DATA) + "/state/v1.db";

std::string RandomBytes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// What the golden file holds: every later version must read it.
Snapshot GoldenSnapshot() {
  Snapshot snapshot = NumberedSnapshot(1, 5000);
  snapshot.clean = true;
  snapshot.parts[{"shop", "file", "/var/log/caf\xe9 \xff.log"}] = std::string("\0\1\xff", 3);
  snapshot.parts[{"empty", "traffic", ""}] = "";
  return snapshot;
}

class StateStoreTest : public testing::Test {
 protected:
  const TempDirectory directory_;
  const std::string file_ = directory_.PathOf("state.db");
};

TEST_F(StateStoreTest, BeginsEmpty) {
  const OpenedState opened = OpenGood(file_);
  EXPECT_EQ(opened.snapshot, Snapshot{});
  EXPECT_EQ(opened.notice, "");
  EXPECT_FALSE(opened.set_aside);
}

TEST_F(StateStoreTest, TakesAFileOfNoBytesForNew) {
  directory_.Write("state.db", "");
  const OpenedState opened = OpenGood(file_);
  EXPECT_EQ(opened.snapshot, Snapshot{});
  EXPECT_EQ(opened.notice, "");
}

TEST_F(StateStoreTest, GivesBackWhatWasWritten) {
  WriteState(file_, GoldenSnapshot());
  EXPECT_EQ(OpenGood(file_).snapshot, GoldenSnapshot());
  WriteState(file_, NumberedSnapshot(2));
  Snapshot both = NumberedSnapshot(2);
  both.parts[{"empty", "traffic", ""}] = "";  // of a site that is not named any more
  EXPECT_EQ(OpenGood(file_).snapshot, both);
}

TEST_F(StateStoreTest, IsReadableForItsOwnerAndGroupOnly) {
  const OpenedState opened = OpenGood(file_);
  ASSERT_EQ(WriteError(*opened.store, NumberedSnapshot(1)), "");
  for (const auto& entry : fs::directory_iterator(directory_.path())) {
    struct stat status {};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0137U, 0U) << entry.path();
  }
}

TEST_F(StateStoreTest, ReadsTheFileOfTheFirstVersion) {
  if (std::getenv("ACCESSLOG_WRITE_GOLDEN") != nullptr) {
    WriteState(kGoldenFile, GoldenSnapshot());
    GTEST_SKIP() << "wrote " << kGoldenFile;
  }
  directory_.Write("state.db", ReadFile(kGoldenFile));
  const OpenedState opened = OpenGood(file_);
  EXPECT_EQ(opened.snapshot, GoldenSnapshot());
  EXPECT_EQ(opened.notice, "");
}

TEST_F(StateStoreTest, WritesOnlyWhatChanged) {
  OpenedState opened = OpenGood(file_);
  Snapshot snapshot = NumberedSnapshot(1);
  ASSERT_EQ(WriteError(*opened.store, snapshot), "");
  const auto rows_of = [&](const Snapshot& next) {
    const int64_t before = opened.store->rows_written();
    EXPECT_EQ(WriteError(*opened.store, next), "");
    return opened.store->rows_written() - before;
  };
  EXPECT_EQ(rows_of(snapshot), 1);  // the head
  snapshot.parts[{"shop", "traffic", ""}] = "new";
  EXPECT_EQ(rows_of(snapshot), 2);
  snapshot.parts.erase({"shop", "clients", ""});
  EXPECT_EQ(rows_of(snapshot), 2);
  EXPECT_EQ(rows_of(snapshot), 1);

  // Nor is what was only loaded.
  opened = {};
  opened = OpenGood(file_);
  EXPECT_EQ(opened.snapshot, snapshot);
  EXPECT_EQ(rows_of(snapshot), 1);
}

TEST_F(StateStoreTest, ForgetsWhatIsGoneOfASite) {
  Snapshot snapshot = NumberedSnapshot(1);
  WriteState(file_, snapshot);
  snapshot.parts.erase({"shop", "file", "/var/log/shop.log"});
  WriteState(file_, snapshot);
  EXPECT_EQ(OpenGood(file_).snapshot, snapshot);
}

TEST_F(StateStoreTest, KeepsASiteThatIsNotNamedForThirtyDays) {
  Snapshot snapshot = NumberedSnapshot(1);
  WriteState(file_, snapshot);
  // A day is the precision of it, so the site's last day counts also where nothing changed.
  snapshot.taken += hours{24 * 10};
  WriteState(file_, snapshot);
  Snapshot rest = snapshot;
  rest.parts.erase({"intranet", "detect", ""});
  rest.taken += hours{24 * 30};
  WriteState(file_, rest);
  EXPECT_TRUE(OpenGood(file_).snapshot.parts.contains({"intranet", "detect", ""}));
  rest.taken += hours{1};
  WriteState(file_, rest);
  EXPECT_EQ(OpenGood(file_).snapshot, rest);
}

TEST_F(StateStoreTest, TakesAClockThatWasSetBack) {
  Snapshot snapshot = NumberedSnapshot(1);
  WriteState(file_, snapshot);
  snapshot.taken -= hours{24 * 365};
  WriteState(file_, snapshot);
  EXPECT_EQ(OpenGood(file_).snapshot, snapshot);
}

TEST_F(StateStoreTest, RefusesTheFileOfANewerVersion) {
  WriteState(file_, NumberedSnapshot(1));
  {
    Database database(file_, Database::Access::kReadWrite);
    ASSERT_TRUE(
        database.Execute("PRAGMA user_version=2; UPDATE format SET version=2;"
                         "DROP TABLE part"));
  }
  const std::string before = ReadFile(file_);
  const auto opened = StateStore::Open(file_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "the state file " + file_ +
                                        " was written by a newer version of this program; use "
                                        "that version, or name another file");
  EXPECT_EQ(ReadFile(file_), before);
}

TEST_F(StateStoreTest, TakesAnyNameOfAFile) {
  for (const std::string name :
       {"with space", "a?mode=ro", "b#c", "100%25", "%", "file:x.db", ":memory:", "'q\"", "-", "ü",
        "\xff\xfe", "a\nb", "x.db-wal", "\\"}) {
    const std::string path = directory_.PathOf(name);
    WriteState(path, NumberedSnapshot(7));
    EXPECT_EQ(NumberOf(OpenGood(path).snapshot), 7U) << name;
    EXPECT_TRUE(fs::exists(path)) << name;
  }
}

TEST_F(StateStoreTest, TakesARelativeNameAndALink) {
  fs::create_directory(directory_.PathOf("data"));
  fs::create_symlink("data/real.db", directory_.PathOf("link.db"));
  WriteState(directory_.PathOf("link.db"), NumberedSnapshot(3));
  EXPECT_TRUE(fs::is_symlink(directory_.PathOf("link.db")));
  const fs::path relative = fs::relative(directory_.PathOf("data/real.db"));
  EXPECT_EQ(NumberOf(OpenGood(relative.string()).snapshot), 3U);
}

// Whoever asks for ":memory:" gets a file of that name, so nothing is lost silently.
TEST_F(StateStoreTest, KnowsNoSpecialNames) {
  const fs::path before = fs::current_path();
  fs::current_path(directory_.path());
  WriteState(":memory:", NumberedSnapshot(4));
  EXPECT_EQ(NumberOf(OpenGood(":memory:").snapshot), 4U);
  EXPECT_EQ(NumberOf(*StateStore::Read(":memory:")), 4U);
  fs::current_path(before);
}

TEST_F(StateStoreTest, CanBeReadWhileItIsWritten) {
  const OpenedState opened = OpenGood(file_);
  EXPECT_EQ(*StateStore::Read(file_), Snapshot{});
  ASSERT_EQ(WriteError(*opened.store, NumberedSnapshot(2)), "");
  const auto read = StateStore::Read(file_);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, NumberedSnapshot(2));
  EXPECT_FALSE(StateStore::Read(directory_.PathOf("missing")));
}

// 10,000 clients are about 1 MB, 100,000 about 10 MB. The bound is generous: it is for a hang, the
// figures are for a reader.
TEST_F(StateStoreTest, IsQuick) {
  for (const size_t bytes : {size_t{1} << 20U, size_t{10} << 20U}) {
    const auto measure = [&](const char* what, auto run) {
      const auto start = std::chrono::steady_clock::now();
      run();
      const std::chrono::duration<double, std::milli> took =
          std::chrono::steady_clock::now() - start;
      std::printf("%zu MiB: %s %.1f ms\n", bytes >> 20U, what, took.count());
      EXPECT_LT(took.count(), 5000);
    };
    Snapshot snapshot = NumberedSnapshot(1);
    snapshot.parts[{"shop", "clients", ""}] = RandomBytes(bytes, 1);
    OpenedState opened = OpenGood(file_);
    measure("first write", [&] { EXPECT_EQ(WriteError(*opened.store, snapshot), ""); });
    measure("same again", [&] { EXPECT_EQ(WriteError(*opened.store, snapshot), ""); });
    snapshot.parts[{"shop", "clients", ""}] = RandomBytes(bytes, 2);
    measure("all changed", [&] { EXPECT_EQ(WriteError(*opened.store, snapshot), ""); });
    snapshot.parts[{"shop", "clients", ""}][bytes / 2] = 'x';
    measure("one byte changed", [&] { EXPECT_EQ(WriteError(*opened.store, snapshot), ""); });
    measure("close", [&] { opened = {}; });
    measure("open", [&] { opened = OpenGood(file_); });
    EXPECT_EQ(opened.snapshot, snapshot);
  }
}

}  // namespace
}  // namespace accesslog
