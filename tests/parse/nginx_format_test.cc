#include "parse/nginx_format.h"

#include <gtest/gtest.h>

#include "parse/description.h"
#include "parse/line_format.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

using namespace std::string_literals;
using enum ParseOutcome;

// The format in the language of descriptions, or the error.
std::string Compiled(std::string_view format) {
  const auto spec = CompileNginxFormat(format);
  return spec ? Describe(*spec) : "error: " + spec.error().message;
}

ParsedLine ParseWith(std::string_view format, std::string_view line) {
  LineParser parser(*CompileNginxFormat(format));
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

const std::string kCombined =
    R"($client - $user [$time] "$request" $status $bytes "$referer" "$user_agent")";

TEST(NginxFormat, ReadsAFormatString) {
  EXPECT_EQ(Compiled(R"($remote_addr - $remote_user [$time_local] "$request" )"
                     R"($status $body_bytes_sent "$http_referer" "$http_user_agent")"),
            kCombined);
}

TEST(NginxFormat, ReadsADirectiveOverSeveralLines) {
  EXPECT_EQ(Compiled(R"(
    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent"';
    access_log /var/log/nginx/access.log main;
  )"),
            kCombined);
}

TEST(NginxFormat, ReadsPastCommentsInADirective) {
  EXPECT_EQ(Compiled("log_format main '$remote_addr ' # the client's\n"
                     "  # '$unknown '\n"
                     "  '$status';"),
            "$client $status");
}

TEST(NginxFormat, ReadsTheStringsWithoutTheDirective) {
  EXPECT_EQ(Compiled("'$remote_addr '\n  '$status'"), "$client $status");
  EXPECT_EQ(Compiled(R"("$remote_addr \"$status\"")"), R"($client "$status")");
}

TEST(NginxFormat, LeavesTheQuotesOfAFormatThatBeginsWithThem) {
  EXPECT_EQ(Compiled(R"("$remote_addr" "$status")"), R"("$client" "$status")");
}

TEST(NginxFormat, ReadsWindowsLineEnds) {
  EXPECT_EQ(Compiled("log_format main '$remote_addr '\r\n '$status';\r\n"), "$client $status");
}

Escape EscapeOf(std::string_view format) { return CompileNginxFormat(format)->escape; }

TEST(NginxFormat, KnowsTheWaysToEscape) {
  EXPECT_EQ(EscapeOf("$remote_addr $status"), Escape::kBackslash);
  EXPECT_EQ(EscapeOf("escape=json $remote_addr $status"), Escape::kJson);
  EXPECT_EQ(EscapeOf("escape=none '$remote_addr ' '$status'"), Escape::kNone);
  EXPECT_EQ(EscapeOf("log_format a escape=json '$remote_addr $status';"), Escape::kJson);
  EXPECT_EQ(EscapeOf("log_format a\n  escape=default\n  '$remote_addr $status';"),
            Escape::kBackslash);
  EXPECT_EQ(Compiled("escape=none '$remote_addr ' '$status'"), "$client $status");
}

TEST(NginxFormat, NamesAnUnknownEscape) {
  EXPECT_EQ(Compiled("log_format a escape=xml '$remote_addr $status';"),
            "error: escape=xml is unknown to nginx; it knows default, json, none");
}

TEST(NginxFormat, ReadsNamesInBraces) {
  EXPECT_EQ(Compiled("${remote_addr}x${status}s"), "$clientx$statuss");
}

TEST(NginxFormat, ReadsPastVariablesThatItDoesNotKnow) {
  EXPECT_EQ(Compiled("$pid $remote_addr $my_own_1 $status $upstream_addr"),
            "$ignored $client $ignored $status $ignored_list");
}

TEST(NginxFormat, RefusesADollarWithoutName) {
  const std::string error = "error: a '$' without the name of a variable behind it";
  EXPECT_EQ(Compiled("$remote_addr $status $"), error);
  EXPECT_EQ(Compiled("$remote_addr $ $status"), error);
  EXPECT_EQ(Compiled("$remote_addr ${} $status"), error);
}

TEST(NginxFormat, WantsClientAndStatus) {
  EXPECT_EQ(Compiled("$status"), "error: the format has no client address");
  EXPECT_EQ(Compiled("$remote_addr"), "error: the format has no status");
  EXPECT_EQ(Compiled(""), "error: the format has no client address");
  EXPECT_EQ(Compiled("log_format main"), "error: the format has no client address");
}

TEST(NginxFormat, RefusesVariablesWithNothingBetween) {
  EXPECT_EQ(Compiled("$remote_addr$status"),
            "error: there is no text between $remote_addr and $status, so nobody can tell where "
            "one ends; put a space between them");
}

// --- What tells the same ---

TEST(NginxFormat, NeverTakesAHeaderForTheClientBesideTheConnection) {
  EXPECT_EQ(Compiled("$http_x_forwarded_for $remote_addr $http_x_real_ip $status"),
            "$x_forwarded_for $client $x_real_ip $status");
  EXPECT_EQ(Compiled("$http_cf_connecting_ip $proxy_protocol_addr $status"),
            "$cf_connecting_ip $client $status");
}

TEST(NginxFormat, TakesAHeaderForTheClientWhereThereIsNothingElse) {
  EXPECT_EQ(Compiled("$http_x_forwarded_for $status"), "$forwarded_for $status");
  EXPECT_EQ(ParseWith(R"("$http_x_forwarded_for" $status)",
                      R"("198.51.100.1, 203.0.113.9, 10.0.0.1" 404)")
                .client,
            "203.0.113.9");
}

TEST(NginxFormat, TakesTheRequestLineForWhatWasAsked) {
  EXPECT_EQ(
      Compiled(R"($remote_addr "$request" $uri $args $request_method $server_protocol $status)"),
      R"($client "$request" $ignored $ignored $ignored $ignored $status)");
}

TEST(NginxFormat, KeepsTheBestOfTimesHostsAndSizes) {
  EXPECT_EQ(Compiled("$msec $time_iso8601 $time_local $remote_addr $status"),
            "$ignored $ignored $time $client $status");
  EXPECT_EQ(Compiled("$server_name $http_host $host $remote_addr $status"),
            "$ignored $ignored $host_port $client $status");
  EXPECT_EQ(Compiled("$remote_addr $status $bytes_sent $body_bytes_sent"),
            "$client $status $ignored $bytes");
}

// --- Parts of the request ---

TEST(NginxFormat, PutsATargetTogether) {
  EXPECT_EQ(Compiled("$remote_addr $uri$is_args$args $status"), "$client $target_or_dash $status");
  EXPECT_EQ(Compiled("$remote_addr $request_uri $status"), "$client $target $status");
  EXPECT_EQ(Compiled("$remote_addr $uri?$args $status"), "$client $path?$query $status");
}

TEST(NginxFormat, FindsWhereTheHostEndsAndTheTargetBegins) {
  const std::string format = "$remote_addr $request_method $host$request_uri $status";
  EXPECT_EQ(Compiled(format), "$client $method $host_port$target $status");
  EXPECT_EQ(ParseWith(format, "192.0.2.1 GET www.example.com/a/b?c=d 404"),
            (ParsedLine{.outcome = kComplete,
                        .client = "192.0.2.1",
                        .address = "192.0.2.1",
                        .host = "www.example.com",
                        .method = "GET",
                        .method_text = "GET",
                        .path = "/a/b",
                        .query = "c=d",
                        .status = 404}));
}

TEST(NginxFormat, ReadsAWholeUrl) {
  const std::string format = "$remote_addr $scheme://$host$uri$is_args$args $status";
  const ParsedLine parsed = ParseWith(format, "192.0.2.1 https://www.example.com/a?b 404");
  EXPECT_EQ(parsed.host, "www.example.com");
  EXPECT_EQ(parsed.path, "/a");
  EXPECT_EQ(parsed.query, "b");
}

// --- Lists of upstreams ---

const std::string kUpstreams =
    R"($remote_addr $upstream_addr $upstream_response_time $upstream_status $request_time $status)";

TEST(NginxFormat, ReadsPastListsOfUpstreams) {
  for (const char* lists :
       {"10.0.0.1:80 0.1 200", "- - -", "10.0.0.1:80, 10.0.0.2:80 0.1, 0.2 502, 200",
        "10.0.0.1:80 : 10.0.0.2:80 0.1 : 0.2 502 : 200",
        "10.0.0.1:80, 10.0.0.2:80 : unix:/run/app.sock 0.1, 0.2 : 0.3 502, 502 : 200",
        "10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80 -, - : 0.3 502, 502 : 200"}) {
    const ParsedLine parsed = ParseWith(kUpstreams, "192.0.2.1 "s + lists + " 0.500 404");
    EXPECT_EQ(parsed.outcome, kComplete) << lists;
    EXPECT_EQ(parsed.status, 404) << lists;
    EXPECT_EQ(parsed.duration, 0.5) << lists;
  }
}

TEST(NginxFormat, ReadsAListOfHopsWithoutQuotes) {
  const std::string format = "$http_x_forwarded_for $status $body_bytes_sent";
  EXPECT_EQ(ParseWith(format, "198.51.100.1, 203.0.113.9 404 5").client, "203.0.113.9");
  EXPECT_EQ(ParseWith(format, "198.51.100.1, 203.0.113.9 404 5").status, 404);
  EXPECT_EQ(ParseWith(format, "2001:db8:: 404 5").client, "2001:db8::");
  EXPECT_EQ(ParseWith("$status $http_x_forwarded_for", "404 198.51.100.1, 203.0.113.9").client,
            "203.0.113.9");
}

TEST(NginxFormat, ReadsPastAListAtTheEndOfTheLine) {
  const std::string format = "$remote_addr $status $upstream_response_time";
  for (const char* list : {"0.1", "0.1, 0.2", "0.1 : 0.2", "0.1, 0.2 : 0.3", "-"}) {
    EXPECT_EQ(ParseWith(format, "192.0.2.1 404 "s + list).outcome, kComplete) << list;
  }
  EXPECT_EQ(ParseWith(format, "192.0.2.1 404 0.1 x").outcome, kExtra);
}

// --- Escapes ---

const std::string kJsonFormat =
    R"(log_format j escape=json '{"client":"$remote_addr","request":"$request",'
       '"status":$status,"time":$request_time,"agent":"$http_user_agent"}';)";

TEST(NginxFormat, ReadsAJsonTemplate) {
  EXPECT_EQ(
      ParseWith(
          kJsonFormat,
          R"({"client":"192.0.2.1","request":"GET /\"\\\u0001 HTTP/1.1","status":404,"time":0.004,"agent":"a\"b"})"),
      (ParsedLine{.outcome = kComplete,
                  .client = "192.0.2.1",
                  .address = "192.0.2.1",
                  .request = "GET /\"\\\x01 HTTP/1.1",
                  .method = "GET",
                  .method_text = "GET",
                  .path = "/\"\\\x01",
                  .protocol = "HTTP/1.1",
                  .status = 404,
                  .user_agent = "a\"b",
                  .duration = 0.004}));
}

TEST(NginxFormat, TakesNoStatusFromAnEscapedQuote) {
  const ParsedLine parsed = ParseWith(
      kJsonFormat,
      R"({"client":"192.0.2.1","request":"GET /\",\"status\":200,\"time\":1 HTTP/1.1","status":404,"time":0.004,"agent":""})");
  EXPECT_EQ(parsed.status, 404);
  EXPECT_EQ(parsed.path, R"(/","status":200,"time":1)");
  EXPECT_EQ(parsed.user_agent, "");
}

TEST(NginxFormat, ReadsQuotesThatNobodyEscaped) {
  const ParsedLine parsed =
      ParseWith(R"(escape=none $remote_addr "$http_user_agent" $status)", R"(192.0.2.1 "a\" 404)");
  EXPECT_EQ(parsed.user_agent, "a\\");
  EXPECT_EQ(parsed.status, 404);
}

}  // namespace
}  // namespace accesslog
