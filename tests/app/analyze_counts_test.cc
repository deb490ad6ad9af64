// Every number of `analyze` against the counting of a script: split the line, add up in a map.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "app/analyzed.h"

namespace accesslog {
namespace {

using Json = nlohmann::json;

// What the old scripts knew, got in their way. Only for well-formed lines of the combined format.
struct SlowCounts {
  std::map<std::string, int> by_status;
  std::map<std::string, int> by_client;
  std::map<std::string, std::map<std::string, int>> by_client_and_status;
  std::map<std::string, int> failed;
  int bad_requests = 0;
  std::map<std::string, std::vector<int>> lines_with_status;

  explicit SlowCounts(const std::string& log) {
    std::istringstream lines(log);
    int number = 0;
    for (std::string line; std::getline(lines, line);) Count(line, ++number);
  }

 private:
  void Count(const std::string& line, int number) {
    const std::string client = line.substr(0, line.find(' '));
    const size_t request_end = line.find("\" ", line.find('"') + 1);
    const std::string status = line.substr(request_end + 2, 3);
    ++by_status[status];
    ++by_client[client];
    ++by_client_and_status[client][status];
    lines_with_status[status].push_back(number);
    static const std::set<std::string> failures = {"401", "403", "400", "404", "409"};
    if (failures.contains(status)) ++failed[client];
    if (status == "400") ++bad_requests;
  }
};

// The first script's text: every status, and 404 and 500 also where there is none.
std::string StatusSentences(std::map<std::string, int> by_status) {
  by_status.try_emplace("404", 0);
  by_status.try_emplace("500", 0);
  std::string text;
  for (const auto& [status, count] : by_status) {
    text += "Number of occurrences of '" + status + "': " + std::to_string(count) + "\n";
  }
  return text;
}

// The detection script's text.
std::string DetectionSentences(const SlowCounts& counts) {
  std::string text;
  std::vector<std::pair<int, std::string>> listed;
  for (const auto& [client, count] : counts.failed) {
    if (count >= 5) listed.emplace_back(-count, client);
  }
  // Equal counts by address; all of them have three digits behind the last point.
  std::sort(listed.begin(), listed.end());
  if (!listed.empty()) text += "Unusual login attempts detected:\n";
  for (const auto& [count, client] : listed) {
    text += "IP: " + client + " - Failed login attempts: " + std::to_string(-count) + "\n";
  }
  if (counts.bad_requests >= 5) {
    text += "Unusual amount of 400 errors detected: " + std::to_string(counts.bad_requests) + "\n";
  }
  if (listed.empty() && counts.bad_requests < 5) {
    text += "No unusual login attempts or errors found.\n";
  }
  return text + "Detection complete.\n";
}

std::string RandomLog(uint32_t seed, const std::string& line_end) {
  std::mt19937 random(seed);
  const std::vector<int> statuses = {200, 200, 200, 200, 304, 302, 404,
                                     404, 403, 401, 400, 409, 500};
  std::string log;
  Time time = kStart;
  for (int i = 0; i < 2000; ++i) {
    // A minute apart, so that nobody guesses passwords within one.
    time += std::chrono::minutes{1};
    const auto client = 100 + std::min(random() % 120, random() % 120);
    log += Line({.client = "192.0.2." + std::to_string(client),
                 .time = time,
                 .request = "GET /404/" + std::to_string(random() % 500) + " HTTP/1.1",
                 .status = statuses[random() % statuses.size()],
                 .bytes = static_cast<int>(random() % 600)}) +
           line_end;
  }
  return log;
}

class AnalyzeCounts : public ::testing::TestWithParam<const char*> {
 protected:
  std::string Log(uint32_t seed) const { return RandomLog(seed, GetParam()); }
};

TEST_P(AnalyzeCounts, AreTheScriptsInJson) {
  const std::string log = Log(1);
  const SlowCounts counts(log);
  AnalyzeOptions options;
  options.json = true;
  options.top = 0;
  const Json json = Json::parse(AnalyzeText(log, options).out);
  EXPECT_EQ(json["lines"], Json::parse(R"({"read": 2000, "parsed": 2000, "unparsed": {}})"));
  EXPECT_EQ(json["requests_by_status"], Json(counts.by_status));
  std::map<std::string, int> by_client;
  std::map<std::string, std::map<std::string, int>> by_client_and_status;
  for (const Json& client : json["clients"]) {
    by_client[client["client"]] = client["requests"];
    by_client_and_status[client["client"]] = client["by_status"];
  }
  EXPECT_EQ(by_client, counts.by_client);
  EXPECT_EQ(by_client_and_status, counts.by_client_and_status);
}

// What the scripts did not look for: so many random 401s are a distributed attack.
std::string WithoutEpisodes(const std::string& text) {
  std::istringstream lines(text);
  std::string rest;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("warning ") && !line.starts_with("info ")) rest += line + '\n';
  }
  return rest;
}

TEST_P(AnalyzeCounts, AreTheScriptsInText) {
  const std::string log = Log(2);
  const SlowCounts counts(log);
  AnalyzeOptions options;
  options.top = 0;
  const std::string out = AnalyzeText(log, options).out;
  std::string expected =
      "Lines: 2,000 read, 2,000 parsed, 0 unparsed\n"
      "access.log: read as combined; all of the first 100 lines fit\n\n" +
      StatusSentences(counts.by_status) + "\n";
  std::vector<std::pair<int, std::string>> by_requests;
  for (const auto& [client, count] : counts.by_client) by_requests.emplace_back(-count, client);
  std::sort(by_requests.begin(), by_requests.end());
  expected += "Sorted IP addresses (most common to least):\n";
  for (const auto& [count, client] : by_requests) {
    expected += client + "  " + std::to_string(-count) + "\n";
  }
  expected += "\n";
  for (const auto& [client, statuses] : counts.by_client_and_status) {
    expected += "IP: " + client + "\n";
    for (const auto& [status, count] : statuses) {
      expected += "Number of occurrences of '" + status + "': " + std::to_string(count) + "\n";
    }
  }
  EXPECT_EQ(WithoutEpisodes(out), expected + "\n" + DetectionSentences(counts));
}

TEST_P(AnalyzeCounts, OfOneStatusAreTheScripts) {
  const std::string log = Log(3);
  const SlowCounts counts(log);
  for (const auto& [status, numbers] : counts.lines_with_status) {
    AnalyzeOptions options;
    options.json = true;
    options.top = 0;
    options.status = static_cast<uint16_t>(std::stoi(status));
    const Json json = Json::parse(AnalyzeText(log, options).out);
    std::vector<int> found;
    for (const Json& line : json["lines_with_status"]) found.push_back(line["number"]);
    EXPECT_EQ(found, numbers) << status;
  }
}

INSTANTIATE_TEST_SUITE_P(LineEnds, AnalyzeCounts, ::testing::Values("\n", "\r\n"),
                         [](const auto& end) { return end.param[0] == '\r' ? "Crlf" : "Lf"; });

TEST(AnalyzeSample, IsTheScriptsCount) {
  const std::string path = std::string(ACCESSLOG_TEST_DATA) + "/sample/access.log";
  const SlowCounts counts(ReadFile(path));
  AnalyzeOptions options;
  options.json = true;
  options.top = 0;
  const Json json = Json::parse(AnalyzeFiles(options, {path}).out);
  EXPECT_EQ(json["requests_by_status"], Json(counts.by_status));
  EXPECT_EQ(json["clients"].size(), counts.by_client.size());
}

}  // namespace
}  // namespace accesslog
