#include "report/alertmanager.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "base/unique_fd.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Answers one request with what it was given, and keeps what was asked.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)) {
    fd_ = UniqueFd(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    ::listen(fd_.get(), 1);
    socklen_t length = sizeof(address);
    ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~OneAnswer() {
    if (thread_.joinable()) thread_.join();
  }

  std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
  const std::string& Asked() {
    thread_.join();
    return asked_;
  }

 private:
  void Serve() {
    const UniqueFd peer(::accept(fd_.get(), nullptr, nullptr));
    std::array<char, 4096> buffer{};
    while (asked_.find("\r\n\r\n[") == std::string::npos) {
      const ssize_t got = ::recv(peer.get(), buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      asked_.append(buffer.data(), static_cast<size_t>(got));
    }
    ::send(peer.get(), answer_.data(), answer_.size(), MSG_NOSIGNAL);
  }

  std::string answer_;
  std::string asked_;
  UniqueFd fd_;
  uint16_t port_ = 0;
  std::thread thread_;
};

constexpr const char* kFine = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

TEST(Alertmanager, IsSentTheAlerts) {
  OneAnswer server(kFine);
  const SendOutcome outcome =
      PostAlerts({.urls = {"http://" + server.authority() + "/am/"}}, "[{}]");
  EXPECT_TRUE(outcome.delivered);
  EXPECT_THAT(outcome.errors, IsEmpty());
  const std::string asked = server.Asked();
  EXPECT_TRUE(asked.starts_with("POST /am/api/v2/alerts HTTP/1.1\r\n")) << asked;
  EXPECT_THAT(asked, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(asked, Not(HasSubstr("Expect")));
  EXPECT_TRUE(asked.ends_with("\r\n\r\n[{}]"));
}

TEST(Alertmanager, IsToldWhoAsks) {
  OneAnswer server(kFine);
  PostAlerts({.urls = {"http://user:p%40ss@" + server.authority()}}, "[]");
  EXPECT_THAT(server.Asked(), HasSubstr("Authorization: Basic dXNlcjpwQHNz\r\n"));  // user:p@ss
}

TEST(Alertmanager, IsToldWhoAsksByAFile) {
  const TempDirectory directory;
  OneAnswer server(kFine);
  PostAlerts({.urls = {"http://" + server.authority()},
              .credentials_file = directory.Write("credentials", "user:p@ss\n")},
             "[]");
  EXPECT_THAT(server.Asked(), HasSubstr("Authorization: Basic dXNlcjpwQHNz\r\n"));
}

TEST(Alertmanager, ThatRefusesIsQuoted) {
  OneAnswer server(
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 9\r\nConnection: close\r\n\r\n\"no\x1b[31m\"");
  const SendOutcome outcome = PostAlerts({.urls = {"http://u:secret@" + server.authority()}}, "[]");
  EXPECT_FALSE(outcome.delivered);
  EXPECT_THAT(outcome.errors,
              ElementsAre("the report was not sent to http://" + server.authority() +
                          ": it answered 400: \"no\\x1b[31m\""));
}

TEST(Alertmanager, ThatIsNotThereIsNamedWithoutItsPassword) {
  const SendOutcome outcome = PostAlerts({.urls = {"http://u:secret@127.0.0.1:1"}}, "[]");
  EXPECT_FALSE(outcome.delivered);
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_THAT(outcome.errors[0], HasSubstr("the report was not sent to http://127.0.0.1:1: "));
  EXPECT_THAT(outcome.errors[0], Not(HasSubstr("secret")));
}

TEST(Alertmanager, MayBeSeveral) {
  OneAnswer server(kFine);
  const SendOutcome outcome =
      PostAlerts({.urls = {"http://127.0.0.1:1", "http://" + server.authority()}}, "[]");
  EXPECT_TRUE(outcome.delivered);
  EXPECT_EQ(outcome.errors.size(), 1U);
}

TEST(Alertmanager, NeedsReadableCredentials) {
  const TempDirectory directory;
  const auto error = [&](const std::string& file) {
    return PostAlerts({.urls = {"http://127.0.0.1:1"}, .credentials_file = file}, "[]")
        .errors.at(0);
  };
  EXPECT_EQ(
      error("/nowhere"),
      "the report was not sent to http://127.0.0.1:1: cannot read the credentials in /nowhere");
  const std::string file = directory.Write("credentials", "secret\n");
  EXPECT_EQ(error(file), "the report was not sent to http://127.0.0.1:1: " + file +
                             " does not hold USER:PASSWORD in its first line");
}

TEST(Alertmanager, HasAUrl) {
  for (const char* url : {"http://127.0.0.1:9093", "https://am.example/prefix/",
                          "http://u:p@[::1]:9093", "http://localhost"}) {
    EXPECT_EQ(WhyNoAlertmanagerUrl(url), std::nullopt) << url;
  }
  for (const char* url : {"", "127.0.0.1:9093", "ftp://a", "file:///etc/passwd", "http://",
                          "http://a b", "http://a?x", "http://a:0", "http://a:99999", "http://a:b@",
                          "http:///x", "http://a\nb", "http://[]"}) {
    EXPECT_THAT(WhyNoAlertmanagerUrl(url).value_or(""), HasSubstr("must be as")) << url;
  }
}

}  // namespace
}  // namespace accesslog
