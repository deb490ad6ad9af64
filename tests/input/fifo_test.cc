// Named pipes whose writers come and go.
#include "input/fifo.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/opened_streams.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;

class FifoTest : public testing::Test {
 protected:
  std::string Make() {
    EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
    return path_;
  }
  void Remove() { EXPECT_EQ(::unlink(path_.c_str()), 0); }

  // Fails where nobody reads.
  UniqueFd Writer() const {
    UniqueFd fd(::open(path_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    EXPECT_TRUE(fd) << "nobody reads " << path_;
    return fd;
  }
  static void Write(const UniqueFd& fd, std::string_view text) {
    EXPECT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  TempDirectory directory_;
  std::string path_ = directory_.PathOf("access.fifo");
};

TEST_F(FifoTest, IsReadWhileAWriterWrites) {
  OpenedStreams fifo(Make());
  EXPECT_TRUE(fifo.stats().open);
  EXPECT_FALSE(fifo.IsReadable());
  const UniqueFd writer = Writer();
  Write(writer, "one\ntw");
  EXPECT_EQ(fifo.Read(), Lines{"one"});
  EXPECT_FALSE(fifo.IsReadable());
  Write(writer, "o\n");
  EXPECT_EQ(fifo.Read(), Lines{"two"});
  EXPECT_EQ(fifo.stats().bytes, 8U);
}

TEST_F(FifoTest, DoesNotSpinWithoutWriters) {
  OpenedStreams fifo(Make());
  for (int i = 0; i < 5; ++i) {
    Write(Writer(), "a\n");
    EXPECT_TRUE(fifo.IsReadable());
    EXPECT_EQ(fifo.Read(), Lines{"a"});
    EXPECT_FALSE(fifo.IsReadable());
  }
  // A writer that comes and goes without a word.
  Writer().Reset();
  EXPECT_EQ(fifo.Read(), Lines{});
  EXPECT_FALSE(fifo.IsReadable());
  EXPECT_TRUE(fifo.stats().open);
}

TEST_F(FifoTest, EndsTheLastLineWithTheLastWriter) {
  OpenedStreams fifo(Make());
  UniqueFd first = Writer();
  UniqueFd second = Writer();
  Write(first, "killed in mid-");
  first.Reset();
  EXPECT_EQ(fifo.Read(), Lines{});
  second.Reset();
  EXPECT_EQ(fifo.Read(), Lines{"killed in mid-"});
  Write(Writer(), "next\n");
  EXPECT_EQ(fifo.Read(), Lines{"next"});
}

TEST_F(FifoTest, NeverLeavesAWriterWithoutAReader) {
  OpenedStreams fifo(Make());
  Writer().Reset();
  fifo.ReadOnce();
  const UniqueFd writer = Writer();
  fifo.ReadOnce();
  Write(writer, "a\n");  // would be a SIGPIPE
  EXPECT_EQ(fifo.Read(), Lines{"a"});
}

TEST_F(FifoTest, IsWaitedFor) {
  OpenedStreams fifo("fifo:" + path_);
  EXPECT_EQ(fifo.error(), "");
  EXPECT_FALSE(fifo.stats().open);
  EXPECT_EQ(fifo.ReadLater(), Lines{});
  EXPECT_EQ(fifo.ReadLater(), Lines{});
  Make();
  EXPECT_EQ(fifo.ReadLater(), Lines{});
  EXPECT_TRUE(fifo.stats().open);
  EXPECT_EQ(fifo.stats().last_error, "");
  Write(Writer(), "a\n");
  EXPECT_EQ(fifo.Read(), Lines{"a"});
  EXPECT_THAT(fifo.log().TakeMessages(),
              ElementsAre("warning: " + path_ +
                              " cannot be read: No such file or directory; "
                              "looking again every second",
                          "info: " + path_ + ": reading"));
}

TEST_F(FifoTest, IsFollowedWhenItIsMadeAnew) {
  OpenedStreams fifo(Make());
  Write(Writer(), "old\n");
  Remove();
  EXPECT_EQ(fifo.Read(), Lines{"old"});
  EXPECT_FALSE(fifo.stats().open);
  Make();
  EXPECT_EQ(fifo.ReadLater(), Lines{});
  EXPECT_TRUE(fifo.stats().open);
  Write(Writer(), "new\n");
  EXPECT_EQ(fifo.Read(), Lines{"new"});
}

TEST_F(FifoTest, IsReadOnWhereItsNameIsGone) {
  OpenedStreams fifo(Make());
  const UniqueFd writer = Writer();
  Remove();
  EXPECT_EQ(fifo.ReadLater(), Lines{});
  Write(writer, "a\n");
  EXPECT_EQ(fifo.ReadLater(), Lines{"a"});
}

TEST_F(FifoTest, IsReadBesideItsSuccessor) {
  OpenedStreams fifo(Make());
  UniqueFd old = Writer();
  Remove();
  Make();
  EXPECT_EQ(fifo.ReadLater(), Lines{});
  const UniqueFd fresh = Writer();
  Write(fresh, "new\nhalf of ne");
  Write(old, "half of old");
  EXPECT_EQ(fifo.Read(), Lines{"new"});
  old.Reset();
  EXPECT_EQ(fifo.Read(), Lines{"half of old"});
  EXPECT_FALSE(fifo.IsReadable());
  Write(fresh, "w\n");
  EXPECT_EQ(fifo.Read(), Lines{"half of new"});
  EXPECT_TRUE(fifo.stats().open);
}

// Two generations are read at a time; what an older one holds is not lost.
TEST_F(FifoTest, GivesUpAGenerationBeforeTheLast) {
  OpenedStreams fifo(Make());
  const UniqueFd first = Writer();
  Remove();
  Make();
  fifo.ReadLater();
  const UniqueFd second = Writer();
  Write(first, "first\n");
  Remove();
  Make();
  EXPECT_EQ(fifo.ReadLater(), Lines{"first"});
  Write(second, "second\n");
  EXPECT_EQ(fifo.Read(), Lines{"second"});
  EXPECT_FALSE(fifo.IsReadable());
}

TEST_F(FifoTest, IsNotTakenFromAnotherKindOfFile) {
  directory_.Write("access.fifo", "a\n");
  OpenedStreams file("fifo:" + path_);
  EXPECT_EQ(file.error(), "fifo:" + path_ + " cannot be read as a pipe: " + path_ +
                              " is none; name a log file without fifo:, or make the pipe with "
                              "mkfifo");
}

TEST_F(FifoTest, WaitsWhereAnotherKindOfFileTookItsName) {
  OpenedStreams fifo(Make());
  Remove();
  directory_.Write("access.fifo", "a\n");
  EXPECT_EQ(fifo.ReadLater(), Lines{});
  EXPECT_EQ(fifo.stats().last_error, "it is no pipe");
  Remove();
  Make();
  EXPECT_EQ(fifo.ReadLater(), Lines{});
  EXPECT_EQ(fifo.stats().last_error, "");
  Write(Writer(), "b\n");
  EXPECT_EQ(fifo.Read(), Lines{"b"});
}

TEST_F(FifoTest, IsLookedAtOnceASecondEvenIfTheClockIsSetBack) {
  OpenedStreams fifo("fifo:" + path_);
  EXPECT_EQ(fifo.Read(), Lines{});
  Make();
  EXPECT_EQ(fifo.Read(), Lines{});
  EXPECT_FALSE(fifo.stats().open);
  fifo.clock().Advance(-std::chrono::hours{1});
  EXPECT_EQ(fifo.Read(), Lines{});
  EXPECT_TRUE(fifo.stats().open);
}

TEST_F(FifoTest, SurvivesJunk) {
  OpenedStreams fifo(Make());
  UniqueFd writer = Writer();
  std::string junk(size_t{1} << 20U, '\0');
  for (size_t i = 0; i < junk.size(); ++i) junk[i] = static_cast<char>(i * 7 % 256);
  size_t ends = 0;
  for (const char c : junk) ends += c == '\n' ? 1 : 0;
  size_t lines = 0;
  for (std::string_view rest = junk; !rest.empty();) {
    const ssize_t count = ::write(writer.get(), rest.data(), rest.size());
    if (count > 0) rest.remove_prefix(static_cast<size_t>(count));
    lines += fifo.Read().size();
  }
  Write(writer, "\nlast\n");
  EXPECT_EQ(lines, ends);
  EXPECT_EQ(fifo.Read().back(), "last");
  EXPECT_EQ(fifo.stats().bytes, junk.size() + 6);
}

}  // namespace
}  // namespace accesslog
