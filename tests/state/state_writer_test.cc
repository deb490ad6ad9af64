#include "state/state_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <vector>

#include "state/snapshots.h"
#include "support/manual_clock.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Duration kLong = seconds{60};

// A disk that a test holds up, and whose answers it decides. It outlives the writer's thread.
struct Disk {
  std::mutex mutex;
  std::condition_variable changed;
  bool held = false;
  bool closed = false;
  std::string error;
  std::string notice;
  std::vector<Snapshot> tried;

  void Hold(bool hold) {
    const std::lock_guard lock(mutex);
    held = hold;
    changed.notify_all();
  }
  void Fail(const std::string& why) {
    const std::lock_guard lock(mutex);
    error = why;
  }
  // Waits until so many writes were tried.
  void Await(size_t count) {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, kLong, [&] { return tried.size() >= count; }));
  }
  void AwaitClose() {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, kLong, [&] { return closed; }));
  }
};

class SinkOnDisk final : public SnapshotSink {
 public:
  explicit SinkOnDisk(std::shared_ptr<Disk> disk) : disk_(std::move(disk)) {}
  ~SinkOnDisk() override {
    const std::lock_guard lock(disk_->mutex);
    disk_->closed = true;
    disk_->changed.notify_all();
  }
  Result<void> Write(const Snapshot& snapshot) override {
    std::unique_lock lock(disk_->mutex);
    disk_->tried.push_back(snapshot);
    disk_->changed.notify_all();
    disk_->changed.wait(lock, [&] { return !disk_->held; });
    if (!disk_->error.empty()) return Error{disk_->error};
    return {};
  }
  std::string TakeNotice() override {
    const std::lock_guard lock(disk_->mutex);
    return std::exchange(disk_->notice, "");
  }

 private:
  const std::shared_ptr<Disk> disk_;
};

class StateWriterTest : public testing::Test {
 protected:
  const std::shared_ptr<Disk> disk_ = std::make_shared<Disk>();
  ManualClock clock_;
  std::mutex mutex_;
  std::vector<std::string> told_;

  std::unique_ptr<StateWriter> Start() {
    return std::make_unique<StateWriter>(
        std::make_unique<SinkOnDisk>(disk_),
        [this](StateWriter::Severity severity, const std::string& text) {
          const std::lock_guard lock(mutex_);
          told_.push_back((severity == StateWriter::Severity::kInfo ? "info: " : "warning: ") +
                          text);
        },
        clock_.AsClock());
  }
  std::vector<std::string> Told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  // Offers until it is taken, as the next interval would.
  static void MustTake(StateWriter& writer, const Snapshot& snapshot) {
    while (!writer.Offer(snapshot)) std::this_thread::yield();
  }
};

TEST_F(StateWriterTest, WritesWhatIsOffered) {
  const auto writer = Start();
  EXPECT_TRUE(writer->Offer(NumberedSnapshot(1)));
  MustTake(*writer, NumberedSnapshot(2));
  disk_->Await(2);
  EXPECT_TRUE(writer->Finish(NumberedSnapshot(3), kLong));
  ASSERT_EQ(disk_->tried.size(), 3U);
  EXPECT_EQ(disk_->tried[1], NumberedSnapshot(2));
  Snapshot last = NumberedSnapshot(3);
  last.clean = true;
  EXPECT_EQ(disk_->tried[2], last);
  EXPECT_TRUE(disk_->closed);
  EXPECT_EQ(writer->stats().writes, 3U);
  EXPECT_EQ(writer->stats().last_success, ManualClock::kStart);
  EXPECT_FALSE(writer->Offer(NumberedSnapshot(4)));
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(StateWriterTest, NeverWaitsForTheDisk) {
  disk_->Hold(true);
  const auto writer = Start();
  EXPECT_TRUE(writer->Offer(NumberedSnapshot(1)));
  disk_->Await(1);
  EXPECT_FALSE(writer->Offer(NumberedSnapshot(2)));
  EXPECT_EQ(writer->stats().writes, 0U);
  disk_->Hold(false);
  EXPECT_TRUE(writer->Finish(NumberedSnapshot(3), kLong));
  EXPECT_EQ(disk_->tried.size(), 2U);
}

TEST_F(StateWriterTest, FinishesInTime) {
  disk_->Hold(true);
  auto writer = Start();
  EXPECT_TRUE(writer->Offer(NumberedSnapshot(1)));
  disk_->Await(1);
  EXPECT_FALSE(writer->Finish(NumberedSnapshot(2), Duration{20}));
  EXPECT_FALSE(writer->Offer(NumberedSnapshot(3)));
  writer.reset();
  // The thread outlives it, says nothing more and ends by itself.
  disk_->Fail("disk full");
  disk_->Hold(false);
  disk_->AwaitClose();
  EXPECT_EQ(disk_->tried.size(), 1U);
  EXPECT_THAT(Told(), IsEmpty());
}

TEST_F(StateWriterTest, TellsOnceThatWritingFailsAndOnceThatItWorksAgain) {
  disk_->Fail("disk full");
  const auto writer = Start();
  for (uint64_t i = 0; i < 3; ++i) MustTake(*writer, NumberedSnapshot(i));
  disk_->Await(3);
  while (writer->stats().errors < 3) std::this_thread::yield();
  EXPECT_TRUE(writer->stats().failing);
  EXPECT_EQ(writer->stats().last_error, "disk full");
  disk_->Fail("");
  MustTake(*writer, NumberedSnapshot(4));
  disk_->Await(4);
  EXPECT_TRUE(writer->Finish(NumberedSnapshot(5), kLong));
  EXPECT_THAT(Told(),
              ElementsAre("warning: disk full; counting goes on, and it is tried again each time",
                          "info: the state is written again"));
  EXPECT_FALSE(writer->stats().failing);
  EXPECT_EQ(writer->stats().errors, 3U);
  EXPECT_EQ(writer->stats().writes, 2U);
  EXPECT_EQ(writer->stats().last_error, "disk full");
}

TEST_F(StateWriterTest, SaysThatTheLastOneWasNotWritten) {
  disk_->Fail("disk full");
  const auto writer = Start();
  EXPECT_FALSE(writer->Finish(NumberedSnapshot(1), kLong));
  EXPECT_EQ(Told().size(), 1U);
}

TEST_F(StateWriterTest, PassesOnWhatTheStoreHasToSay) {
  disk_->notice = "it was damaged";
  const auto writer = Start();
  EXPECT_TRUE(writer->Finish(NumberedSnapshot(1), kLong));
  EXPECT_THAT(Told(), ElementsAre("warning: it was damaged"));
  EXPECT_EQ(writer->stats().set_aside, 1U);
}

TEST_F(StateWriterTest, EndsWithoutFinish) {
  auto writer = Start();
  EXPECT_TRUE(writer->Offer(NumberedSnapshot(1)));
  writer.reset();
  EXPECT_TRUE(disk_->closed);
  EXPECT_EQ(disk_->tried.size(), 1U);
}

TEST(StateWriterWithStore, KeepsTheLastAsClean) {
  const TempDirectory directory;
  const std::string file = directory.PathOf("state.db");
  StateWriter writer(OpenGood(file).store, nullptr);
  EXPECT_TRUE(writer.Offer(NumberedSnapshot(1)));
  EXPECT_TRUE(writer.Finish(NumberedSnapshot(2), kLong));
  Snapshot last = NumberedSnapshot(2);
  last.clean = true;
  EXPECT_EQ(OpenGood(file).snapshot, last);
}

}  // namespace
}  // namespace accesslog
