// Generations that were compressed before they were read to their ends: the rest is in the .gz.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "input/followed_log.h"
#include "support/gzip_bytes.h"

namespace accesslog {
namespace {

constexpr const char* kCompressed = "/var/log/access.log.1.gz";

std::string Row(int number) {
  return "198.51.100.7 asked for page number " + std::to_string(number) + "\n";
}
std::string Text(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += Row(i);
  return text;
}
Lines All(int first, int last) {
  Lines lines;
  for (int i = first; i <= last; ++i) {
    lines.push_back(Row(i));
    lines.back().pop_back();
  }
  return lines;
}

class TailerCompressed : public ::testing::Test {
 protected:
  // The log with lines 1 to 3 was read, and that was kept; then the process ended.
  void ReadThree() {
    log_.files().Create(kLog, Text(1, 3));
    ASSERT_EQ(log_.Poll(), All(1, 3));
    kept_ = log_.Save();
  }

  FollowedLog log_;
  std::string kept_;
};

TEST_F(TailerCompressed, ReadsTheRestFromThere) {
  ReadThree();
  log_.files().Remove(kLog);
  log_.files().Create(kCompressed, GzipBytes(Text(1, 6)));
  log_.files().Create(kLog, Text(7, 8));
  log_.RestartFrom(kept_);
  EXPECT_EQ(log_.Poll(), All(4, 8));
  EXPECT_EQ(log_.Poll(), Lines{});
  EXPECT_EQ(log_.stats().lost_files, 0U);
}

TEST_F(TailerCompressed, ReadsSeveralGenerationsInTheirOrder) {
  ReadThree();
  log_.files().Remove(kLog);
  log_.files().Create("/var/log/access.log.3.gz", GzipBytes(Text(1, 6)));
  log_.files().Create("/var/log/access.log.2.gz", GzipBytes(Text(7, 9)));
  log_.files().Create(kRotated, Text(10, 12));
  log_.files().Create(kLog, Text(13, 14));
  log_.RestartFrom(kept_);
  EXPECT_EQ(log_.Poll(), All(4, 14));
  EXPECT_EQ(log_.stats().lost_files, 0U);
}

TEST_F(TailerCompressed, IsNotReadTwiceAfterAnotherRestart) {
  ReadThree();
  log_.files().Remove(kLog);
  log_.files().Create(kCompressed, GzipBytes(Text(1, 6)));
  log_.files().Create(kLog, Text(7, 8));
  log_.RestartFrom(kept_);
  EXPECT_EQ(log_.Poll(), All(4, 8));
  log_.Restart();
  EXPECT_EQ(log_.Poll(), Lines{});
  log_.files().Append(kLog, Text(9, 9));
  EXPECT_EQ(log_.Poll(), All(9, 9));
}

// In the middle of it, at any line.
TEST_F(TailerCompressed, GoesOnWithinItAfterAnotherRestart) {
  ReadThree();
  log_.files().Remove(kLog);
  log_.files().Create(kCompressed, GzipBytes(Text(1, 60)));
  log_.files().Create(kLog, Text(61, 62));
  log_.RestartFrom(kept_);
  Lines lines;
  for (int i = 0; i < 200; ++i) {
    const Lines some = log_.Poll(64);
    lines.insert(lines.end(), some.begin(), some.end());
    if (i % 3 == 0) log_.Restart();
  }
  EXPECT_EQ(lines, All(4, 62));
}

// gzip(1) writes it before it removes the plain file.
TEST_F(TailerCompressed, IsNotReadBesideItsPlainFile) {
  ReadThree();
  log_.files().Append(kLog, Text(4, 6));
  log_.files().Rename(kLog, kRotated);
  log_.files().Create(kCompressed, GzipBytes(Text(1, 6)));
  log_.files().Create(kLog, Text(7, 8));
  log_.RestartFrom(kept_);
  EXPECT_EQ(log_.Poll(), All(4, 8));
  log_.files().Remove(kRotated);
  EXPECT_EQ(log_.Poll(), Lines{});
  log_.Restart();
  EXPECT_EQ(log_.Poll(), Lines{});
}

TEST_F(TailerCompressed, IsNotReadBesideAPlainFileThatWasNeverSeen) {
  ReadThree();
  log_.files().Rename(kLog, "/var/log/access.log.2");
  log_.files().Create(kRotated, Text(4, 6));
  log_.files().Create(kCompressed, GzipBytes(Text(4, 6)));
  log_.files().Create(kLog, Text(7, 8));
  log_.RestartFrom(kept_);
  EXPECT_EQ(log_.Poll(), All(4, 8));
  log_.files().Remove(kRotated);
  EXPECT_EQ(log_.Poll(), Lines{});
  log_.Restart();
  EXPECT_EQ(log_.Poll(), Lines{});
}

TEST_F(TailerCompressed, IsLeftAloneIfItIsOlder) {
  log_.files().Create(kCompressed, GzipBytes(Text(91, 99)));
  ReadThree();
  log_.files().Rename(kCompressed, "/var/log/access.log.2.gz");
  log_.files().Rename(kLog, kRotated);
  log_.files().Create(kLog, Text(4, 5));
  log_.RestartFrom(kept_);
  EXPECT_EQ(log_.Poll(), All(4, 5));
}

TEST_F(TailerCompressed, IsCountedAsLostIfItCannotBeInflated) {
  ReadThree();
  log_.files().Remove(kLog);
  log_.files().Create("/var/log/access.log.1.zst", "\x28\xb5\x2f\xfd no gzip");
  log_.files().Create(kLog, Text(7, 8));
  log_.RestartFrom(kept_);
  EXPECT_EQ(log_.Poll(), All(7, 8));
  EXPECT_EQ(log_.stats().lost_files, 1U);
}

}  // namespace
}  // namespace accesslog
