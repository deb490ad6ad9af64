#include "parse/request_field.h"

#include <gtest/gtest.h>

#include "parse/parsed_line.h"

namespace accesslog {
namespace {

ParsedLine Split(std::string_view request) {
  Record record;
  SplitRequest(request, record);
  return ToParsedLine(ParseOutcome::kComplete, record);
}

TEST(SplitRequest, TakesAnOrdinaryRequestApart) {
  EXPECT_EQ(Split("GET /a/b?c=d&e HTTP/1.1"), (ParsedLine{.request = "GET /a/b?c=d&e HTTP/1.1",
                                                          .method = "GET",
                                                          .method_text = "GET",
                                                          .path = "/a/b",
                                                          .query = "c=d&e",
                                                          .protocol = "HTTP/1.1"}));
}

TEST(SplitRequest, TakesARequestWithoutProtocol) {
  EXPECT_EQ(Split("GET /a"),
            (ParsedLine{.request = "GET /a", .method = "GET", .method_text = "GET", .path = "/a"}));
}

TEST(SplitRequest, KeepsSpacesInTheTarget) {
  EXPECT_EQ(Split("GET /a b?c d HTTP/1.1"), (ParsedLine{.request = "GET /a b?c d HTTP/1.1",
                                                        .method = "GET",
                                                        .method_text = "GET",
                                                        .path = "/a b",
                                                        .query = "c d",
                                                        .protocol = "HTTP/1.1"}));
}

TEST(SplitRequest, TakesOnlyTheLastWordForTheProtocol) {
  EXPECT_EQ(Split("GET /a HTTP/1.1 HTTP/1.0").path, "/a HTTP/1.1");
  EXPECT_EQ(Split("GET /a HTTP/1.1 HTTP/1.0").protocol, "HTTP/1.0");
  EXPECT_EQ(Split("GET /a HTTP/1.1 b").path, "/a HTTP/1.1 b");
  EXPECT_EQ(Split("GET /a HTTP/1.1 b").protocol, "");
}

TEST(SplitRequest, TakesAProtocolWithoutTarget) {
  EXPECT_EQ(Split("GET  HTTP/1.1").path, "");
  EXPECT_EQ(Split("GET  HTTP/1.1").protocol, "HTTP/1.1");
}

TEST(SplitRequest, CutsTheQueryAtTheFirstQuestionMark) {
  EXPECT_EQ(Split("GET /a?b?c HTTP/1.1").query, "b?c");
  EXPECT_EQ(Split("GET /a? HTTP/1.1").query, "");
}

TEST(SplitRequest, LeavesEscapesAlone) {
  EXPECT_EQ(Split(R"(GET /\x22%41 HTTP/1.1)").path, R"(/\x22%41)");
}

TEST(SplitRequest, TakesOtherTargets) {
  EXPECT_EQ(Split("OPTIONS * HTTP/1.1").path, "*");
  EXPECT_EQ(Split("CONNECT example.com:443 HTTP/1.1").path, "example.com:443");
  EXPECT_EQ(Split("GET http://example.com/a HTTP/1.1").path, "http://example.com/a");
}

TEST(SplitRequest, CallsUnknownMethodsOther) {
  EXPECT_EQ(Split("PROPFIND /a HTTP/1.1"), (ParsedLine{.request = "PROPFIND /a HTTP/1.1",
                                                       .method = "other",
                                                       .method_text = "PROPFIND",
                                                       .path = "/a",
                                                       .protocol = "HTTP/1.1"}));
  EXPECT_EQ(Split("VERSION-CONTROL /a HTTP/1.1").method_text, "VERSION-CONTROL");
  EXPECT_EQ(Split("get / HTTP/1.1").method, "other");
}

TEST(SplitRequest, TakesWhatIsNoRequestLineForThePath) {
  for (const char* request :
       {"", "GET", " GET / HTTP/1.1", "/ HTTP/1.1", "\x16\x03\x01", R"(\x16\x03\x01 \x05 a)",
        "1 2 3", "-GET / HTTP/1.1", "G\"T / HTTP/1.1", "lv|'|'| a"}) {
    EXPECT_EQ(Split(request), (ParsedLine{.request = request, .path = request})) << request;
  }
}

TEST(SplitRequest, BoundsTheMethod) {
  const std::string longest(32, 'A');
  EXPECT_EQ(Split(longest + " / HTTP/1.1").method_text, longest);
  EXPECT_EQ(Split(longest + "A / HTTP/1.1").method_text, "");
}

// The path of a URL, and its host.
std::string Url(std::string_view url) {
  Record record;
  SplitTarget(url, record);
  SplitUrl(record);
  return std::string(record.path) + " of " + std::string(record.host);
}

TEST(SplitUrl, TakesHostAndPathApart) {
  EXPECT_EQ(Url("https://example.com/a?b"), "/a of example.com");
  EXPECT_EQ(Url("https://example.com:443/a"), "/a of example.com");
  EXPECT_EQ(Url("http://[2001:db8::1]:80/a"), "/a of [2001:db8::1]");
  EXPECT_EQ(Url("wss://example.com"), "/ of example.com");
  EXPECT_EQ(Url("https://example.com?a/b"), "/ of example.com");
  EXPECT_EQ(Url("http://-:80-"), "/ of ");
}

TEST(SplitUrl, LeavesAPathAsItIs) {
  for (const char* path :
       {"/a", "*", "", "/a/http://example.com/b", "://a/b", "a b://c/d", "/://"}) {
    EXPECT_EQ(Url(path), std::string(path) + " of ") << path;
  }
}

}  // namespace
}  // namespace accesslog
