// Syslog over UDP, with real datagrams over the loopback.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "input/datagram_sender.h"
#include "input/opened_streams.h"
#include "input/syslog_socket.h"

namespace accesslog {
namespace {

using namespace std::string_literals;

constexpr const char* kAnyPort = "syslog+udp://127.0.0.1:0";

StreamSetOptions WithSmallBuffer() {
  return {.sources = {{0, kAnyPort}}, .receive_buffer_bytes = 4096};
}

TEST(SyslogUdp, TakesADatagramForALine) {
  OpenedStreams udp(kAnyPort);
  ASSERT_EQ(udp.error(), "");
  const DatagramSender sender(udp.stats().port);
  EXPECT_FALSE(udp.IsReadable());
  EXPECT_TRUE(sender.Send("<190>Nov 22 10:00:00 host nginx: one"));
  EXPECT_TRUE(sender.Send("two\n"));
  EXPECT_TRUE(udp.IsReadable());
  EXPECT_EQ(udp.Read(), (Lines{"<190>Nov 22 10:00:00 host nginx: one", "two"}));
  EXPECT_FALSE(udp.IsReadable());
  EXPECT_EQ(udp.stats().messages, 2U);
  EXPECT_EQ(udp.stats().bytes, 40U);
  EXPECT_TRUE(udp.recorder().all_ended());
}

TEST(SyslogUdp, TakesOffWhatEndsAMessage) {
  OpenedStreams udp(kAnyPort);
  const DatagramSender sender(udp.stats().port);
  for (const std::string& message : {"a\n"s, "b\0"s, "c\n\0"s, "d\0\n\n"s, " e "s}) {
    EXPECT_TRUE(sender.Send(message));
  }
  EXPECT_EQ(udp.Read(), (Lines{"a", "b", "c", "d", " e "}));
}

// Who can send one line, as by a request, must not be able to send two.
TEST(SyslogUdp, KeepsOneMessageOneLine) {
  OpenedStreams udp(kAnyPort);
  const DatagramSender sender(udp.stats().port);
  EXPECT_TRUE(sender.Send("a\n192.0.2.1 - - forged\n"));
  EXPECT_EQ(udp.Read(), Lines{"a 192.0.2.1 - - forged"});
}

TEST(SyslogUdp, PassesOverEmptyMessages) {
  OpenedStreams udp(kAnyPort);
  const DatagramSender sender(udp.stats().port);
  for (const std::string& message : {""s, "\n"s, "\0"s, "a"s, ""s})
    EXPECT_TRUE(sender.Send(message));
  EXPECT_EQ(udp.Read(), Lines{"a"});
  EXPECT_EQ(udp.stats().messages, 5U);
}

TEST(SyslogUdp, PassesBytesOnAsTheyAre) {
  OpenedStreams udp(kAnyPort);
  const DatagramSender sender(udp.stats().port);
  std::string every_byte;
  for (int i = 1; i < 256; ++i) every_byte += static_cast<char>(i);
  EXPECT_TRUE(sender.Send("\0"s + every_byte));
  std::string expected = "\0"s + every_byte;
  expected[10] = ' ';
  EXPECT_EQ(udp.Read(), Lines{expected});
}

TEST(SyslogUdp, TakesTheLargestDatagram) {
  OpenedStreams udp(kAnyPort);
  const DatagramSender sender(udp.stats().port);
  const std::string largest(65507, 'x');
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(sender.Send(largest));
    EXPECT_EQ(udp.Read(), Lines{largest});
  }
  EXPECT_EQ(udp.stats().truncated, 0U);
}

TEST(SyslogUdp, LosesNothingWhereItKeepsUp) {
  OpenedStreams udp(kAnyPort);
  const DatagramSender sender(udp.stats().port);
  const std::string line = "<190>Nov 22 10:00:00 nginx: 192.0.2.1 - - " + std::string(150, 'x');
  size_t received = 0;
  for (int i = 1; i <= 100000; ++i) {
    EXPECT_TRUE(sender.Send(line));
    // So many fit the buffer that a user without privileges may have.
    if (i % 100 == 0) received += udp.Read().size();
  }
  EXPECT_EQ(received, 100000U);
  EXPECT_EQ(udp.stats().messages, 100000U);
  EXPECT_EQ(udp.stats().bytes, 100000U * line.size());
  EXPECT_EQ(udp.stats().dropped, 0U);
}

TEST(SyslogUdp, CountsWhatTheKernelDropped) {
  OpenedStreams udp(WithSmallBuffer());
  const DatagramSender sender(udp.stats().port);
  for (int round = 1; round <= 3; ++round) {
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(sender.Send(std::string(200, 'x')));
    // The last ones were dropped, and no message comes behind them to tell.
    const size_t received = udp.Read().size();
    EXPECT_GT(received, 0U);
    EXPECT_LT(received, 1000U);
    EXPECT_EQ(udp.stats().messages + udp.stats().dropped, static_cast<uint64_t>(round) * 1000U);
  }
}

TEST(SyslogUdp, CountsDropsThroughTheEndOfTheKernelsCounter) {
  EXPECT_EQ(Growth(0, 5), 5U);
  EXPECT_EQ(Growth(7, 7), 0U);
  EXPECT_EQ(Growth(0xFFFFFFFEU, 3), 5U);
}

TEST(SyslogUdp, RaisesTheReceiveBufferAndSaysSo) {
  OpenedStreams udp(kAnyPort);
  EXPECT_GT(udp.stats().receive_buffer_bytes, 200U * 1024U);
  const auto messages = udp.log().TakeMessages();
  ASSERT_FALSE(messages.empty());
  EXPECT_EQ(messages.back(), "info: reading syslog+udp://127.0.0.1:0, port " +
                                 std::to_string(udp.stats().port) + ", with a receive buffer of " +
                                 std::to_string(udp.stats().receive_buffer_bytes) + " bytes");
}

TEST(SyslogUdp, WarnsWhereStrangersCanSend) {
  OpenedStreams udp("syslog+udp://0.0.0.0:0");
  EXPECT_EQ(udp.log().TakeMessages().back(),
            "warning: syslog+udp://0.0.0.0:0 takes lines from anyone who can reach it, and they "
            "can name any client: listen on 127.0.0.1, or let the firewall admit none but the web "
            "servers");
  const DatagramSender sender(udp.stats().port);
  EXPECT_TRUE(sender.Send("a"));
  EXPECT_EQ(udp.Read(), Lines{"a"});
}

TEST(SyslogUdp, ListensOnIpv6) {
  OpenedStreams any("syslog+udp://[::]:0");
  if (any.error().find("no IPv6") != std::string::npos) GTEST_SKIP() << any.error();
  ASSERT_EQ(any.error(), "");
  // IPv4 arrives as well.
  EXPECT_TRUE(DatagramSender(any.stats().port).Send("a"));
  EXPECT_EQ(any.Read(), Lines{"a"});
  OpenedStreams loopback("syslog+udp://[::1]:0");
  if (loopback.error().empty()) {
    EXPECT_GT(loopback.stats().port, 0);
  }
}

TEST(SyslogUdp, SaysThatAPortIsTaken) {
  OpenedStreams first(kAnyPort);
  const std::string port = std::to_string(first.stats().port);
  OpenedStreams second("syslog+udp://127.0.0.1:" + port);
  EXPECT_EQ(second.error(), "syslog+udp://127.0.0.1:" + port +
                                " cannot listen: Address already in use; another program listens "
                                "there (`ss -lunp 'sport = :" +
                                port + "'` names it): stop it, or choose another port");
}

TEST(SyslogUdp, SaysThatAnAddressIsNotOurs) {
  OpenedStreams udp("syslog+udp://192.0.2.1:5514");
  EXPECT_EQ(udp.error(),
            "syslog+udp://192.0.2.1:5514 cannot listen: Cannot assign requested address; this "
            "machine has no such address: 127.0.0.1 or 0.0.0.0 always work");
}

}  // namespace
}  // namespace accesslog
