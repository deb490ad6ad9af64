// The program has two seconds to end; nobody who is connected may make that longer.
#include <gmock/gmock.h>

#include <deque>

#include "http/served.h"
#include "support/slowdown.h"

namespace accesslog {
namespace {

using std::chrono::seconds;

Duration TimeToStop(std::unique_ptr<HttpServer> server) {
  const Stopwatch watch;
  server.reset();
  return watch.elapsed();
}

TEST(HttpServerStop, IsQuickWhereNobodyIsConnected) {
  EXPECT_LT(TimeToStop(Serve({{"/", Text("page")}})), seconds{1} * kSlowdown);
}

TEST(HttpServerStop, IsQuickAfterRequests) {
  auto server = Serve({{"/", Text("page")}});
  for (int i = 0; i < 10; ++i) Get(PortOf(*server), "/");
  EXPECT_LT(TimeToStop(std::move(server)), seconds{1} * kSlowdown);
}

TEST(HttpServerStop, IsQuickBesideHalfSentRequests) {
  auto server = Serve({{"/", Text("page")}});
  std::deque<RawConnection> slow;
  for (int i = 0; i < 30; ++i) slow.emplace_back(PortOf(*server)).Send("GET / HTTP/1.1\r\nHost");
  Get(PortOf(*server), "/");
  EXPECT_LT(TimeToStop(std::move(server)), seconds{1} * kSlowdown);
}

TEST(HttpServerStop, IsQuickBesideClientsThatSendNothing) {
  auto server = Serve({{"/", Text("page")}});
  std::deque<RawConnection> slow;
  for (int i = 0; i < 100; ++i) slow.emplace_back(PortOf(*server));
  EXPECT_LT(TimeToStop(std::move(server)), seconds{1} * kSlowdown);
}

TEST(HttpServerStop, IsQuickBesideClientsThatNeverRead) {
  auto server = Serve({{"/large", Text(std::string(8 << 20, 'x'))}});
  std::deque<RawConnection> slow;
  for (int i = 0; i < 30; ++i) {
    slow.emplace_back(PortOf(*server), 4096).Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  slow.front().ReadSome(1, seconds{1});
  EXPECT_LT(TimeToStop(std::move(server)), seconds{1} * kSlowdown);
}

}  // namespace
}  // namespace accesslog
