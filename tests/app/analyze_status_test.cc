// `analyze --status`: what `grep -n` gave, without its mistakes.
#include <gmock/gmock.h>

#include "app/analyzed.h"

namespace accesslog {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

AnalyzeOptions WithStatus(uint16_t status) {
  AnalyzeOptions options;
  options.status = status;
  return options;
}

TEST(AnalyzeStatus, ShowsLinesAndClients) {
  const std::string log = Lines(1, {.client = "192.0.2.1", .status = 404}) +
                          Lines(1, {.client = "192.0.2.2"}) +
                          Lines(2, {.client = "192.0.2.3", .status = 404});
  EXPECT_EQ(AnalyzeText(log, WithStatus(404)).out,
            "1:" + Line({.client = "192.0.2.1", .status = 404}) + "\n" +
                "3:" + Line({.client = "192.0.2.3", .status = 404}) + "\n" +
                "4:" + Line({.client = "192.0.2.3", .status = 404}) + "\n" +
                "Number of occurrences of '404': 3\n"
                "Clients with status 404 (most to least):\n"
                "192.0.2.3  2\n"
                "192.0.2.1  1\n");
}

// grep 404 also finds a size or a path.
TEST(AnalyzeStatus, MeansTheStatusOnly) {
  const std::string log = Lines(1, {.request = "GET /404 HTTP/1.1", .status = 200, .bytes = 404});
  EXPECT_EQ(AnalyzeText(log, WithStatus(404)).out,
            "Number of occurrences of '404': 0\nClients with status 404 (most to least):\n");
}

TEST(AnalyzeStatus, NamesTheFileWhereThereAreSeveral) {
  const TempDirectory directory;
  const std::string a = directory.Write("a.log", Lines(1, {}));
  const std::string b = directory.Write("b.log", Lines(1, {.status = 404}));
  EXPECT_THAT(AnalyzeFiles(WithStatus(404), {a, b}).out,
              StartsWith(b + ":1:" + Line({.status = 404}) + "\n"));
}

TEST(AnalyzeStatus, NumbersLinesBehindOnesThatWereTooLong) {
  const std::string log =
      Lines(1, {}) + std::string((1 << 20) + 1, 'x') + "\n\n" + Lines(1, {.status = 404});
  EXPECT_THAT(AnalyzeText(log, WithStatus(404)).out, StartsWith("4:"));
}

// containerd cuts a long line into several lines of its file: P, P, F. The number is that of the
// last.
TEST(AnalyzeStatus, NumbersLinesAsTheFileHasThem) {
  const std::string line = Line({.client = "192.0.2.3", .status = 404});
  const std::string time = "2026-03-02T10:00:00.123456789Z stdout ";
  const std::string log = time + "F " + Line({}) + "\n" + time + "P " + line.substr(0, 20) + "\n" +
                          time + "P " + line.substr(20, 10) + "\n" + time + "F " + line.substr(30) +
                          "\n" + time + "F " + Line({.status = 404}) + "\n";
  const std::string out = AnalyzeText(log, WithStatus(404)).out;
  EXPECT_THAT(out, StartsWith("4:" + line + "\n5:" + Line({.status = 404}) + "\n"));
}

TEST(AnalyzeStatus, NumbersOnThroughChunks) {
  const std::string time = "2026-03-02T10:00:00.123456789Z stdout ";
  std::string log;
  for (int i = 0; i < 20000; ++i) {
    log += time + "P " + Line({}).substr(0, 30) + "\n" + time + "F " + Line({}).substr(30) + "\n";
  }
  log += time + "F " + Line({.status = 404}) + "\n";
  for (const size_t threads : {1, 3}) {
    AnalyzeOptions options = WithStatus(404);
    options.threads = threads;
    EXPECT_THAT(AnalyzeText(log, options).out, StartsWith("40001:"));
  }
}

TEST(AnalyzeStatus, EscapesWhatCouldCommandATerminal) {
  const std::string log =
      Lines(1, {.request = "GET /\x1b[2J\x07\xff\xc2\x9b HTTP/1.1", .status = 404});
  EXPECT_THAT(AnalyzeText(log, WithStatus(404)).out,
              HasSubstr("GET /\\x1b[2J\\x07\\xff\\xc2\\x9b HTTP/1.1"));
}

TEST(AnalyzeStatus, ShowsNoCarriageReturn) {
  EXPECT_EQ(AnalyzeText(Line({.status = 404}) + "\r\n", WithStatus(404)).out.find('\r'),
            std::string::npos);
}

TEST(AnalyzeStatus, ListsTheTop) {
  AnalyzeOptions options = WithStatus(404);
  options.top = 1;
  const std::string log = Lines(2, {.client = "192.0.2.1", .status = 404}) +
                          Lines(1, {.client = "192.0.2.2", .status = 404});
  EXPECT_THAT(AnalyzeText(log, options).out,
              HasSubstr("192.0.2.1  2\n… and 1 more; --top=0 shows all\n"));
}

}  // namespace
}  // namespace accesslog
