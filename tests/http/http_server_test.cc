// What the server answers.
#include "http/http_server.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <stdexcept>

#include "http/served.h"

namespace accesslog {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

const std::string kLongText(5000, 'x');

std::string Gunzip(const std::string& data) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string in = data;
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

class HttpServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = Serve({
        {"/", Text("page")},
        {"/metrics", Text(kLongText)},
        {"/short", Text("short")},
        {"/html",
         [](const HttpRequest&) {
           return HttpResponse{200, "text/html; charset=utf-8", "<p>"};
         }},
        {"/busy",
         [](const HttpRequest&) {
           return HttpResponse{.status = 503, .body = "not ready\n"};
         }},
        {"/throws",
         [](const HttpRequest&) -> HttpResponse { throw std::runtime_error("no luck"); }},
        {"/throws-int", [](const HttpRequest&) -> HttpResponse { throw 7; }},
    });
    ASSERT_NE(server_, nullptr);
  }

  HttpAnswer GetPath(const std::string& path, const std::string& headers = "") {
    return Get(PortOf(*server_), path, headers);
  }
  HttpAnswer AskWith(const std::string& method, const std::string& path) {
    return Ask(PortOf(*server_), method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  }

  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersGet) {
  const HttpAnswer answer = GetPath("/short");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.reason, "OK");
  EXPECT_EQ(answer.body, "short");
  EXPECT_THAT(answer.headers, Contains(Pair("content-type", "text/plain; charset=utf-8")));
  EXPECT_THAT(answer.headers, Contains(Pair("content-length", "5")));
  EXPECT_THAT(answer.headers, Contains(Pair("cache-control", "no-store")));
  EXPECT_THAT(answer.headers, Contains(Pair("x-content-type-options", "nosniff")));
}

TEST_F(HttpServerTest, AnswersHeadWithoutBody) {
  const HttpAnswer answer = AskWith("HEAD", "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_THAT(answer.headers, Contains(Pair("content-length", "5000")));
}

TEST_F(HttpServerTest, SendsTheTypeAndStatusOfTheFunction) {
  EXPECT_THAT(GetPath("/html").headers, Contains(Pair("content-type", "text/html; charset=utf-8")));
  EXPECT_EQ(GetPath("/busy").status, 503);
  EXPECT_EQ(GetPath("/busy").reason, "Service Unavailable");
}

TEST_F(HttpServerTest, RefusesOtherMethods) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    const HttpAnswer answer = AskWith(method, "/metrics");
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.reason, "Method Not Allowed") << method;
    EXPECT_EQ(answer.body, "only GET and HEAD are answered here\n") << method;
    EXPECT_THAT(answer.headers, Contains(Pair("allow", "GET, HEAD"))) << method;
  }
}

TEST_F(HttpServerTest, RefusesAPostWithABody) {
  const HttpAnswer answer =
      Ask(PortOf(*server_), "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" +
                                std::string(100000, 'x'));
  EXPECT_EQ(answer.status, 405);
}

TEST_F(HttpServerTest, AllowsNothingWhereTheMethodIsFine) {
  EXPECT_THAT(GetPath("/short").headers, Not(Contains(Key("allow"))));
}

TEST_F(HttpServerTest, KnowsNoOtherPath) {
  for (const char* path :
       {"/nothing", "/metrics/", "/metrics/anything", "/metricsx", "/../etc/passwd", "/METRICS"}) {
    const HttpAnswer answer = GetPath(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body, "not found\n") << path;
  }
}

TEST_F(HttpServerTest, KnowsNoOtherPathWhateverTheMethod) {
  EXPECT_EQ(AskWith("POST", "/nothing").status, 404);
}

TEST_F(HttpServerTest, TakesAQueryForNoPartOfThePath) {
  EXPECT_EQ(GetPath("/short?a=b").body, "short");
}

TEST_F(HttpServerTest, TurnsAnExceptionIntoAnAnswer) {
  EXPECT_EQ(GetPath("/throws").status, 500);
  EXPECT_EQ(GetPath("/throws").body, "internal error: no luck\n");
  EXPECT_EQ(GetPath("/throws-int").body, "internal error\n");
}

TEST_F(HttpServerTest, LivesOnAfterAnException) {
  GetPath("/throws");
  EXPECT_EQ(GetPath("/short").status, 200);
}

TEST_F(HttpServerTest, SendsGzipToThoseWhoTakeIt) {
  const HttpAnswer answer = GetPath("/metrics", "Accept-Encoding: gzip\r\n");
  EXPECT_THAT(answer.headers, Contains(Pair("content-encoding", "gzip")));
  EXPECT_THAT(answer.headers, Contains(Pair("content-length", std::to_string(answer.body.size()))));
  EXPECT_EQ(Gunzip(answer.body), kLongText);
}

TEST_F(HttpServerTest, SendsNoGzipToOthers) {
  for (const char* headers :
       {"", "Accept-Encoding: gzip;q=0\r\n", "Accept-Encoding: identity\r\n"}) {
    const HttpAnswer answer = GetPath("/metrics", headers);
    EXPECT_THAT(answer.headers, Not(Contains(Key("content-encoding")))) << headers;
    EXPECT_EQ(answer.body, kLongText) << headers;
  }
}

TEST_F(HttpServerTest, SendsShortAnswersAsTheyAre) {
  EXPECT_EQ(GetPath("/short", "Accept-Encoding: gzip\r\n").body, "short");
}

// A cache must not hand the one form to those who cannot read it.
TEST_F(HttpServerTest, SaysThatTheAnswerVaries) {
  EXPECT_THAT(GetPath("/metrics").headers, Contains(Pair("vary", "Accept-Encoding")));
}

TEST_F(HttpServerTest, SaysTheSameSizeToHeadAsToGet) {
  const std::string request = " /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n";
  const HttpAnswer head = Ask(PortOf(*server_), "HEAD" + request);
  const HttpAnswer get = Ask(PortOf(*server_), "GET" + request);
  EXPECT_EQ(head.headers, get.headers);
  EXPECT_EQ(head.body, "");
}

TEST(HttpServerRequest, TellsWhatIsAccepted) {
  const auto server = Serve({{"/", [](const HttpRequest& request) {
                                return HttpResponse{.body = std::string(request.accept) +
                                                            (request.gzip ? " in gzip" : ""),
                                                    .shared = {},
                                                    .varies_by_accept = true};
                              }}});
  const HttpAnswer answer =
      Get(PortOf(*server), "/", "Accept: text/html;q=0.5\r\nAccept-Encoding: gzip\r\n");
  EXPECT_EQ(answer.body, "text/html;q=0.5 in gzip");
  EXPECT_EQ(answer.headers.at("vary"), "Accept-Encoding, Accept");
  EXPECT_EQ(Get(PortOf(*server), "/").body, "");
}

TEST(HttpServerActions, AreForPostAndPutOnly) {
  const HttpServerOptions options{.addresses = {{"127.0.0.1", 0}}};
  int calls = 0;
  const auto act = [&calls](const HttpRequest&) {
    ++calls;
    return HttpResponse{.body = "done"};
  };
  const auto server = HttpServer::Start(options, {{"/short", Text("short")}}, {{"/act", act}});
  ASSERT_TRUE(server);
  const auto ask = [&](const std::string& method, const std::string& path) {
    return Ask(PortOf(**server),
               method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  };
  EXPECT_EQ(ask("POST", "/act").body, "done");
  EXPECT_EQ(ask("PUT", "/act").body, "done");
  const HttpAnswer refused = ask("GET", "/act");
  EXPECT_EQ(refused.status, 405);
  EXPECT_THAT(refused.headers, Contains(Pair("allow", "POST, PUT")));
  EXPECT_EQ(ask("DELETE", "/act").status, 405);
  EXPECT_EQ(ask("POST", "/short").status, 405);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace accesslog
