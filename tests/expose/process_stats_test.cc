// Against the real /proc.
#include "expose/process_stats.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <vector>

namespace accesslog {
namespace {

TEST(ProcessStats, KnowWhenTheProcessStarted) {
  const double start = ReadProcessStats().start_time_seconds;
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_LE(start, now + 1);
  EXPECT_GE(start, now - 3600);
}

TEST(ProcessStats, KnowTheMemory) {
  const ProcessStats stats = ReadProcessStats();
  EXPECT_GT(stats.resident_bytes, 100U * 1024U);
  EXPECT_GT(stats.virtual_bytes, stats.resident_bytes);
}

TEST(ProcessStats, SeeTimeSpent) {
  const double before = ReadProcessStats().cpu_seconds;
  const std::clock_t start = std::clock();
  while (std::clock() - start < CLOCKS_PER_SEC / 20) {
  }
  EXPECT_GE(ReadProcessStats().cpu_seconds, before + 0.02);
}

TEST(ProcessStats, CountOpenFiles) {
  const uint64_t before = ReadProcessStats().open_fds;
  const int copy = ::dup(STDERR_FILENO);
  EXPECT_EQ(ReadProcessStats().open_fds, before + 1);
  ::close(copy);
  EXPECT_EQ(ReadProcessStats().open_fds, before);
}

TEST(ProcessStats, KnowTheLimitOfOpenFiles) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(ReadProcessStats().max_fds, limit.rlim_cur);
}

}  // namespace
}  // namespace accesslog
