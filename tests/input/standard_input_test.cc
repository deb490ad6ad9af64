// Standard input as every kind of thing that it can be.
#include "input/standard_input.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "input/opened_streams.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;

StreamSetOptions From(const UniqueFd& input) {
  return {.sources = {{0, "-"}}, .standard_input = input.get()};
}

struct PipeEnds {
  PipeEnds() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    reader = UniqueFd(ends[0]);
    writer = UniqueFd(ends[1]);
  }
  void Write(std::string_view text) const {
    EXPECT_EQ(::write(writer.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  UniqueFd reader;
  UniqueFd writer;
};

TEST(StandardInput, IsReadWhileItFlows) {
  const PipeEnds pipe;
  OpenedStreams input(From(pipe.reader));
  EXPECT_TRUE(input.stats().open);
  EXPECT_FALSE(input.IsReadable());
  pipe.Write("one\ntw");
  EXPECT_TRUE(input.IsReadable());
  EXPECT_EQ(input.Read(), Lines{"one"});
  EXPECT_FALSE(input.IsReadable());
  EXPECT_EQ(input.Read(), Lines{});
  pipe.Write("o\n\nfour\n");
  EXPECT_EQ(input.Read(), (Lines{"two", "", "four"}));
  EXPECT_EQ(input.stats().bytes, 14U);
  EXPECT_TRUE(input.recorder().all_ended());
}

TEST(StandardInput, CountsALastLineWithoutItsEnd) {
  PipeEnds pipe;
  OpenedStreams input(From(pipe.reader));
  pipe.Write("one\ntwo");
  EXPECT_EQ(input.Read(), Lines{"one"});
  pipe.writer.Reset();
  EXPECT_TRUE(input.IsReadable());
  EXPECT_EQ(input.Read(), Lines{"two"});
  EXPECT_FALSE(input.stats().open);
  EXPECT_THAT(input.log().TakeMessages(),
              ElementsAre("info: reading -", "info: standard input has ended; 7 bytes read"));
}

TEST(StandardInput, IsSilentAfterItsEnd) {
  PipeEnds pipe;
  pipe.writer.Reset();
  OpenedStreams input(From(pipe.reader));
  EXPECT_TRUE(input.IsReadable());
  EXPECT_FALSE(input.ReadOnce());
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(input.IsReadable());
    EXPECT_FALSE(input.ReadOnce());
  }
  EXPECT_EQ(input.Read(), Lines{});
}

TEST(StandardInput, MayBeARegularFile) {
  const TempDirectory directory;
  const UniqueFd file(::open(directory.Write("log", "one\ntwo\nthree").c_str(), O_RDONLY));
  OpenedStreams input(From(file));
  EXPECT_TRUE(input.IsReadable());
  EXPECT_EQ(input.Read(), (Lines{"one", "two", "three"}));
  EXPECT_FALSE(input.IsReadable());
  EXPECT_FALSE(input.stats().open);
}

TEST(StandardInput, MayBeNothing) {
  const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  OpenedStreams input(From(null));
  EXPECT_EQ(input.Read(), Lines{});
  EXPECT_FALSE(input.IsReadable());
  EXPECT_FALSE(input.stats().open);
}

TEST(StandardInput, MayBeClosed) {
  // The highest number that is certainly free.
  OpenedStreams input(StreamSetOptions{.sources = {{0, "-"}}, .standard_input = 1000});
  EXPECT_EQ(input.error(), "");
  EXPECT_FALSE(input.IsReadable());
  EXPECT_EQ(input.Read(), Lines{});
  EXPECT_FALSE(input.stats().open);
  EXPECT_THAT(input.log().TakeMessages(),
              ElementsAre("warning: standard input cannot be read: Bad file descriptor"));
}

TEST(StandardInput, MayBeADirectory) {
  const TempDirectory directory;
  const UniqueFd fd(::open(directory.path().c_str(), O_RDONLY | O_CLOEXEC));
  OpenedStreams input(From(fd));
  EXPECT_EQ(input.Read(), Lines{});
  EXPECT_FALSE(input.IsReadable());
  EXPECT_EQ(input.stats().last_error, "Is a directory");
}

TEST(StandardInput, MayBeASocket) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  OpenedStreams input(From(ours));
  ASSERT_EQ(::write(theirs.get(), "a\nb", 3), 3);
  EXPECT_EQ(input.Read(), Lines{"a"});
  theirs.Reset();
  EXPECT_EQ(input.Read(), Lines{"b"});
  EXPECT_FALSE(input.IsReadable());
}

TEST(StandardInput, MayBeATerminal) {
  const UniqueFd typist(::posix_openpt(O_RDWR | O_NOCTTY));
  if (!typist) GTEST_SKIP() << "no pseudo terminals here";
  ASSERT_EQ(::grantpt(typist.get()), 0);
  ASSERT_EQ(::unlockpt(typist.get()), 0);
  std::array<char, 128> name{};
  ASSERT_EQ(::ptsname_r(typist.get(), name.data(), name.size()), 0);
  const UniqueFd terminal(::open(name.data(), O_RDWR | O_NOCTTY));
  OpenedStreams input(From(terminal));
  EXPECT_EQ(input.Read(), Lines{});
  ASSERT_EQ(::write(typist.get(), "a line\n", 7), 7);
  ASSERT_TRUE(input.IsReadable(5000));
  EXPECT_EQ(input.Read(), Lines{"a line"});
  EXPECT_TRUE(input.stats().open);
  ASSERT_EQ(::write(typist.get(), "\4", 1), 1);  // control and D
  ASSERT_TRUE(input.IsReadable(5000));
  EXPECT_EQ(input.Read(), Lines{});
  EXPECT_FALSE(input.stats().open);
}

// Nobody who shares standard input with us is to find it changed.
TEST(StandardInput, IsLeftBlocking) {
  const PipeEnds pipe;
  OpenedStreams input(From(pipe.reader));
  pipe.Write("a\n");
  EXPECT_EQ(input.Read(), Lines{"a"});
  EXPECT_EQ(::fcntl(pipe.reader.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(StandardInput, SkipsALineOverTheLimit) {
  const TempDirectory directory;
  const std::string junk(kMaxLineBytes + 1, '\0');
  const UniqueFd file(::open(directory.Write("log", "a\n" + junk + "\nb\n").c_str(), O_RDONLY));
  OpenedStreams input(From(file));
  EXPECT_EQ(input.Read(), (Lines{"a", "b"}));
  EXPECT_EQ(input.recorder().oversized(), 1U);
}

}  // namespace
}  // namespace accesslog
