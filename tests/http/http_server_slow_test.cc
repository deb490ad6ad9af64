// Slow clients delay nobody else. Real sockets, and waits that are bounded.
#include <gmock/gmock.h>

#include <deque>
#include <thread>

#include "http/served.h"
#include "support/slowdown.h"

namespace accesslog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kLargeText(8 << 20, 'x');

TEST(HttpServerSlow, AnswersBesideHalfSentRequestsAndClientsThatNeverRead) {
  const auto server = Serve({{"/", Text("page")}, {"/large", Text(kLargeText)}});
  std::deque<RawConnection> slow;
  for (int i = 0; i < 30; ++i) {
    slow.emplace_back(PortOf(*server)).Send("GET /large HTTP/1.1\r\nHost");
    slow.emplace_back(PortOf(*server), 4096).Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  const Stopwatch watch;
  EXPECT_EQ(Get(PortOf(*server), "/").body, "page");
  EXPECT_LT(watch.elapsed(), seconds{1} * kSlowdown);
}

TEST(HttpServerSlow, CutsOffAHalfSentRequest) {
  const auto server = Serve({{"/", Text("page")}}, {.addresses = {}, .timeout_ms = 200});
  RawConnection slow(PortOf(*server));
  slow.Send("GET / HTTP/1.1\r\nHost");
  const Stopwatch watch;
  slow.ReadToEnd(seconds{20});
  EXPECT_LT(watch.elapsed(), seconds{10} * kSlowdown);
}

TEST(HttpServerSlow, CutsOffARequestThatTricklesIn) {
  const auto server = Serve({{"/", Text("page")}}, {.addresses = {}, .timeout_ms = 200});
  RawConnection slow(PortOf(*server));
  slow.Send("GET / HTTP/1.1\r\nX: ");
  const Stopwatch watch;
  // A byte now and then keeps no connection alive.
  while (watch.elapsed() < seconds{10}) {
    slow.Send("x");
    if (!slow.ReadSome(1, milliseconds{50}).empty()) break;
  }
  EXPECT_LT(watch.elapsed(), seconds{5} * kSlowdown);
}

// A scrape over a slow line: all of it arrives as long as it comes on.
TEST(HttpServerSlow, SendsTheWholeAnswerToASlowReader) {
  const auto server = Serve({{"/large", Text(kLargeText)}});
  RawConnection slow(PortOf(*server), 64 * 1024);
  slow.Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string all;
  // Some 3 MB a second.
  for (std::string some; !(some = slow.ReadSome(64 * 1024, seconds{5})).empty(); all += some) {
    std::this_thread::sleep_for(milliseconds{20});
  }
  EXPECT_EQ(ParseAnswer(all).body.size(), kLargeText.size());
}

}  // namespace
}  // namespace accesslog
