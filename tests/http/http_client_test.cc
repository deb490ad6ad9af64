#include "http/http_client.h"

#include <gtest/gtest.h>

#include "http/served.h"

namespace accesslog {
namespace {

constexpr int kTimeoutMs = 3000;

TEST(HttpGet, GivesTheAnswer) {
  const auto server = Serve({{"/-/ready", Text("ready\n")}});
  const auto answer = HttpGet(server->addresses().front(), "/-/ready", kTimeoutMs);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "ready\n");
}

TEST(HttpGet, GivesAnAnswerOfAnyStatus) {
  const auto server = Serve({});
  const auto answer = HttpGet(server->addresses().front(), "/-/ready", kTimeoutMs);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->body, "not found\n");
}

TEST(HttpGet, GivesALongAnswerWhole) {
  const std::string text(1 << 20, 'x');
  const auto server = Serve({{"/metrics", Text(text)}});
  const auto answer = HttpGet(server->addresses().front(), "/metrics", kTimeoutMs);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, text);
}

TEST(HttpGet, SaysThatNobodyListens) {
  auto server = Serve({});
  const ListenAddress address = server->addresses().front();
  server.reset();
  const auto answer = HttpGet(address, "/-/ready", kTimeoutMs);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message,
            "no answer from http://" + address.ToString() + "/-/ready; is the exporter running?");
}

}  // namespace
}  // namespace accesslog
