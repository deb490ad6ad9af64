// Syslog over a unix datagram socket, and the life of its name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/datagram_sender.h"
#include "input/opened_streams.h"
#include "input/socket_file.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using ::testing::HasSubstr;

class SyslogUnix : public testing::Test {
 protected:
  mode_t ModeOfFile() const {
    struct stat status {};
    EXPECT_EQ(::lstat(path_.c_str(), &status), 0);
    return status.st_mode;
  }
  bool Exists() const {
    struct stat status {};
    return ::lstat(path_.c_str(), &status) == 0;
  }
  // As a process that was killed leaves it.
  void LeaveBehind(int type = SOCK_DGRAM) const { Bound(type).Reset(); }
  UniqueFd Bound(int type) const {
    UniqueFd fd(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    sockaddr_storage storage{};
    std::memcpy(&storage, &address, sizeof(address));
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&storage), sizeof(address)), 0);
    return fd;
  }

  TempDirectory directory_;
  std::string path_ = directory_.PathOf("access.sock");
  std::string source_ = "syslog+unix:" + path_;
};

TEST_F(SyslogUnix, TakesADatagramForALine) {
  OpenedStreams socket(source_);
  ASSERT_EQ(socket.error(), "");
  const DatagramSender sender(path_);
  EXPECT_TRUE(sender.Send("<190>Nov 22 10:00:00 nginx: one"));
  EXPECT_TRUE(sender.Send("two\n"));
  EXPECT_EQ(socket.Read(), (Lines{"<190>Nov 22 10:00:00 nginx: one", "two"}));
  EXPECT_FALSE(socket.IsReadable());
  EXPECT_EQ(socket.stats().messages, 2U);
  EXPECT_EQ(socket.log().TakeMessages().back(), "info: reading " + source_);
}

TEST_F(SyslogUnix, WarnsWhereFewMessagesMayWait) {
  OpenedStreams socket(source_);
  const std::string limit = ReadFile("/proc/sys/net/unix/max_dgram_qlen");
  const auto messages = socket.log().TakeMessages();
  if (std::stoi(limit) >= 512) {
    EXPECT_EQ(messages.size(), 1U);
  } else {
    EXPECT_THAT(messages.front(), HasSubstr("sysctl -w net.unix.max_dgram_qlen=512"));
  }
}

TEST_F(SyslogUnix, LetsEveryUserSend) {
  const OpenedStreams socket(source_);
  EXPECT_EQ(ModeOfFile(), static_cast<mode_t>(S_IFSOCK | 0666));
}

TEST_F(SyslogUnix, IsRemovedAtTheEnd) {
  {
    const OpenedStreams socket(source_);
    EXPECT_TRUE(Exists());
  }
  EXPECT_FALSE(Exists());
}

TEST_F(SyslogUnix, RemovesNothingOfOthers) {
  {
    const OpenedStreams socket(source_);
    ::unlink(path_.c_str());
    directory_.Write("access.sock", "a file");
  }
  EXPECT_EQ(ReadFile(path_), "a file");
  ::unlink(path_.c_str());
  UniqueFd other;
  {
    const OpenedStreams socket(source_);
    ::unlink(path_.c_str());
    other = Bound(SOCK_DGRAM);
  }
  EXPECT_TRUE(DatagramSender(path_).is_connected());
}

TEST_F(SyslogUnix, TakesOverFromAProcessThatDied) {
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    LeaveBehind(type);
    OpenedStreams socket(source_);
    ASSERT_EQ(socket.error(), "");
    EXPECT_TRUE(DatagramSender(path_).Send("a"));
    EXPECT_EQ(socket.Read(), Lines{"a"});
  }
}

TEST_F(SyslogUnix, LeavesASocketInUseAlone) {
  OpenedStreams first(source_);
  const OpenedStreams second(source_);
  EXPECT_EQ(second.error(), source_ + " cannot listen: another process listens on " + path_ +
                                "; stop it (`ss -xlp` names it), or choose another path");
  EXPECT_TRUE(DatagramSender(path_).Send("a"));
  EXPECT_EQ(first.Read(), Lines{"a"});
}

TEST_F(SyslogUnix, LeavesWhatIsNoSocketAlone) {
  directory_.Write("access.sock", "a file");
  {
    const OpenedStreams socket(source_);
    EXPECT_EQ(socket.error(), source_ + " cannot listen: " + path_ +
                                  " exists and is no socket; remove it, or choose another path");
  }
  EXPECT_EQ(ReadFile(path_), "a file");
}

TEST_F(SyslogUnix, LeavesALinkAlone) {
  ASSERT_EQ(::symlink("/nowhere/else", path_.c_str()), 0);
  const OpenedStreams socket(source_);
  EXPECT_EQ(socket.error(), source_ + " cannot listen: " + path_ +
                                " exists and is no socket; remove it, or choose another path");
  EXPECT_TRUE(Exists());
}

TEST_F(SyslogUnix, SaysThatItsDirectoryIsMissing) {
  const std::string path = directory_.PathOf("missing/access.sock");
  const OpenedStreams socket("syslog+unix:" + path);
  EXPECT_EQ(socket.error(), "syslog+unix:" + path +
                                " cannot listen: No such file or directory; "
                                "create the directory of " +
                                path);
}

TEST_F(SyslogUnix, CountsWhatIsTooLong) {
  OpenedStreams socket(source_);
  const DatagramSender sender(path_);
  EXPECT_TRUE(sender.Send("before"));
  EXPECT_TRUE(sender.SetBuffer(1 << 20));
  const size_t limit = size_t{256} * 1024;
  EXPECT_TRUE(sender.Send(std::string(limit, 'x')));
  EXPECT_TRUE(sender.Send("behind"));
  EXPECT_EQ(socket.Read(), (Lines{"before", "behind"}));
  EXPECT_TRUE(sender.Send(std::string(limit - 1, 'y')));
  EXPECT_EQ(socket.Read(), Lines{std::string(limit - 1, 'y')});
  EXPECT_EQ(socket.recorder().oversized(), 1U);
  EXPECT_EQ(socket.stats().truncated, 1U);
  EXPECT_TRUE(sender.Send(std::string(limit, 'x')));
  EXPECT_EQ(socket.Read(), Lines{});
  EXPECT_EQ(socket.recorder().oversized(), 2U);
}

// Nothing is dropped here: it is the sender who is told.
TEST_F(SyslogUnix, RefusesWhatItCannotHold) {
  OpenedStreams socket(source_);
  const DatagramSender sender(path_);
  size_t sent = 0;
  while (sent < 100000 && sender.Send("a")) ++sent;
  EXPECT_LT(sent, 100000U);
  EXPECT_EQ(socket.Read().size(), sent);
  EXPECT_TRUE(sender.Send("b"));
  EXPECT_EQ(socket.Read(), Lines{"b"});
  EXPECT_EQ(socket.stats().dropped, 0U);
}

// As a cleaner of temporary files removes it.
TEST_F(SyslogUnix, IsMadeAnewWhereItWasRemoved) {
  OpenedStreams socket(source_);
  const DatagramSender connected(path_);
  socket.ReadLater();
  socket.log().TakeMessages();
  EXPECT_TRUE(connected.Send("before"));
  ::unlink(path_.c_str());
  EXPECT_EQ(socket.ReadLater(), Lines{"before"});
  EXPECT_EQ(socket.log().TakeMessages(),
            Lines{"warning: " + path_ + " was removed by somebody else; it was made anew"});
  EXPECT_EQ(ModeOfFile(), static_cast<mode_t>(S_IFSOCK | 0666));
  EXPECT_FALSE(connected.Send("to the old one"));
  EXPECT_TRUE(DatagramSender(path_).Send("after"));
  EXPECT_EQ(socket.Read(), Lines{"after"});
  EXPECT_EQ(socket.ReadLater(), Lines{});
  EXPECT_EQ(socket.log().TakeMessages(), Lines{});
}

TEST_F(SyslogUnix, WaitsForItsNameWhereAnotherTookIt) {
  OpenedStreams socket(source_);
  socket.ReadLater();
  socket.log().TakeMessages();
  ::unlink(path_.c_str());
  directory_.Write("access.sock", "a file");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(socket.ReadLater(), Lines{});
  EXPECT_FALSE(socket.stats().open);
  EXPECT_FALSE(socket.IsReadable());
  const std::string why =
      "cannot listen: " + path_ + " exists and is no socket; remove it, or choose another path";
  EXPECT_EQ(socket.stats().last_error, why);
  EXPECT_EQ(socket.log().TakeMessages(),
            Lines{"error: " + path_ + " was removed by somebody else: " + why +
                  "; trying again every second"});
  ::unlink(path_.c_str());
  EXPECT_EQ(socket.ReadLater(), Lines{});
  EXPECT_TRUE(socket.stats().open);
  EXPECT_TRUE(DatagramSender(path_).Send("a"));
  EXPECT_EQ(socket.Read(), Lines{"a"});
}

TEST_F(SyslogUnix, TakesALongPath) {
  const std::string name(107 - directory_.path().size() - 1, 'x');
  OpenedStreams socket("syslog+unix:" + directory_.PathOf(name));
  ASSERT_EQ(socket.error(), "");
  EXPECT_TRUE(DatagramSender(directory_.PathOf(name)).Send("a"));
  EXPECT_EQ(socket.Read(), Lines{"a"});
}

}  // namespace
}  // namespace accesslog
