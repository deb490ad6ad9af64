// $uri$is_args$args: nginx writes an unset $args as '-' unless the format has escape=json or none.
#include <gtest/gtest.h>

#include "parse/parsed_line.h"

namespace accesslog {
namespace {

std::string TargetOf(std::string_view format, std::string_view line) {
  LineParser parser(*CompileFormat(format));
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  const ParsedLine parsed = ToParsedLine(outcome, record);
  return std::string(OutcomeName(outcome)) + ' ' + parsed.path + '|' + parsed.query;
}

constexpr std::string_view kDefault =
    "nginx: $remote_addr \"$request_method $uri$is_args$args\" $status";

TEST(NginxArgs, DashIsNoPartOfThePath) {
  const std::string complete(OutcomeName(ParseOutcome::kComplete));
  EXPECT_EQ(TargetOf(kDefault, R"(192.0.2.1 "GET /a-" 200)"), complete + " /a|");
  EXPECT_EQ(TargetOf(kDefault, R"(192.0.2.1 "GET /a--" 200)"), complete + " /a-|");
  EXPECT_EQ(TargetOf(kDefault, R"(192.0.2.1 "GET /a-?b-" 200)"), complete + " /a-|b-");
  EXPECT_EQ(TargetOf(kDefault, R"(192.0.2.1 "- --" 400)"), complete + " |");
}

TEST(NginxArgs, WithoutArgsInTheFormatADashIsOfThePath) {
  const std::string complete(OutcomeName(ParseOutcome::kComplete));
  EXPECT_EQ(TargetOf("nginx: $remote_addr $request_uri $status", "192.0.2.1 /a- 200"),
            complete + " /a-|");
  EXPECT_EQ(
      TargetOf("nginx: escape=none $remote_addr $uri$is_args$args $status", "192.0.2.1 /a- 200"),
      complete + " /a-|");
}

// "?b" is what follows the first '?' of "/a??b", and not "b" behind an $is_args.
TEST(NginxArgs, TheTargetOfAJsonLineTellsTheQuery) {
  const ParsedLine line = ParseAs(
      "json", R"({"remote_addr":"192.0.2.1","status":404,"request_uri":"/a??b","args":"?b"})");
  EXPECT_EQ(line.path, "/a");
  EXPECT_EQ(line.query, "?b");
}

TEST(NginxArgs, ArgsTellTheQueryWhereTheTargetDoesNot) {
  const ParsedLine line =
      ParseAs("json", R"({"remote_addr":"192.0.2.1","status":404,"uri":"/a","args":"b"})");
  EXPECT_EQ(line.path, "/a");
  EXPECT_EQ(line.query, "b");
}

}  // namespace
}  // namespace accesslog
