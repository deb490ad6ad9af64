#include "app/analysis_json.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "app/analyzed.h"

namespace accesslog {
namespace {

using Json = nlohmann::json;

Json AnalyzeAsJson(const std::string& content, AnalyzeOptions options = {}) {
  options.json = true;
  return Json::parse(AnalyzeText(content, options).out);
}

TEST(AnalysisJson, IsOneWholeObject) {
  const std::string log = Lines(2, {.client = "192.0.2.1"}) +
                          Lines(1, {.client = "192.0.2.2", .status = 404}) + "\nnonsense\n";
  EXPECT_EQ(AnalyzeAsJson(log), Json::parse(R"({
    "lines": {"read": 5, "parsed": 3, "unparsed": {"empty": 1, "status": 1}},
    "files": [{"file": "access.log", "format": "combined", "confidence": 0.75,
               "format_changes": 0, "lines": 5}],
    "requests_by_status": {"200": 2, "404": 1},
    "clients": [{"client": "192.0.2.1", "requests": 2, "by_status": {"200": 2}},
                {"client": "192.0.2.2", "requests": 1, "by_status": {"404": 1}}],
    "findings": []})"));
}

TEST(AnalysisJson, HoldsTheFindings) {
  const Said said{.client = "203.0.113.7", .status = 404};
  Json expected = Json::parse(R"([{"detection": "FailedRequests", "severity": "info",
    "site": "default", "client": "203.0.113.7", "first": "2026-03-02T10:00:00Z",
    "last": "2026-03-02T10:00:00Z", "signal": "failed_requests", "value": 5, "threshold": 5,
    "window": "all", "count": 5}])");
  expected[0]["samples"] = {Line(said), Line(said), Line(said)};
  EXPECT_EQ(AnalyzeAsJson(Lines(5, said))["findings"], expected);
}

TEST(AnalysisJson, HasNoClientWhereAllAreMeant) {
  std::string log;
  for (int i = 0; i < 5; ++i) {
    log += Lines(1, {.client = "192.0.2." + std::to_string(i), .status = 400});
  }
  const Json findings = AnalyzeAsJson(log)["findings"];
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_TRUE(findings[0]["client"].is_null());
  EXPECT_EQ(findings[0]["value"], 5);
}

TEST(AnalysisJson, HasTheFindingsInTheirOrder) {
  const Json findings =
      AnalyzeAsJson(Lines(6, {.client = "203.0.113.7", .status = 401}) +
                    Lines(7, {.client = "203.0.113.8", .status = 404}))["findings"];
  std::vector<std::string> order;
  for (const Json& finding : findings) {
    order.push_back(finding["detection"].get<std::string>() + " " +
                    finding["client"].get<std::string>());
  }
  EXPECT_THAT(order,
              ::testing::ElementsAre("FailedRequests 203.0.113.8", "FailedRequests 203.0.113.7",
                                     "LoginBruteForce 203.0.113.7"));
}

TEST(AnalysisJson, NamesAStatusThatCouldNotBeRead) {
  EXPECT_EQ(AnalyzeAsJson(Lines(1, {.status = 999}))["requests_by_status"],
            Json::parse(R"({"invalid": 1})"));
}

TEST(AnalysisJson, HasNoTimesWhereTheLinesHaveNone) {
  const std::string line = "192.0.2.1 - - [nonsense] \"GET / HTTP/1.1\" 404 1 \"-\" \"-\"\n";
  const Json findings = AnalyzeAsJson(line + line + line + line + line)["findings"];
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_TRUE(findings[0]["first"].is_null());
  EXPECT_TRUE(findings[0]["last"].is_null());
}

TEST(AnalysisJson, ListsTheTop) {
  AnalyzeOptions options;
  options.top = 1;
  EXPECT_EQ(AnalyzeAsJson(Lines(1, {.client = "192.0.2.1"}) + Lines(1, {.client = "192.0.2.2"}),
                          options)["clients"]
                .size(),
            1U);
}

TEST(AnalysisJson, HoldsTheLinesAndClientsOfAStatus) {
  AnalyzeOptions options;
  options.status = 404;
  options.json = true;
  options.top = 0;
  const TempDirectory directory;
  const std::string path =
      directory.Write("access.log", Lines(1, {.client = "192.0.2.1"}) +
                                        Lines(1, {.client = "192.0.2.2", .status = 404}));
  const Json json = Json::parse(AnalyzeFiles(options, {path}).out);
  EXPECT_EQ(json["lines_with_status"],
            Json::array({{{"file", path},
                          {"number", 2},
                          {"line", Line({.client = "192.0.2.2", .status = 404})}}}));
  ASSERT_EQ(json["clients"].size(), 1U);
  EXPECT_EQ(json["clients"][0]["client"], "192.0.2.2");
}

// A reader of JSON must be able to read it whatever stands in the log.
TEST(AnalysisJson, TakesHostileBytes) {
  AnalyzeOptions options;
  options.status = 404;
  const std::string hostile = "GET /\xff\x01\"\\ \x1b[2J\t\xed\xa0\x80 HTTP/1.1";
  const Json json = AnalyzeAsJson(Lines(5, {.request = hostile, .status = 404}), options);
  EXPECT_EQ(json["lines_with_status"].size(), 5U);
  EXPECT_EQ(json["findings"].size(), 1U);
  EXPECT_THAT(json["findings"][0]["samples"][0].get<std::string>(),
              ::testing::HasSubstr("\\x1b[2J"));
}

}  // namespace
}  // namespace accesslog
