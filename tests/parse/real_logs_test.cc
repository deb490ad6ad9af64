// LineParser against the reference parser on real logs. They are no part of this project: the
// folder is $ACCESSLOG_SHARED_DATA, or ../shared/data beside the sources; without it these tests
// are skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

#include "base/text.h"
#include "parse/line_generator.h"
#include "parse/log_parser.h"
#include "parse/record_laws.h"
#include "parse/reference_parser.h"
#include "parse/strict_parser.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

fs::path DataFolder() {
  if (const char* folder = std::getenv("ACCESSLOG_SHARED_DATA")) return folder;
  return fs::path(ACCESSLOG_SOURCE_DIR).parent_path() / "shared" / "data";
}

std::vector<fs::path> LogFiles() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(DataFolder())) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".log") || name == "apache_logs") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> LinesOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class RealLogs : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(DataFolder())) GTEST_SKIP() << "no folder " << DataFolder();
  }
};

TEST_F(RealLogs, AgreeWithTheReferenceInEveryFormat) {
  for (const char* format : {"common", "combined", "vhost_combined"}) {
    LineParser parser = BuiltinParser(format);
    for (const fs::path& file : LogFiles()) {
      for (const std::string& line : LinesOf(file)) {
        Record record;
        const ParseOutcome outcome = parser.Parse(line, record);
        ASSERT_EQ(ToParsedLine(outcome, record), ReferenceParse(format, line))
            << file << ": " << Printable(line);
        ASSERT_EQ(BrokenLaw(line, outcome, record), "") << file << ": " << Printable(line);
      }
    }
  }
}

// Lines that the strict parser knows, of one server.
size_t AgreeWithTheStrictParser(const std::string& server, const fs::path& file) {
  LineParser parser = BuiltinParser(LineGenerator::FormatOf(server));
  size_t known = 0;
  for (const std::string& line : LinesOf(file)) {
    const auto strict = StrictParse(server, line);
    if (!strict) continue;
    Record record;
    const ParseOutcome outcome = parser.Parse(line, record);
    EXPECT_EQ(ToParsedLine(outcome, record), *strict) << file << ": " << Printable(line);
    ++known;
  }
  return known;
}

TEST_F(RealLogs, AgreeWithTheStrictParserOfEachServer) {
  std::map<std::string, size_t> known;
  for (const fs::path& file : LogFiles()) {
    for (const std::string& server : LineGenerator::Servers()) {
      if (const size_t here = AgreeWithTheStrictParser(server, file)) known[server] += here;
    }
  }
  EXPECT_EQ(known, (std::map<std::string, size_t>{{"aws_alb", 7}, {"traefik_json", 80}}));
}

// What `auto` made of a file: its choice at the end, and how many lines met which outcome.
std::string Summary(const fs::path& file) {
  LogParser parser = *LogParser::Create("auto");
  std::map<ParseOutcome, uint64_t> outcomes;
  for (const std::string& line : LinesOf(DataFolder() / file)) {
    Record record;
    ++outcomes[parser.Parse(line, record)];
  }
  std::string text(parser.format_name());
  for (const auto& [outcome, count] : outcomes) {
    text += ", " + WithThousands(count) + " " + std::string(OutcomeName(outcome));
  }
  return text;
}

TEST_F(RealLogs, AreRecognised) {
  EXPECT_EQ(Summary("elastic-apache-10k/apache_logs"), "combined, 9,999 complete, 1 incomplete");
  EXPECT_EQ(Summary("lnav-zanbil-1k/access.log"), "nginx_main, 1,000 complete");
  EXPECT_EQ(Summary("basjes-hackers-access/hackers-access.log"), "combined, 3,456 complete");
  const fs::path hub = "crowdsec-hub-tests/tests";
  EXPECT_EQ(Summary(hub / "apache2-http-sensitive-files/apache2-http-sensitive-files.log"),
            "common, 13 complete");
  EXPECT_EQ(Summary(hub / "CVE-2022-35914/CVE-2022-35914.log"), "common, 2 complete");
  EXPECT_EQ(Summary(hub / "bunkerweb-bad-user-agent/bunkerweb-bad-user-agent.log"),
            "vhost_combined, 3 complete, 1 empty");
}

// Without its port, a virtual host looks like a client that a name server named.
TEST_F(RealLogs, ChargeNoRequestToTheVirtualHost) {
  const fs::path file = "crowdsec-hub-tests/tests/CVE-2022-35914/CVE-2022-35914.log";
  LogParser parser = *LogParser::Create("auto");
  for (const std::string& line : LinesOf(DataFolder() / file)) {
    Record record;
    ASSERT_EQ(parser.Parse(line, record), ParseOutcome::kComplete);
    EXPECT_EQ(record.client, "1.2.3.4");
  }
}

}  // namespace
}  // namespace accesslog
