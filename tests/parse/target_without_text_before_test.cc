// Targets that stand at once behind a host, as in $host$request_uri, or in front of the protocol.
#include <gtest/gtest.h>

#include "parse/parsed_line.h"

namespace accesslog {
namespace {

ParsedLine ParseWith(std::string_view format, std::string_view line) {
  LineParser parser(*CompileFormat(format));
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

constexpr std::string_view kUrl =
    R"(nginx: $remote_addr $request_method "$scheme://$host$request_uri" $status "$http_user_agent")";

TEST(HostAndTarget, EndsAtTheSlash) {
  const ParsedLine line =
      ParseWith(kUrl, R"(192.0.2.1 GET "http://a-b.example/x-?y" 200 "Mozilla/5.0")");
  EXPECT_EQ(line.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(line.host, "a-b.example");
  EXPECT_EQ(line.path, "/x-");
  EXPECT_EQ(line.status, 200);
}

// A request line that nginx could not read has no target.
TEST(HostAndTarget, EndsAtTheDashOfAMissingTarget) {
  const ParsedLine line = ParseWith(kUrl, R"(192.0.2.1 - "http://a-b.example-" 400 "Mozilla/5.0")");
  EXPECT_EQ(line.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(line.host, "a-b.example");
  EXPECT_EQ(line.path, "");
  EXPECT_EQ(line.status, 400);
  EXPECT_EQ(line.user_agent, "Mozilla/5.0");
}

TEST(HostAndTarget, EndsAtOnceWhereNothingIsWrittenForAMissingTarget) {
  const ParsedLine line = ParseWith(
      R"(nginx: escape=json {"ip":"$remote_addr","url":"$host$request_uri","status":$status,"ua":"$http_user_agent"})",
      R"({"ip":"192.0.2.1","url":"a.example","status":400,"ua":"Mozilla/5.0"})");
  EXPECT_EQ(line.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(line.host, "a.example");
  EXPECT_EQ(line.path, "");
  EXPECT_EQ(line.status, 400);
}

// $uri is decoded.
TEST(TargetAndProtocol, TargetMayHoldBlanks) {
  const ParsedLine line =
      ParseWith(R"(nginx: $remote_addr "$request_method $request_uri $server_protocol" $status)",
                R"(192.0.2.1 "GET /a b?c d HTTP/1.1" 404)");
  EXPECT_EQ(line.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(line.path, "/a b");
  EXPECT_EQ(line.query, "c d");
  EXPECT_EQ(line.protocol, "HTTP/1.1");
}

TEST(TargetAndProtocol, MayBothBeMissing) {
  const ParsedLine line =
      ParseWith(R"(nginx: $remote_addr "$request_method $request_uri $server_protocol" $status)",
                R"(192.0.2.1 "- - -" 400)");
  EXPECT_EQ(line.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(line.path, "");
  EXPECT_EQ(line.protocol, "");
  EXPECT_EQ(line.status, 400);
}

}  // namespace
}  // namespace accesslog
