// The answer of `analyze` does not depend on how many threads look for it, and is that of the
// engine that runs live.
#include <gmock/gmock.h>
#include <zlib.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "app/analyzed.h"
#include "app/file_sequence.h"
#include "app/site_engine.h"
#include "base/time_format.h"
#include "input/line_block.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr std::array<size_t, 5> kThreads = {1, 2, 3, 8, 20};

// Some 100 bytes a line, so 30,000 of them are more than five chunks; bursts that are two hours
// apart.
class LogWriter {
 public:
  explicit LogWriter(uint32_t seed) : random_(seed) {}

  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }

  std::string Usual(int number) {
    constexpr std::array<int, 8> kStatuses = {200, 200, 200, 304, 404, 401, 400, 500};
    const uint32_t client = Below(4) == 0 ? Below(3) : Below(300);
    return Line({.client =
                     "198.51." + std::to_string(client / 250) + "." + std::to_string(client % 250),
                 .time = kStart + hours{number / 1000 * 2} + milliseconds{number % 1000 * 100},
                 .request = "POST /item/" + std::to_string(Below(1000)) + " HTTP/1.1",
                 .status = kStatuses[Below(kStatuses.size())],
                 .bytes = static_cast<int>(Below(100000))}) +
           "\n";
  }
  // Lines that formats read in part, not at all, or only another format than the usual one.
  std::string Odd(int number) {
    switch (Below(6)) {
      case 0:
        return "www.example.org:443 " + Usual(number);
      case 1:
        return "no log line at all\n";
      case 2:
        return "192.0.2.77 - - [broken] \"GET / HTTP/1.1\" 404 1\n";
      case 3:
        return "\n";
      case 4:
        return "host.example.com - - [02/Mar/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 400 1\n";
      default:
        return std::string((1U << 20U) + 1, 'x') + "\n";
    }
  }
  // One odd line in `odd_of`; 0: none.
  std::string Log(int lines, uint32_t odd_of) {
    std::string log;
    for (int i = 0; i < lines; ++i) {
      log += odd_of > 0 && Below(odd_of) == 0 ? Odd(i) : Usual(i);
    }
    return log;
  }

 private:
  std::mt19937 random_;
};

std::string Gzipped(const TempDirectory& directory, const std::string& text) {
  const std::string path = directory.PathOf("access.log.gz");
  gzFile file = gzopen(path.c_str(), "wb1");
  EXPECT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
            static_cast<int>(text.size()));
  gzclose(file);
  return path;
}

// Everything that one look at the files can give.
std::string Answers(const std::vector<std::string>& files, AnalyzeOptions options) {
  options.top = 0;
  const Analyzed text = AnalyzeFiles(options, files);
  options.json = true;
  const Analyzed json = AnalyzeFiles(options, files);
  return std::to_string(text.exit_code) + text.out + text.err + json.out + json.err;
}

void ExpectOneAnswer(const std::vector<std::string>& files, AnalyzeOptions options = {}) {
  options.threads = 1;
  const std::string expected = Answers(files, options);
  for (const size_t threads : kThreads) {
    options.threads = threads;
    EXPECT_TRUE(Answers(files, options) == expected) << threads << " threads";
  }
}

class AnalyzeThreads : public ::testing::Test {
 protected:
  TempDirectory directory_;
};

TEST_F(AnalyzeThreads, AgreeOnAUsualLog) {
  ExpectOneAnswer({directory_.Write("access.log", LogWriter(1).Log(30000, 0))});
}

TEST_F(AnalyzeThreads, AgreeOnALogWithAFewOddLines) {
  ExpectOneAnswer({directory_.Write("access.log", LogWriter(2).Log(30000, 5000))});
}

// Each chunk changes how the next one is read.
TEST_F(AnalyzeThreads, AgreeOnALogFullOfOddLines) {
  LogWriter writer(3);
  std::string log;
  for (int i = 0; i < 100; ++i) {
    log += writer.Log(static_cast<int>(writer.Below(400)), 0);
    const bool vhost = writer.Below(2) == 0;
    for (int j = 0; j < 150; ++j) log += (vhost ? "www.example.org:443 " : "") + writer.Usual(j);
  }
  ExpectOneAnswer({directory_.Write("access.log", log + writer.Log(1000, 30))});
}

TEST_F(AnalyzeThreads, AgreeOnManyFiles) {
  LogWriter writer(4);
  std::vector<std::string> files;
  for (int i = 0; i < 40; ++i) {
    files.push_back(directory_.Write("access.log." + std::to_string(i),
                                     writer.Log(static_cast<int>(writer.Below(300)), 100)));
  }
  files.push_back(directory_.PathOf("missing.log"));
  files.push_back(directory_.Write("empty.log", ""));
  files.push_back(directory_.Write("notes.txt", "one\ntwo\n"));
  files.push_back(Gzipped(directory_, writer.Log(20000, 0)));
  ExpectOneAnswer(files);
}

TEST_F(AnalyzeThreads, PrintMatchingLinesInTheirOrder) {
  LogWriter writer(5);
  AnalyzeOptions options;
  options.status = 404;
  ExpectOneAnswer({directory_.Write("a.log", writer.Log(15000, 1000)),
                   directory_.Write("b.log", writer.Log(15000, 1000))},
                  options);
}

// The slow and obvious way: one engine, line by line.
TEST_F(AnalyzeThreads, AgreeWithTheEngineThatRunsLive) {
  const std::string log = LogWriter(6).Log(30000, 500);
  const Config config = DefaultConfig();
  const SiteConfig site = DefaultSite(config, {});
  SiteEngine engine("", Unbounded(config.clients), Unbounded(site.detect), 1);
  LogParser parser = *LogParser::Create("auto");
  ForEachLine(log, [&](std::string_view line) {
    if (line.size() > (1U << 20U)) {
      engine.CountOversized(1);
    } else {
      engine.Count(line, parser, kStart);
    }
  });
  engine.detector().Finish();

  AnalyzeOptions options;
  options.json = true;
  options.top = 0;
  options.threads = 3;
  const auto json =
      nlohmann::json::parse(AnalyzeFiles(options, {directory_.Write("access.log", log)}).out);
  EXPECT_EQ(json["lines"]["read"], engine.lines_read());
  EXPECT_EQ(json["lines"]["parsed"], engine.traffic().total());
  EXPECT_EQ(json["lines"]["unparsed"]["status"], engine.Unparsed(UnparsedReason::kStatus));
  EXPECT_EQ(json["lines"]["unparsed"]["too_long"], engine.Unparsed(UnparsedReason::kTooLong));
  EXPECT_EQ(json["requests_by_status"]["404"], engine.traffic().Requests(404));

  std::map<std::string, std::map<std::string, uint64_t>> expected;
  std::string client;
  engine.clients().Visit(
      Time::max(),
      [&](const auto& view) { client = engine.namer().Label(view.key, view.host_name); },
      [&](const auto& series) { expected[client][std::to_string(series.status)] = series.shown; });
  std::map<std::string, std::map<std::string, uint64_t>> found;
  for (const auto& entry : json["clients"]) found[entry["client"]] = entry["by_status"];
  EXPECT_EQ(found, expected);

  std::multiset<std::string> expected_episodes;
  for (const Episode& episode : engine.detector().episodes()) {
    if (episode.detection == Detection::kFailedRequests) continue;
    expected_episodes.insert(episode.client + " " + FormatUtc(episode.first) + " " +
                             FormatUtc(episode.last) + " " + std::to_string(static_cast<uint64_t>(episode.value)) + " " +
                             episode.samples.at(0));
  }
  std::multiset<std::string> episodes;
  for (const auto& finding : json["findings"]) {
    // The site as a whole is watched elsewhere.
    if (finding["window"] == "all" || finding["client"].is_null()) continue;
    episodes.insert(finding["client"].get<std::string>() + " " +
                    finding["first"].get<std::string>() + " " + finding["last"].get<std::string>() +
                    " " + finding["value"].dump() + " " + finding["samples"][0].get<std::string>());
  }
  EXPECT_GT(episodes.size(), 10U);
  EXPECT_EQ(episodes, expected_episodes);
}

// A full disk behind stdout, for a stream that throws.
TEST_F(AnalyzeThreads, HandOnWhatOneOfThemThrew) {
  class FullDisk : public std::streambuf {
    int_type overflow(int_type) override { return traits_type::eof(); }
  };
  FullDisk disk;
  std::ostream out(&disk);
  out.exceptions(std::ios::badbit);
  std::ostringstream err;
  AnalyzeOptions options;
  options.status = 404;
  options.files = {directory_.Write("access.log", LogWriter(7).Log(30000, 0))};
  for (const size_t threads : kThreads) {
    options.threads = threads;
    out.clear();
    EXPECT_THROW(Analyze(options, DefaultConfig(), ManualClock().AsClock(), out, err),
                 std::ios::failure);
  }
}

class AnalyzeFileOrder : public ::testing::Test {
 protected:
  std::string Attack(const std::string& name, Time start) {
    std::string log;
    for (int i = 0; i < 6; ++i) log += Line({.time = start + seconds{i}, .status = 401}) + "\n";
    return directory_.Write(name, log);
  }

  TempDirectory directory_;
};

// Windows slide forward only; of a file behind its successor they would see nothing.
TEST_F(AnalyzeFileOrder, OfTheCommandLineDoesNotHideFindings) {
  const std::string today = Attack("access.log", kStart + hours{24});
  const std::string yesterday = Attack("access.log.1", kStart);
  const Analyzed newest_first = AnalyzeFiles({}, {today, yesterday});
  EXPECT_EQ(newest_first.out, AnalyzeFiles({}, {yesterday, today}).out);
  EXPECT_THAT(newest_first.out, HasSubstr("2026-03-02T10:00:00Z to 2026-03-02T10:00:05Z"));
  EXPECT_THAT(newest_first.out, HasSubstr("2026-03-03T10:00:00Z to 2026-03-03T10:00:05Z"));
}

TEST_F(AnalyzeFileOrder, LeavesFilesWithoutTimesInTheirPlaces) {
  const std::string b = Attack("b.log", kStart + seconds{20});
  const std::string a = Attack("a.log", kStart + seconds{10});
  const std::string same = Attack("same.log", kStart + seconds{10});
  const std::string none = directory_.Write("none.log", "no log\n");
  const std::string missing = directory_.PathOf("missing.log");
  EXPECT_THAT(OldestFirst({b, "-", none, a, missing, same}, *LogParser::Create("auto")),
              ::testing::ElementsAre(a, "-", none, same, missing, b));
}

}  // namespace
}  // namespace accesslog
