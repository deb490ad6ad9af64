#include "input/stream_address.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_directory.h"

namespace accesslog {
namespace {

using namespace std::string_literals;

std::string ErrorOf(const std::string& source) {
  const auto address = ParseStreamAddress(source);
  return address ? "" : address.error().message;
}

StreamAddress Udp(const char* host, uint16_t port) {
  return {.kind = StreamKind::kSyslogUdp, .host = *IpAddress::Parse(host), .port = port};
}

TEST(ParseStreamAddress, KnowsStandardInput) {
  EXPECT_EQ(*ParseStreamAddress("-"), StreamAddress{.kind = StreamKind::kStandardInput});
}

TEST(ParseStreamAddress, TakesAPlainPathForAFifo) {
  const StreamAddress fifo{.kind = StreamKind::kFifo, .path = "/run/a b.fifo"};
  EXPECT_EQ(*ParseStreamAddress("fifo:/run/a b.fifo"), fifo);
  EXPECT_EQ(*ParseStreamAddress("/run/a b.fifo"), fifo);
  EXPECT_EQ(ErrorOf("fifo:"), "\"fifo:\" names no pipe; write fifo:/run/…");
  EXPECT_EQ(ErrorOf(""), "\"\" names no pipe; write fifo:/run/…");
  EXPECT_EQ(ErrorOf("/run/a\0b"s), "\"/run/a\\x00b\" holds a NUL");
}

TEST(ParseStreamAddress, ReadsUdp) {
  EXPECT_EQ(*ParseStreamAddress("syslog+udp://127.0.0.1:5514"), Udp("127.0.0.1", 5514));
  EXPECT_EQ(*ParseStreamAddress("syslog+udp://localhost:5514"), Udp("127.0.0.1", 5514));
  EXPECT_EQ(*ParseStreamAddress("syslog+udp://[::1]:514"), Udp("::1", 514));
  EXPECT_EQ(*ParseStreamAddress("syslog+udp://[::]:65535"), Udp("::", 65535));
  EXPECT_EQ(*ParseStreamAddress("syslog+udp://0.0.0.0:0"), Udp("0.0.0.0", 0));
  EXPECT_EQ(*ParseStreamAddress("syslog+udp://:514"), Udp("0.0.0.0", 514));
}

TEST(ParseStreamAddress, SaysWhatIsWrongWithUdp) {
  for (const std::string source :
       {"syslog+udp://", "syslog+udp://127.0.0.1", "syslog+udp://[::1]"}) {
    EXPECT_EQ(ErrorOf(source), "\"" + source + "\" has no port; write syslog+udp://127.0.0.1:5514");
  }
  for (const std::string source : {"syslog+udp://127.0.0.1:", "syslog+udp://127.0.0.1:65536",
                                   "syslog+udp://127.0.0.1:-1", "syslog+udp://127.0.0.1:5514/"}) {
    EXPECT_EQ(ErrorOf(source),
              "\"" + source + "\" has no port between 0 and 65535 behind the last colon");
  }
  for (const std::string source : {"syslog+udp://web-1:514", "syslog+udp://::1:514",
                                   "syslog+udp://[::1:514", "syslog+udp:///127.0.0.1:514"}) {
    EXPECT_EQ(ErrorOf(source), "\"" + source +
                                   "\" names no address to listen on; write 127.0.0.1, [::1], or "
                                   "0.0.0.0 for every address of this machine");
  }
}

TEST(ParseStreamAddress, ReadsUnixSockets) {
  EXPECT_EQ(*ParseStreamAddress("syslog+unix:/run/x.sock"),
            (StreamAddress{.kind = StreamKind::kSyslogUnix, .path = "/run/x.sock"}));
  const std::string longest = "/" + std::string(106, 'x');
  EXPECT_EQ(ParseStreamAddress("syslog+unix:" + longest)->path, longest);
  EXPECT_EQ(
      ErrorOf("syslog+unix:" + longest + "x"),
      "\"syslog+unix:" + longest + "x\" is too long; the path of a socket has at most 107 bytes");
  for (const std::string source : {"syslog+unix:", "syslog+unix:run/x", "syslog+unix:/run/"}) {
    EXPECT_EQ(ErrorOf(source), "\"" + source +
                                   "\" names no socket; write "
                                   "syslog+unix:/run/accesslog_exporter/access.sock");
  }
}

TEST(ParseStreamAddress, SaysWhichSyslogThereIs) {
  for (const std::string source : {"syslog+tcp://127.0.0.1:514", "syslog+", "syslog+udp:514"}) {
    EXPECT_EQ(ErrorOf(source),
              "\"" + source +
                  "\" is no way to receive syslog; write syslog+udp://127.0.0.1:5514 or "
                  "syslog+unix:/run/…");
  }
  EXPECT_EQ(ErrorOf("syslog+\x1b[0m").substr(0, 15), "\"syslog+\\x1b[0m");
}

TEST(NamesStream, GoesByTheText) {
  for (const char* source : {"-", "fifo:/x", "syslog+udp://:1", "syslog+unix:/x", "syslog+tcp:x"}) {
    EXPECT_TRUE(NamesStream(source)) << source;
  }
  for (const char* source : {"", "access.log", "./-", "/run/x.fifo", "*.log", "syslog"}) {
    EXPECT_FALSE(NamesStream(source)) << source;
  }
  EXPECT_TRUE(NamesSyslog("syslog+unix:/x"));
  EXPECT_FALSE(NamesSyslog("fifo:/x"));
}

TEST(IsFifo, SeesPipesOnly) {
  const TempDirectory directory;
  ASSERT_EQ(::mkfifo(directory.PathOf("pipe").c_str(), 0600), 0);
  EXPECT_TRUE(IsFifo(directory.PathOf("pipe")));
  EXPECT_FALSE(IsFifo(directory.Write("file", "")));
  EXPECT_FALSE(IsFifo(directory.path()));
  EXPECT_FALSE(IsFifo(directory.PathOf("missing")));
}

TEST(IsLoopback, KnowsBothFamilies) {
  for (const char* text : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(IsLoopback(*IpAddress::Parse(text))) << text;
  }
  for (const char* text : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "fe80::1", "::2"}) {
    EXPECT_FALSE(IsLoopback(*IpAddress::Parse(text))) << text;
  }
}

}  // namespace
}  // namespace accesslog
