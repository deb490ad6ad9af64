// The daemon in this process: real files, real sockets, waits that are bounded.
#include "app/serve.h"

#include <gmock/gmock.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

#include "app/log_lines.h"
#include "support/exposition.h"
#include "support/log_recorder.h"
#include "support/raw_http.h"
#include "support/scrape_laws.h"
#include "support/temp_directory.h"
#include "support/slowdown.h"

namespace accesslog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Polls `done` until it holds; false after ten seconds.
template <typename Done>
bool Eventually(Done done) {
  for (int i = 0; i < 500; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(milliseconds{20});
  }
  return false;
}

class ServeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Serve waits for the signal with a file descriptor, so no thread may take it another way.
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  void Start(const std::string& pattern, StartAt start = StartAt::kBeginning) {
    config_ = ParseConfig("[clients]\nfirst_value_hold = \"0\"\n").config;
    config_.listen_addresses = {{"127.0.0.1", 0}};
    SiteConfig site = DefaultSite(config_, {directory_.PathOf(pattern)});
    site.start = start;
    config_.sites = {site};
    config_.state.file = state_file_;
    port_ = 0;
    thread_ = std::thread([this] { error_ = RunServe(); });
    ASSERT_TRUE(Eventually([this] { return FindPort() && ready(); }));
  }
  void TearDown() override {
    if (thread_.joinable()) Stop();
  }

  // How long it took.
  Duration Stop(int signal = SIGTERM) {
    const auto start = std::chrono::steady_clock::now();
    ::kill(::getpid(), signal);
    thread_.join();
    const auto took = std::chrono::floor<Duration>(std::chrono::steady_clock::now() - start);
    // The signal is still there for whoever serves next.
    const timespec at_once{};
    ::sigtimedwait(&signals_, nullptr, &at_once);
    return took;
  }

  bool ready() { return Get(port_, "/-/ready").status == 200; }
  Exposition Scrape() {
    const Exposition scrape = ParseExposition(Get(port_, "/metrics").body);
    EXPECT_EQ(BrokenScrapeLaw(scrape), "");
    return scrape;
  }
  std::vector<std::string> Samples(const std::string& name) { return SamplesOf(Scrape(), name); }
  bool EventuallySees(const std::string& name, const std::string& sample) {
    return Eventually([&] {
      const auto samples = Samples(name);
      return std::find(samples.begin(), samples.end(), sample) != samples.end();
    });
  }

  TempDirectory directory_;
  LogRecorder log_;
  std::vector<std::string> messages_;
  uint16_t port_ = 0;
  std::string error_;
  ServeOptions options_;
  std::string state_file_;
  Config config_;

 private:
  std::string RunServe() {
    options_.config = config_;
    const auto served = Serve(options_, SystemClock(), log_.logger());
    return served ? "" : served.error().message;
  }
  // From "info: listening on http://127.0.0.1:12345/".
  bool FindPort() {
    for (std::string& message : log_.TakeMessages()) {
      const std::string head = "info: listening on http://127.0.0.1:";
      if (message.starts_with(head)) {
        port_ = static_cast<uint16_t>(std::stoi(message.substr(head.size())));
      }
      messages_.push_back(std::move(message));
    }
    return port_ != 0;
  }

  sigset_t signals_{};
  std::thread thread_;
};

TEST_F(ServeTest, CountsWhatIsThereAndWhatIsWritten) {
  directory_.Write("access.log", Lines(3, {.client = "192.0.2.1", .status = 404}));
  Start("access.log");
  EXPECT_THAT(Samples("accesslog_client_requests_total"),
              ElementsAre("client=\"192.0.2.1\",site=\"default\",status=\"404\" 3"));
  directory_.Append("access.log", Lines(2, {.client = "192.0.2.1", .status = 404}));
  EXPECT_TRUE(EventuallySees("accesslog_client_requests_total",
                             "client=\"192.0.2.1\",site=\"default\",status=\"404\" 5"));
}

TEST_F(ServeTest, KeepsTheLawsWhileLinesAreWrittenAndScraped) {
  directory_.Write("access.log", "");
  Start("access.log");
  std::thread writer([this] {
    for (int i = 0; i < 200; ++i) {
      directory_.Append("access.log", Lines(50, {.client = "192.0.2." + std::to_string(i % 250),
                                                 .status = 200 + i % 7}));
    }
  });
  std::thread other_scraper([this] {
    for (int i = 0; i < 20; ++i) Scrape();
  });
  for (int i = 0; i < 20; ++i) Scrape();
  writer.join();
  other_scraper.join();
  EXPECT_TRUE(EventuallySees("accesslog_lines_read_total", "site=\"default\" 10000"));
}

TEST_F(ServeTest, FollowsARotation) {
  directory_.Write("access.log", Lines(1, {}));
  Start("access.log");
  std::filesystem::rename(directory_.PathOf("access.log"), directory_.PathOf("access.log.1"));
  directory_.Append("access.log.1", Lines(1, {}));
  directory_.Write("access.log", Lines(1, {}));
  EXPECT_TRUE(EventuallySees("accesslog_lines_read_total", "site=\"default\" 3"));
  EXPECT_TRUE(
      EventuallySees("accesslog_tail_rotations_total",
                     "file=\"" + directory_.PathOf("access.log") + "\",site=\"default\" 1"));
}

TEST_F(ServeTest, ShowsAFileThatCannotBeOpened) {
  Start("missing.log");
  EXPECT_THAT(Samples("accesslog_tail_file_open"),
              ElementsAre("file=\"" + directory_.PathOf("missing.log") + "\",site=\"default\" 0"));
}

TEST_F(ServeTest, ReadsAFileThatAppearsLater) {
  Start("access.log", StartAt::kEnd);
  directory_.Write("access.log", Lines(2, {}));
  EXPECT_TRUE(EventuallySees("accesslog_lines_read_total", "site=\"default\" 2"));
}

TEST_F(ServeTest, AnswersOnItsPaths) {
  Start("access.log");
  EXPECT_EQ(Get(port_, "/-/healthy").body, "healthy\n");
  EXPECT_EQ(Get(port_, "/-/ready").body, "ready\n");
  EXPECT_THAT(Get(port_, "/").body, HasSubstr("<h1>accesslog_exporter</h1>"));
  EXPECT_THAT(Get(port_, "/").headers,
              Contains(::testing::Pair("content-type", "text/html; charset=utf-8")));
  EXPECT_THAT(
      Get(port_, "/metrics").headers,
      Contains(::testing::Pair("content-type", "text/plain; version=0.0.4; charset=utf-8")));
}

TEST_F(ServeTest, AnswersInOpenMetricsWhereItIsAskedFor) {
  Start("access.log");
  const HttpAnswer answer =
      Get(port_, "/metrics", "Accept: application/openmetrics-text;version=1.0.0,*/*;q=0.1\r\n");
  EXPECT_EQ(answer.headers.at("content-type"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_EQ(answer.headers.at("vary"), "Accept-Encoding, Accept");
  EXPECT_THAT(answer.body, HasSubstr("# TYPE accesslog_lines_read counter\n"));
  EXPECT_TRUE(answer.body.ends_with("\n# EOF\n"));
}

TEST_F(ServeTest, EndsOnSigterm) {
  Start("access.log");
  EXPECT_LT(Stop(SIGTERM), seconds{2} * kSlowdown);
  EXPECT_EQ(error_, "");
  EXPECT_THAT(log_.TakeMessages(), Contains("info: stopping; 0 lines read"));
}

TEST_F(ServeTest, EndsOnSigint) {
  Start("access.log");
  EXPECT_LT(Stop(SIGINT), seconds{2} * kSlowdown);
  EXPECT_EQ(error_, "");
}

TEST_F(ServeTest, ReadsTheLastLinesBeforeItEnds) {
  directory_.Write("access.log", "");
  Start("access.log");
  directory_.Append("access.log", Lines(1000, {}));
  Stop();
  EXPECT_THAT(log_.TakeMessages(), Contains("info: stopping; 1,000 lines read"));
}

TEST_F(ServeTest, EndsInTimeWhoeverIsConnected) {
  Start("access.log");
  std::vector<std::unique_ptr<RawConnection>> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(std::make_unique<RawConnection>(port_));
    slow.back()->Send("GET /metrics HTTP/1.1\r\nHost");
  }
  EXPECT_LT(Stop(), seconds{2} * kSlowdown);
}

TEST_F(ServeTest, GoesOnWhereItStopped) {
  state_file_ = directory_.PathOf("state.db");
  directory_.Write("access.log", Lines(3, {.client = "192.0.2.1", .status = 404}));
  Start("access.log");
  Stop();
  directory_.Append("access.log", Lines(2, {.client = "192.0.2.1", .status = 404}));
  Start("access.log");
  EXPECT_THAT(Samples("accesslog_client_requests_total"),
              ElementsAre("client=\"192.0.2.1\",site=\"default\",status=\"404\" 5"));
  EXPECT_THAT(Samples("accesslog_state_set_aside"), ElementsAre("0"));
}

// Somebody looks all the time, and lines come all the time.
TEST_F(ServeTest, LosesNothingWhenItReadsItsConfigurationAgain) {
  std::atomic<bool> broken = false;
  options_.reload = [&]() -> std::optional<Config> {
    if (broken) return std::nullopt;
    return config_;
  };
  options_.lifecycle = true;
  state_file_ = directory_.PathOf("state.db");
  directory_.Write("access.log", "");
  Start("access.log");
  std::atomic<bool> done = false;
  std::thread scraper([&] {
    while (!done) Scrape();
  });
  const auto reload = [this] {
    return Ask(port_, "POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").status;
  };
  for (int i = 0; i < 10; ++i) {
    directory_.Append("access.log", Lines(50, {.client = "192.0.2.1", .status = 404}));
    EXPECT_EQ(reload(), 200);
  }
  EXPECT_TRUE(EventuallySees("accesslog_client_requests_total",
                             "client=\"192.0.2.1\",site=\"default\",status=\"404\" 500"));
  broken = true;
  EXPECT_EQ(reload(), 500);
  done = true;
  scraper.join();
  EXPECT_THAT(Samples("accesslog_config_last_reload_successful"), ElementsAre("0"));
  EXPECT_THAT(Samples("accesslog_client_requests_total"),
              ElementsAre("client=\"192.0.2.1\",site=\"default\",status=\"404\" 500"));
}

TEST_F(ServeTest, SaysThatThePortIsTaken) {
  Start("access.log");
  Config second = ParseConfig("").config;
  second.listen_addresses = {{"127.0.0.1", port_}};
  second.sites = {DefaultSite(second, {directory_.PathOf("access.log")})};
  LogRecorder log;
  const ServeOptions options{.config = second, .reload = {}};
  const auto served = Serve(options, SystemClock(), log.logger());
  ASSERT_FALSE(served);
  EXPECT_EQ(served.error().message,
            "cannot listen on 127.0.0.1:" + std::to_string(port_) +
                ": Address already in use; stop what listens there or choose another "
                "--web.listen-address");
}

}  // namespace
}  // namespace accesslog
