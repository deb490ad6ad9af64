#include "app/healthcheck.h"

#include <gtest/gtest.h>

#include <sstream>

#include "http/http_server.h"

namespace accesslog {
namespace {

class HealthcheckTest : public ::testing::Test {
 protected:
  void Answer(const HttpResponse& response) {
    HttpServerOptions options;
    options.addresses = {{"127.0.0.1", 0}};
    auto server = HttpServer::Start(options, {{"/-/ready", [response](const HttpRequest&) {
                                                  return response;
                                                }}});
    ASSERT_TRUE(server);
    server_ = std::move(*server);
  }
  int Check(const std::string& host = "127.0.0.1") {
    return Healthcheck({host, server_->addresses().front().port}, out_, err_);
  }

  std::unique_ptr<HttpServer> server_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(HealthcheckTest, IsZeroWhereTheExporterIsReady) {
  Answer({.body = "ready\n"});
  EXPECT_EQ(Check(), 0);
  EXPECT_EQ(out_.str(), "ready\n");
}

TEST_F(HealthcheckTest, IsOneWhereItIsNot) {
  Answer({.status = 503, .body = "not ready: still reading what the logs hold\n"});
  EXPECT_EQ(Check(), 1);
  EXPECT_EQ(err_.str(), "not ready: still reading what the logs hold\n");
}

TEST_F(HealthcheckTest, AsksThisHostWhereTheExporterListensEverywhere) {
  Answer({.body = "ready\n"});
  EXPECT_EQ(Check("0.0.0.0"), 0);
}

TEST_F(HealthcheckTest, IsOneWhereNobodyAnswers) {
  EXPECT_EQ(Healthcheck({"127.0.0.1", 1}, out_, err_), 1);
  EXPECT_EQ(err_.str(), "no answer from http://127.0.0.1:1/-/ready; is the exporter running?\n");
}

}  // namespace
}  // namespace accesslog
