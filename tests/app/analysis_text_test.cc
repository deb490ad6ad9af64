// The text of `analyze`, whole.
#include "app/analysis_text.h"

#include <gtest/gtest.h>

#include "app/analyzed.h"

namespace accesslog {
namespace {

// The log of the first team, its addresses exchanged; see OLD-SCRIPTS.
constexpr const char* kTeamLog =
    R"(192.0.2.52 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 3477 "-" "Mozilla/5.0"
192.0.2.50 - - [08/Sep/2023:12:27:04 -0400] "GET /favicon.ico HTTP/1.1" 404 491 "http://192.0.2.52/" "Mozilla/5.0"
192.0.2.50 - - [08/Sep/2023:12:27:05 -0400] "GET / HTTP/1.1" 200 404 "-" "Mozilla/5.0"
192.0.2.50 - - [08/Sep/2023:12:28:26 -0400] "-" 408 0 "-" "-"
)";

TEST(AnalysisText, AnswersWhatTheScriptsAnswered) {
  EXPECT_EQ(AnalyzeText(kTeamLog).out, R"(Lines: 4 read, 4 parsed, 0 unparsed
access.log: read as combined; all of the first 4 lines fit

Number of occurrences of '200': 2
Number of occurrences of '404': 1
Number of occurrences of '408': 1
Number of occurrences of '500': 0

Sorted IP addresses (most common to least):
192.0.2.50  3
192.0.2.52  1

IP: 192.0.2.50
Number of occurrences of '200': 1
Number of occurrences of '404': 1
Number of occurrences of '408': 1
IP: 192.0.2.52
Number of occurrences of '200': 1

No unusual login attempts or errors found.
Detection complete.
)");
}

TEST(AnalysisText, SaysWhyLinesWereNotParsed) {
  const std::string out = AnalyzeText(std::string(kTeamLog) + "\n\nnonsense\n").out;
  EXPECT_EQ(out.substr(0, out.find('\n')),
            "Lines: 7 read, 4 parsed, 3 unparsed (empty: 2, status: 1)");
}

TEST(AnalysisText, ListsTheTopAndSaysHowManyMore) {
  AnalyzeOptions options;
  options.top = 1;
  const std::string out = AnalyzeText(kTeamLog, options).out;
  EXPECT_NE(out.find("Sorted IP addresses (most common to least):\n"
                     "192.0.2.50  3\n"
                     "… and 1 more; --top=0 shows all\n"),
            std::string::npos)
      << out;
  EXPECT_EQ(out.find("IP: 192.0.2.52"), std::string::npos) << out;
}

TEST(AnalysisText, ListsAllWhereAskedFor) {
  std::string log;
  for (int i = 0; i < 100; ++i) log += Lines(1, {.client = "192.0.2." + std::to_string(i)});
  AnalyzeOptions options;
  options.top = 0;
  const std::string out = AnalyzeText(log, options).out;
  EXPECT_EQ(out.find("more; --top=0"), std::string::npos);
  EXPECT_NE(out.find("IP: 192.0.2.99\n"), std::string::npos);
}

std::string FindingsOf(const std::string& log) {
  return AnalyzeText(log).out.substr(AnalyzeText(log).out.rfind("\n\n") + 2);
}

TEST(FindingsText, IsTheSentencesOfTheOldScript) {
  EXPECT_EQ(FindingsOf(Lines(5, {.client = "192.0.2.50", .status = 404})),
            "Unusual login attempts detected:\n"
            "IP: 192.0.2.50 - Failed login attempts: 5\n"
            "Detection complete.\n");
}

TEST(FindingsText, NamesTheClientsWithMostFailuresFirst) {
  EXPECT_EQ(FindingsOf(Lines(5, {.client = "192.0.2.60", .status = 404}) +
                       Lines(6, {.client = "192.0.2.50", .status = 404}) +
                       Lines(5, {.client = "192.0.2.7", .status = 409}) +
                       Lines(4, {.client = "192.0.2.8", .status = 404})),
            "Unusual login attempts detected:\n"
            "IP: 192.0.2.50 - Failed login attempts: 6\n"
            "IP: 192.0.2.7 - Failed login attempts: 5\n"
            "IP: 192.0.2.60 - Failed login attempts: 5\n"
            "Detection complete.\n");
}

TEST(FindingsText, TellsOfBadRequestsOfManyClients) {
  std::string log;
  for (int i = 0; i < 10; ++i) {
    log += Lines(1, {.client = "192.0.2." + std::to_string(i), .status = 400});
  }
  EXPECT_EQ(FindingsOf(log),
            "Unusual amount of 400 errors detected: 10\n"
            "Detection complete.\n");
}

TEST(FindingsText, SaysSoWhereNothingWasFound) {
  EXPECT_EQ(FindingsOf(Lines(4, {.status = 404})),
            "No unusual login attempts or errors found.\nDetection complete.\n");
}

TEST(FindingsText, TellsOfPasswordGuessing) {
  EXPECT_EQ(FindingsOf(Lines(
                6, {.client = "203.0.113.7", .request = "POST /login HTTP/1.1", .status = 401})),
            "warning LoginBruteForce: 203.0.113.7, 6 failed logins in 1m (threshold 6), "
            "2026-03-02T10:00:00Z to 2026-03-02T10:00:00Z\n"
            "Unusual login attempts detected:\n"
            "IP: 203.0.113.7 - Failed login attempts: 6\n"
            "Detection complete.\n");
}

}  // namespace
}  // namespace accesslog
