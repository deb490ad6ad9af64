// Several streams side by side.
#include "input/stream_set.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/datagram_sender.h"
#include "input/opened_streams.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(StreamSet, MayBeEmpty) {
  OpenedStreams none(StreamSetOptions{});
  EXPECT_EQ(none.error(), "");
  EXPECT_TRUE(none.streams().sources().empty());
  EXPECT_GE(none.streams().fd(), 0);
  EXPECT_FALSE(none.IsReadable());
  EXPECT_FALSE(none.ReadOnce());
  EXPECT_THAT(none.streams().Streams(), IsEmpty());
}

TEST(StreamSet, KnowsWhoseEachStreamIs) {
  const TempDirectory directory;
  const std::string unix_source = "syslog+unix:" + directory.PathOf("a.sock");
  const std::string fifo_source = "fifo:" + directory.PathOf("a.fifo");
  OpenedStreams streams(StreamSetOptions{
      .sources = {{2, "syslog+udp://127.0.0.1:0"}, {0, unix_source}, {1, fifo_source}}});
  EXPECT_THAT(streams.made(),
              ElementsAre("2: syslog+udp://127.0.0.1:0", "0: " + unix_source, "1: " + fifo_source));
  ASSERT_EQ(::mkfifo(directory.PathOf("a.fifo").c_str(), 0600), 0);
  streams.ReadLater();
  const UniqueFd writer(::open(directory.PathOf("a.fifo").c_str(), O_WRONLY | O_NONBLOCK));
  ASSERT_EQ(::write(writer.get(), "3\n", 2), 2);
  EXPECT_TRUE(DatagramSender(directory.PathOf("a.sock")).Send("2"));
  EXPECT_TRUE(DatagramSender(streams.stats(0).port).Send("1"));
  while (streams.IsReadable()) streams.ReadOnce();
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_THAT(streams.recorder(i).TakeLines(), ElementsAre(std::to_string(i + 1)));
  }
  const auto all = streams.streams().Streams();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].site, 0U);
  EXPECT_EQ(all[1].source, unix_source);
  EXPECT_EQ(all[1].stats.bytes, 1U);
}

TEST(StreamSet, MovesToOtherSitesIfTheStreamsAreTheSame) {
  const TempDirectory directory;
  const std::string first = "syslog+unix:" + directory.PathOf("1.sock");
  const std::string second = "syslog+unix:" + directory.PathOf("2.sock");
  OpenedStreams streams(StreamSetOptions{.sources = {{0, first}, {1, second}}});
  EXPECT_FALSE(streams.streams().MoveTo({{0, first}}));
  EXPECT_FALSE(streams.streams().MoveTo({{0, first}, {1, first}}));
  EXPECT_FALSE(streams.streams().MoveTo({{0, first}, {1, second}, {2, "-"}}));
  EXPECT_EQ(streams.streams().Streams()[0].site, 0U);
  EXPECT_TRUE(streams.streams().MoveTo({{1, second}, {3, first}}));
  EXPECT_EQ(streams.streams().Streams()[0].site, 3U);
  EXPECT_EQ(streams.streams().Streams()[0].source, first);
  EXPECT_EQ(streams.streams().Streams()[1].site, 1U);
}

TEST(StreamSet, RefusesTheSameStreamTwice) {
  const TempDirectory directory;
  const std::string path = directory.PathOf("a.sock");
  const std::string behind =
      " is named twice; what one reader took from a stream, another does "
      "not see: give it to one site";
  const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  OpenedStreams input(
      StreamSetOptions{.sources = {{0, "-"}, {1, "-"}}, .standard_input = null.get()});
  EXPECT_EQ(input.error(), "-" + behind);
  OpenedStreams socket(
      StreamSetOptions{.sources = {{0, "syslog+unix:" + path}, {0, "syslog+unix:" + path}}});
  EXPECT_EQ(socket.error(), "syslog+unix:" + path + behind);
  const std::string pipe = directory.PathOf("a.fifo");
  OpenedStreams fifo(StreamSetOptions{.sources = {{0, pipe}, {1, "fifo:" + pipe}}});
  EXPECT_EQ(fifo.error(), "fifo:" + pipe + behind);
}

TEST(StreamSet, SaysWhichSourceIsWrong) {
  OpenedStreams streams("syslog+udp://127.0.0.1");
  EXPECT_EQ(streams.error(),
            "\"syslog+udp://127.0.0.1\" has no port; write syslog+udp://127.0.0.1:5514");
}

TEST(StreamSet, LetsNoFloodStarveTheOthers) {
  StreamSetOptions options{
      .sources = {{0, "syslog+udp://127.0.0.1:0"}, {0, "syslog+udp://127.0.0.1:0"}}};
  options.bytes_per_turn = 1;
  OpenedStreams streams(options);
  const DatagramSender flood(streams.stats(0).port);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(flood.Send("flood"));
  EXPECT_TRUE(DatagramSender(streams.stats(1).port).Send("a"));
  EXPECT_TRUE(streams.ReadOnce());
  EXPECT_EQ(streams.recorder(0).TakeLines().size(), DatagramBatch::kMostMessages);
  EXPECT_THAT(streams.recorder(1).TakeLines(), ElementsAre("a"));
  EXPECT_TRUE(streams.IsReadable());
  EXPECT_EQ(streams.Read().size(), 300 - DatagramBatch::kMostMessages);
  EXPECT_FALSE(streams.ReadOnce());
}

// Messages without content must not hold a turn for ever, either.
TEST(StreamSet, EndsATurnOfEmptyMessages) {
  OpenedStreams streams(
      StreamSetOptions{.sources = {{0, "syslog+udp://127.0.0.1:0"}}, .bytes_per_turn = 1000});
  const DatagramSender flood(streams.stats(0).port);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(flood.Send(""));
  EXPECT_TRUE(streams.ReadOnce());
  EXPECT_EQ(streams.stats().messages, DatagramBatch::kMostMessages);
}

TEST(StreamSet, ReadsAPipeByTurns) {
  const TempDirectory directory;
  const std::string path = directory.PathOf("a.fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  OpenedStreams streams(StreamSetOptions{.sources = {{0, path}}, .bytes_per_turn = 3});
  const UniqueFd writer(::open(path.c_str(), O_WRONLY | O_NONBLOCK));
  ASSERT_EQ(::write(writer.get(), "a\nb\n", 4), 4);
  EXPECT_TRUE(streams.ReadOnce());
  EXPECT_EQ(streams.stats().bytes, 3U);
  EXPECT_TRUE(streams.IsReadable());
  EXPECT_EQ(streams.Read(), (Lines{"a", "b"}));
}

}  // namespace
}  // namespace accesslog
