// kill -9 at any instant: what is found is always one whole snapshot, and none that was finished is
// lost.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "state/snapshots.h"
#include "support/slowdown.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

constexpr int kKills = 50;
constexpr size_t kBytes = 60000;

// Writes for ever, each snapshot with a number of its own; says each number that was written.
void WriteForEver(const std::string& file, int said) {
  auto opened = StateStore::Open(file);
  if (!opened) return;
  const bool is_first = opened->snapshot.parts.empty();
  uint64_t number = is_first ? 0 : NumberOf(opened->snapshot, kBytes);
  while (opened->store->Write(NumberedSnapshot(++number, kBytes))) {
    if (::write(said, &number, sizeof(number)) < 0) return;
  }
}

TEST(StateStoreCrash, LeavesOneWholeSnapshot) {
  const TempDirectory directory;
  const std::string file = directory.PathOf("state.db");
  std::mt19937 random(20231108);
  uint64_t total = 0;
  for (int i = 0; i < kKills; ++i) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = StartChild([&] { WriteForEver(file, ends[1]); });
    ::close(ends[1]);
    uint64_t last = 0;
    // From before the file is made until well into its life.
    std::this_thread::sleep_for(std::chrono::microseconds(random() % (60000 * kSlowdown)));
    KillChild(child);
    while (::read(ends[0], &last, sizeof(last)) == sizeof(last)) {
    }
    ::close(ends[0]);
    const OpenedState opened = OpenGood(file);
    ASSERT_EQ(opened.notice, "");
    if (opened.snapshot.parts.empty()) {
      ASSERT_EQ(total + last, 0U);
      continue;
    }
    const uint64_t found = NumberOf(opened.snapshot, kBytes);
    ASSERT_GE(found, std::max(last, total));
    ASSERT_LE(found, std::max(last, total) + 1);
    total = found;
  }
  EXPECT_GT(total, 0U);
  std::printf("%d kills, %llu snapshots\n", kKills, static_cast<unsigned long long>(total));
}

}  // namespace
}  // namespace accesslog
