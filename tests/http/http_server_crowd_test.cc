// Many slow clients together: each protection by itself. Real sockets; CivetWeb's own time-out is so
// long that it does not help.
#include <gmock/gmock.h>

#include <atomic>
#include <deque>
#include <thread>

#include "http/served.h"
#include "support/slowdown.h"

namespace accesslog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kLongTimeout = 60000;
constexpr const char* kLargeRequest = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";

// Nothing but the limit that a test sets does anything.
ConnectionLimits NoLimits() {
  ConnectionLimits limits;
  limits.stall = limits.age = limits.crowded_stall = limits.crowded_age = std::chrono::hours{1};
  limits.body_bytes = ~size_t{0};
  return limits;
}

HttpServerOptions With(const ConnectionLimits& limits, int threads = 64) {
  return {.addresses = {}, .threads = threads, .timeout_ms = kLongTimeout, .limits = limits};
}

Handlers Pages() {
  const auto body = std::make_shared<const SharedBody>([](const SharedBody::Sink& sink) {
    for (int i = 0; i < 8; ++i) sink(std::string(1 << 20, 'x'));
  });
  return {{"/", Text("page")},
          {"/large", [body](const HttpRequest&) { return HttpResponse{.body = {}, .shared = body}; }}};
}

TEST(HttpServerCrowd, CutsOffWhoReadsAByteNowAndThen) {
  ConnectionLimits limits = NoLimits();
  limits.stall = milliseconds{200};
  const auto server = Serve(Pages(), With(limits));
  std::string got;
  RawConnection slow(PortOf(*server), 4096);
  slow.Send(kLargeRequest);
  const Stopwatch watch;
  // A byte each 20 ms, for long enough; then all that is left.
  while (watch.elapsed() < seconds{1} * kSlowdown) {
    got += slow.ReadSome(1, seconds{5});
    std::this_thread::sleep_for(milliseconds{20});
  }
  got += slow.ReadToEnd(seconds{5});
  EXPECT_LT(got.size(), 8U << 20U);
}

TEST(HttpServerCrowd, CutsOffWhoTakesTooLongInAll) {
  ConnectionLimits limits = NoLimits();
  limits.age = milliseconds{300};
  const auto server = Serve(Pages(), With(limits));
  RawConnection slow(PortOf(*server), 4096);
  slow.Send(kLargeRequest);
  std::string got;
  const Stopwatch watch;
  while (watch.elapsed() < seconds{1} * kSlowdown) {
    got += slow.ReadSome(20000, seconds{5});
    std::this_thread::sleep_for(milliseconds{20});
  }
  got += slow.ReadToEnd(seconds{5});
  EXPECT_LT(got.size(), 8U << 20U);
}

TEST(HttpServerCrowd, LetsSlowReadersBeWhileThereIsRoom) {
  ConnectionLimits limits = NoLimits();
  limits.crowded_stall = limits.crowded_age = milliseconds{10};
  const auto server = Serve(Pages(), With(limits, 16));
  std::deque<RawConnection> slow;
  for (int i = 0; i < 8; ++i) slow.emplace_back(PortOf(*server), 4096).Send(kLargeRequest);
  std::this_thread::sleep_for(milliseconds{600});
  for (RawConnection& connection : slow) {
    // The head comes on top.
    EXPECT_GT(connection.ReadToEnd(seconds{30}).size(), 8U << 20U);
  }
}

class Crowded : public ::testing::Test {
 protected:
  static ConnectionLimits Limits() {
    ConnectionLimits limits = NoLimits();
    limits.crowded_stall = milliseconds{50};
    limits.crowded_age = milliseconds{1000};
    return limits;
  }
  void ExpectAnswers() {
    for (int i = 0; i < 5; ++i) {
      const Stopwatch watch;
      EXPECT_EQ(Get(PortOf(*server_), "/").body, "page");
      EXPECT_LT(watch.elapsed(), seconds{2} * kSlowdown);
    }
  }

  std::unique_ptr<HttpServer> server_ = Serve(Pages(), With(Limits(), 8));
  std::deque<RawConnection> slow_;
};

TEST_F(Crowded, AnswersBesideManyWhoNeverRead) {
  for (int i = 0; i < 40; ++i) slow_.emplace_back(PortOf(*server_), 4096).Send(kLargeRequest);
  ExpectAnswers();
}

TEST_F(Crowded, AnswersBesideManyHalfSentRequests) {
  for (int i = 0; i < 40; ++i) slow_.emplace_back(PortOf(*server_)).Send("GET / HTTP/1.1\r\nHost");
  ExpectAnswers();
}

TEST_F(Crowded, AnswersBesideManyWhoSendNothing) {
  for (int i = 0; i < 40; ++i) slow_.emplace_back(PortOf(*server_));
  ExpectAnswers();
}

// They have their answer, and do not hang up.
TEST_F(Crowded, AnswersBesideManyWhoStay) {
  for (int i = 0; i < 40; ++i) {
    slow_.emplace_back(PortOf(*server_)).Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  ExpectAnswers();
}

// Nobody is cut off because a handler takes its time.
TEST(HttpServerCrowd, LetsHandlersTakeTheirTime) {
  ConnectionLimits limits = NoLimits();
  limits.crowded_stall = limits.crowded_age = limits.stall = limits.age = milliseconds{10};
  const auto server = Serve({{"/", [](const HttpRequest&) {
                                std::this_thread::sleep_for(milliseconds{500});
                                return HttpResponse{.body = "late"};
                              }}},
                            With(limits, 2));
  EXPECT_EQ(Get(PortOf(*server), "/").body, "late");
}

// Each asks for a body of its own; those who do not read them must not keep all of them in memory.
TEST(HttpServerCrowd, KeepsFewBodiesInMemory) {
  static constexpr size_t kSize = 1 << 20;
  std::atomic<int> alive = 0;
  std::atomic<int> made = 0;
  const HttpHandler fresh = [&](const HttpRequest&) {
    ++alive;
    ++made;
    std::shared_ptr<const SharedBody> body(
        new SharedBody([](const SharedBody::Sink& sink) { sink(std::string(kSize, 'x')); }),
        [&](const SharedBody* gone) {
          delete gone;
          --alive;
        });
    return HttpResponse{.body = {}, .shared = body};
  };
  ConnectionLimits limits = NoLimits();
  limits.body_bytes = 4 * kSize;
  limits.crowded_stall = milliseconds{50};
  const auto server = Serve({{"/large", fresh}, {"/", Text("page")}}, With(limits));
  std::deque<RawConnection> slow;
  for (int i = 0; i < 32; ++i) slow.emplace_back(PortOf(*server), 4096).Send(kLargeRequest);
  Get(PortOf(*server), "/");
  const Stopwatch watch;
  while ((made < 32 || alive > 4) && watch.elapsed() < seconds{5} * kSlowdown) {
    std::this_thread::sleep_for(milliseconds{20});
  }
  EXPECT_LE(alive, 4);
  EXPECT_EQ(made, 32);
}

}  // namespace
}  // namespace accesslog
