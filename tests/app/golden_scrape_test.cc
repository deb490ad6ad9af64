// A whole scrape, made of a fixed sequence of lines, compared byte for byte with
// tests/data/golden.prom. Where a change is meant, ACCESSLOG_UPDATE_GOLDEN=1 writes the file anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "app/log_lines.h"
#include "app/site_engine.h"
#include "expose/text.h"
#include "support/exposition.h"
#include "support/scrape_laws.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using std::chrono::seconds;

class GoldenScrape {
 public:
  GoldenScrape() {
    engine_.detector().GoLive();
    // Fills the table: ten series.
    At(seconds{0});
    Count(3, {.client = "192.0.2.10", .bytes = 5120});
    Count(1, {.client = "192.0.2.10", .request = "GET /favicon.ico HTTP/1.1", .status = 404});
    for (const char* client : {"192.0.2.11", "192.0.2.12", "192.0.2.13"}) {
      Count(1, {.client = client});
    }
    At(seconds{5});
    Count(2, {.client = "2001:db8:1:2::7", .request = "HEAD / HTTP/1.1", .bytes = 0});
    Count(1, {.client = "crawler.example.com", .status = 304});
    Count(7, {.client = "203.0.113.7", .request = "POST /login HTTP/1.1", .status = 401});
    At(seconds{10});
    Count(1, {.client = "198.51.100.130", .request = "BREW /pot HTTP/1.1", .status = 409});
    Count(1, {.client = "198.51.100.130", .request = "PUT /doc HTTP/1.1", .status = 500});
    // These find it full. `other` takes them, and the places of the clients quiet for longest.
    At(seconds{15});
    Count(1, {.client = "198.51.100.2"});
    At(seconds{16});
    Count(2, {.client = "198.51.100.3", .request = "GET /admin HTTP/1.1", .status = 403});
    At(seconds{17});
    Count(1, {.client = "198.51.100.4", .request = "GET /.env HTTP/1.1", .status = 404});
    // What a scanner writes.
    engine_.Count(Line({.client = "198.51.100.3", .request = "\\x16\\x03\\x01", .status = 400}),
                  parser_, now_);
    engine_.Count(Line({.client = "203.0.113.7", .status = 999}), parser_, now_);
    engine_.Count("", parser_, now_);
    engine_.Count("not a log line", parser_, now_);
    engine_.Count(Line({.client = "?"}), parser_, now_);
    engine_.CountOversized(2);
  }

  // Twenty-five seconds after the last births, so those are held back.
  std::string Text() const {
    const Cut cut =
        TakeCut({engine_.View(), quiet_.View()}, Files(), Self(), kStart + seconds{40}, false);
    std::string text;
    WriteText(cut, [&](std::string_view piece) { text += piece; });
    return text;
  }

 private:
  static ClientOptions SmallTable() {
    ClientOptions options;
    options.max_series = 10;
    return options;
  }
  static DetectOptions Detection() {
    DetectOptions options;
    options.internal = {*IpPrefix::Parse("198.51.100.128/25")};
    return options;
  }
  static SelfView Self() {
    return {.version = "1.2.3",
            .revision = "0123456789ab",
            .compiler = "gcc 12.2.0",
            .last_scrape_seconds = 0.0021,
            .process = {.cpu_seconds = 1.25,
                        .start_time_seconds = 1772445000,
                        .resident_bytes = 9 << 20,
                        .virtual_bytes = 80 << 20,
                        .open_fds = 12,
                        .max_fds = 1024},
            .reload = {true, Time{std::chrono::seconds{1772445001}}},
            .state = StateView{.last_write_seconds = 0.004,
                               .last_success = Time{std::chrono::seconds{1772445100}},
                               .writes = 20,
                               .errors = 0,
                               .set_aside = false},
            .crawlers = {{.crawler = "googlebot",
                          .ranges = 164,
                          .files = {{"/etc/accesslog_exporter/googlebot.json", true},
                                    {"/etc/accesslog_exporter/special.json", false}}}}};
  }
  static std::vector<FileView> Files() {
    return {{.site = "shop",
             .path = "/var/log/nginx/access.log",
             .open = true,
             .bytes_behind = 17,
             .rotations = 2,
             .truncations = 1,
             .lost_bytes = 42,
             .last_line = kStart + seconds{17}},
            {.site = "quiet \"site\"",
             .path = "/var/log/\xff\n.log",
             .open = false,
             .open_errors = 3,
             .last_line = {}},
            {.site = "shop",
             .path = "syslog+udp://127.0.0.1:5514",
             .open = true,
             .dropped_messages = 6,
             .last_line = {}}};
  }

  void At(Duration after_start) { now_ = kStart + after_start; }
  void Count(int times, Said said) {
    said.time = now_;
    for (int i = 0; i < times; ++i) engine_.Count(Line(said), parser_, now_);
  }

  SiteEngine engine_{"shop", SmallTable(), Detection(), 42};
  SiteEngine quiet_{"quiet \"site\"", ClientOptions{}, Detection(), 42};
  LogParser parser_ = *LogParser::Create("combined");
  Time now_ = kStart;
};

const std::string kGoldenFile = std::string(ACCESSLOG_TEST_DATA) + "/golden.prom";

TEST(GoldenScrape, IsAsItWas) {
  const std::string text = GoldenScrape().Text();
  if (std::getenv("ACCESSLOG_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(kGoldenFile, std::ios::binary) << text;
    GTEST_SKIP() << "wrote " << kGoldenFile;
  }
  EXPECT_EQ(text, ReadFile(kGoldenFile));
}

TEST(GoldenScrape, IsWellFormed) { EXPECT_EQ(ParseExposition(GoldenScrape().Text()).error, ""); }

TEST(GoldenScrape, KeepsTheLaws) {
  EXPECT_EQ(BrokenScrapeLaw(ParseExposition(GoldenScrape().Text())), "");
}

}  // namespace
}  // namespace accesslog
