// Requests that no browser sends. Whatever they are answered, the server lives on.
#include <gmock/gmock.h>

#include <random>

#include "http/served.h"

namespace accesslog {
namespace {

class HttpServerHostile : public ::testing::TestWithParam<std::string> {};

TEST_P(HttpServerHostile, IsSurvived) {
  const auto server = Serve({{"/", Text("page")}});
  RawConnection connection(PortOf(*server));
  connection.Send(GetParam());
  connection.ReadSome(1000, std::chrono::milliseconds{200});
  EXPECT_EQ(Get(PortOf(*server), "/").body, "page");
}

INSTANTIATE_TEST_SUITE_P(
    Requests, HttpServerHostile,
    ::testing::Values("\r\n\r\n", "GET\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
                      "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
                      "CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: x\r\n\r\n",
                      "GET http://192.0.2.1/ HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n",
                      "GET metrics HTTP/1.1\r\nHost: x\r\n\r\n",
                      "GET / HTTP/9.9\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
                      "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                      "GET /%zz%0d%0aX: y HTTP/1.1\r\nHost: x\r\n\r\n",
                      "GET / HTTP/1.1\r\nAccept-Encoding:\r\n\r\n",
                      "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
                      std::string("GET /\0 HTTP/1.1\r\n\r\n", 19),
                      "GET /" + std::string(20000, 'a') + " HTTP/1.1\r\n\r\n",
                      "GET / HTTP/1.1\r\n" + std::string(20000, 'a') + "\r\n\r\n"));

TEST(HostileRequest, OfRandomBytesIsSurvived) {
  const auto server = Serve({{"/", Text("page")}});
  std::mt19937 random(1);
  for (int i = 0; i < 50; ++i) {
    std::string bytes = i % 2 == 0 ? "GET / HTTP/1.1\r\n" : "";
    for (size_t size = random() % 300; size > 0; --size) bytes += static_cast<char>(random());
    RawConnection(PortOf(*server)).Send(bytes + "\r\n\r\n");
  }
  EXPECT_EQ(Get(PortOf(*server), "/").body, "page");
}

// A scraper that hangs up in the middle of a large answer.
TEST(HostileRequest, OfNobodyWhoReadsTheAnswerIsSurvived) {
  const auto server = Serve({{"/", Text("page")}, {"/large", Text(std::string(10 << 20, 'x'))}});
  for (int i = 0; i < 20; ++i) {
    RawConnection connection(PortOf(*server));
    connection.Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    connection.ReadSome(100, std::chrono::seconds{5});
  }
  EXPECT_EQ(Get(PortOf(*server), "/").body, "page");
}

}  // namespace
}  // namespace accesslog
