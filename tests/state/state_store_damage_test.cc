// A file that is damaged or somebody else's: Open gives exactly what was written, or puts the file
// aside and says so. It never gives anything else, and never ends the process.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "state/snapshots.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

class StateStoreDamage : public testing::Test {
 protected:
  const TempDirectory directory_;
  const std::string file_ = directory_.PathOf("state.db");

  std::vector<std::string> SetAside() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      const std::string path = entry.path().string();
      if (path.find(".damaged-") != std::string::npos && path.ends_with('Z')) names.push_back(path);
    }
    return names;
  }

  // Puts `content` in the place of the file and opens it. True: it was put aside.
  bool OpensAfter(const std::string& content, const std::vector<Snapshot>& allowed) {
    for (const auto& entry : fs::directory_iterator(directory_.path())) fs::remove(entry.path());
    directory_.Write("state.db", content);
    return Opens(content, allowed);
  }

  bool Opens(const std::string& content, const std::vector<Snapshot>& allowed) {
    const OpenedState opened = OpenGood(file_);
    if (!opened.set_aside) {
      EXPECT_EQ(opened.notice, "");
      EXPECT_NE(std::find(allowed.begin(), allowed.end(), opened.snapshot), allowed.end())
          << testing::PrintToString(opened.snapshot);
    } else {
      EXPECT_EQ(opened.snapshot, Snapshot{});
      const std::vector<std::string> names = SetAside();
      EXPECT_EQ(names.size(), 1U);
      for (const std::string& name : names) {
        EXPECT_NE(opened.notice.find(name), std::string::npos) << opened.notice;
        EXPECT_EQ(fs::file_size(name), content.size());
      }
    }
    EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(9)), "");
    EXPECT_EQ(opened.store->TakeNotice(), "");
    return opened.set_aside;
  }

  std::string GoodFile() {
    WriteState(file_, NumberedSnapshot(1, 9000));
    WriteState(file_, NumberedSnapshot(2, 12000));
    Snapshot smaller = NumberedSnapshot(3, 6000);
    WriteState(file_, smaller);  // leaves pages that are free
    return ReadFile(file_);
  }
};

TEST_F(StateStoreDamage, ByOneByteIsSeenOrHarmless) {
  const std::string good = GoodFile();
  const std::vector<Snapshot> allowed = {NumberedSnapshot(3, 6000)};
  std::mt19937 random(1);
  int aside = 0;
  for (int i = 0; i < 400; ++i) {
    std::string bad = good;
    // The first 200 bytes decide most.
    const size_t place = i < 200 ? static_cast<size_t>(i) : random() % good.size();
    bad[place] = static_cast<char>(bad[place] ^ (1 << (random() % 8)));
    SCOPED_TRACE("byte " + std::to_string(place));
    aside += OpensAfter(bad, allowed) ? 1 : 0;
    if (HasFailure()) return;
  }
  std::printf("400 flipped bits: %d put aside\n", aside);
  EXPECT_GT(aside, 100);
}

TEST_F(StateStoreDamage, ByGarbageInTheMiddleIsSeenOrHarmless) {
  const std::string good = GoodFile();
  std::mt19937 random(2);
  for (int i = 0; i < 100; ++i) {
    std::string bad = good;
    const size_t from = random() % good.size();
    const size_t to = std::min(good.size(), from + random() % 5000);
    for (size_t place = from; place < to; ++place) bad[place] = static_cast<char>(random());
    SCOPED_TRACE("bytes " + std::to_string(from) + " to " + std::to_string(to));
    OpensAfter(bad, {NumberedSnapshot(3, 6000)});
    if (HasFailure()) return;
  }
}

TEST_F(StateStoreDamage, ByTruncationIsSeenOrHarmless) {
  const std::string good = GoodFile();
  for (size_t size = 1; size < good.size(); size += 397) {
    SCOPED_TRACE("to " + std::to_string(size));
    // The last pages may be free ones.
    const bool is_aside = OpensAfter(good.substr(0, size), {NumberedSnapshot(3, 6000)});
    EXPECT_TRUE(is_aside || size > good.size() / 2);
    if (HasFailure()) return;
  }
}

// What a kill -9 leaves is in the log: a damaged end of it costs the snapshots behind, whole ones.
TEST_F(StateStoreDamage, OfTheLogGivesAnEarlierSnapshotOrNone) {
  ASSERT_EQ(InChild([&] {
              const OpenedState opened = OpenGood(file_);
              for (uint64_t i = 1; i <= 4; ++i) {
                if (!opened.store->Write(NumberedSnapshot(i, 6000))) return 1;
              }
              ::_exit(0);  // before anything is closed
            }),
            0);
  const std::string good = ReadFile(file_);
  const std::string log = ReadFile(file_ + "-wal");
  ASSERT_GT(log.size(), 10000U);
  std::vector<Snapshot> allowed = {Snapshot{}};
  for (uint64_t i = 1; i <= 4; ++i) allowed.push_back(NumberedSnapshot(i, 6000));
  std::mt19937 random(3);
  for (int i = 0; i < 200; ++i) {
    std::string bad = log;
    const size_t place = i < 40 ? static_cast<size_t>(i) : random() % log.size();
    if (i % 4 == 3)
      bad.resize(place);
    else
      bad[place] = static_cast<char>(bad[place] ^ (1 << (random() % 8)));
    for (const auto& entry : fs::directory_iterator(directory_.path())) fs::remove(entry.path());
    directory_.Write("state.db", good);
    directory_.Write("state.db-wal", bad);
    SCOPED_TRACE("byte " + std::to_string(place));
    Opens(good, allowed);
    if (HasFailure()) return;
  }
}

TEST_F(StateStoreDamage, IsWhatIsNoDatabase) {
  const std::string content = "192.0.2.1 - - [08/Nov/2023] a log, not a state\n";
  directory_.Write("state.db", content);
  const OpenedState opened = OpenGood(file_);
  EXPECT_TRUE(opened.set_aside);
  ASSERT_EQ(SetAside().size(), 1U);
  EXPECT_EQ(opened.notice, "the state file " + file_ +
                               " could not be used (file is not a database); "
                               "it is now " +
                               SetAside()[0] + ", and a new one was begun: counters begin at 0");
  EXPECT_EQ(ReadFile(SetAside()[0]), content);
}

TEST_F(StateStoreDamage, IsTheDatabaseOfAnother) {
  directory_.Write("state.db", "");
  {
    Database database(file_, Database::Access::kReadWrite);
    ASSERT_TRUE(database.Execute("PRAGMA application_id=7; CREATE TABLE part(id INTEGER)"));
  }
  const OpenedState opened = OpenGood(file_);
  EXPECT_TRUE(opened.set_aside);
  EXPECT_NE(opened.notice.find("(it is the database of another program)"), std::string::npos)
      << opened.notice;
}

TEST_F(StateStoreDamage, WhileRunningIsPutAsideAndAllWrittenAnew) {
  const OpenedState opened = OpenGood(file_);
  ASSERT_EQ(WriteError(*opened.store, NumberedSnapshot(1)), "");
  {
    Database other(file_, Database::Access::kReadWrite);
    ASSERT_TRUE(other.Execute("DROP TABLE part"));
  }
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(2)), "");
  const std::string notice = opened.store->TakeNotice();
  EXPECT_NE(notice.find("into which everything is written again"), std::string::npos) << notice;
  EXPECT_EQ(SetAside().size(), 1U);
  EXPECT_EQ(NumberOf(*StateStore::Read(file_)), 2U);
}

TEST_F(StateStoreDamage, ByRemovalWhileRunningCostsNothing) {
  const OpenedState opened = OpenGood(file_);
  ASSERT_EQ(WriteError(*opened.store, NumberedSnapshot(1)), "");
  fs::remove(file_);
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(1)), "");
  EXPECT_EQ(NumberOf(*StateStore::Read(file_)), 1U);
  EXPECT_EQ(SetAside().size(), 0U);
}

TEST_F(StateStoreDamage, ByAnotherFileInItsPlaceIsPutAside) {
  const OpenedState opened = OpenGood(file_);
  ASSERT_EQ(WriteError(*opened.store, NumberedSnapshot(1)), "");
  WriteState(directory_.PathOf("other.db"), NumberedSnapshot(2));
  fs::rename(directory_.PathOf("other.db"), file_);
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(3)), "");
  EXPECT_NE(opened.store->TakeNotice().find("its content was never read"), std::string::npos);
  EXPECT_EQ(NumberOf(*StateStore::Read(file_)), 3U);
  EXPECT_EQ(SetAside().size(), 1U);
}

TEST_F(StateStoreDamage, ByTruncationWhileRunningIsMended) {
  const OpenedState opened = OpenGood(file_);
  ASSERT_EQ(WriteError(*opened.store, NumberedSnapshot(1)), "");
  fs::resize_file(file_, 0);
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(2)), "");
  EXPECT_EQ(WriteError(*opened.store, NumberedSnapshot(3)), "");
  EXPECT_EQ(NumberOf(*StateStore::Read(file_)), 3U);
}

}  // namespace
}  // namespace accesslog
