#include "parse/builtin_formats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time_format.h"
#include "parse/format_samples.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

using ::testing::UnorderedElementsAreArray;

TEST(BuiltinFormats, HaveASampleEach) {
  std::vector<std::string> names = {"auto"};
  for (const auto& [name, line] : FormatSamples()) names.push_back(name);
  EXPECT_THAT(FormatNames(), UnorderedElementsAreArray(names));
}

TEST(BuiltinFormats, ReadTheirSamples) {
  for (const auto& [name, line] : FormatSamples()) {
    const ParsedLine parsed = ParseAs(name, line);
    EXPECT_EQ(parsed.outcome, ParseOutcome::kComplete) << name;
    EXPECT_EQ(parsed.client, "192.0.2.1") << name;
    EXPECT_EQ(parsed.status, 404) << name;
    EXPECT_EQ(parsed.method, "GET") << name;
    EXPECT_EQ(parsed.path, "/a") << name;
    EXPECT_EQ(parsed.query, "") << name;
    ASSERT_TRUE(parsed.time.has_value()) << name;
    EXPECT_EQ(FormatUtc(*parsed.time, false), "2023-09-08T16:26:56Z") << name;
  }
}

TEST(BuiltinFormats, ReadHostBytesAgentRefererAndDuration) {
  for (const auto& [name, line] : FormatSamples()) {
    const ParsedLine parsed = ParseAs(name, line);
    const auto told = [text = line](const char* part) {
      return text.find(part) != std::string::npos;
    };
    EXPECT_EQ(parsed.host, told("www.example.com") ? "www.example.com" : told("198.51.100.9") ? "198.51.100.9" : "") << name;
    EXPECT_EQ(parsed.user_agent, told("curl/8.0") ? "curl/8.0" : "") << name;
    EXPECT_EQ(parsed.referer, told("https://example.com/") ? "https://example.com/" : "") << name;
    if (told(" 512")) {
      EXPECT_EQ(parsed.bytes, 512U) << name;
    }
  }
  EXPECT_DOUBLE_EQ(*ParseAs("traefik", FormatSamples()[7].second).duration, 0.005);
  for (const auto& [name, line] : FormatSamples()) {
    if (name == "aws_alb" || name == "aws_elb") {
      EXPECT_DOUBLE_EQ(*ParseAs(name, line).duration, 0.006) << name;
    }
    if (name == "haproxy" || name == "istio" || name == "envoy" || name == "iis" ||
        name == "ingress_nginx") {
      EXPECT_DOUBLE_EQ(*ParseAs(name, line).duration, 0.005) << name;
    }
  }
}

TEST(FindBuiltinFormat, KnowsOtherNames) {
  EXPECT_EQ(FindBuiltinFormat("w3c"), FindBuiltinFormat("iis"));
  EXPECT_EQ(FindBuiltinFormat("npm"), FindBuiltinFormat("nginx_proxy_manager"));
  EXPECT_EQ(FindBuiltinFormat("caddy"), FindBuiltinFormat("json"));
  EXPECT_EQ(FindBuiltinFormat("no_such"), nullptr);
  EXPECT_EQ(FindBuiltinFormat(""), nullptr);
  EXPECT_EQ(FindBuiltinFormat("auto"), nullptr);
}

TEST(BuiltinFormats, AddUpTheTimesOfALoadBalancer) {
  const std::string line =
      R"(2023-09-08T16:26:56Z lb 192.0.2.1:1 - -1 -1 -1 504 0 34 0 "GET https://a.example:443/ HTTP/1.1" "-" - -)";
  EXPECT_EQ(ParseAs("aws_elb", line).duration, std::nullopt);
  EXPECT_EQ(ParseAs("aws_elb", line).status, 504);
}

TEST(BuiltinFormats, ReadARequestThatALoadBalancerCouldNot) {
  const std::string line =
      R"(http 2023-09-08T16:26:56Z app/lb/1 192.0.2.1:1 - -1 -1 -1 400 - 0 288 "- http://lb.example:80- -" "-" - - - "-" "-" "-" - 2023-09-08T16:26:56Z "-" "-" "-" "-" "-" "-" "-")";
  const ParsedLine parsed = ParseAs("aws_alb", line);
  EXPECT_EQ(parsed.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(parsed.status, 400);
  EXPECT_EQ(parsed.client, "192.0.2.1");
}

TEST(BuiltinFormats, ReadHaproxyWithCapturedHeaders) {
  const std::string line =
      "192.0.2.1:59292 [08/Sep/2023:16:26:56.123] http-in~ app/<NOSRV> -1/-1/-1/-1/+5 503 212 - - "
      R"(SC-- 1/1/0/0/0 0/0 {www.example.com|curl/8.0} {} "GET /a HTTP/1.1")";
  const ParsedLine parsed = ParseAs("haproxy", line);
  EXPECT_EQ(parsed.status, 503);
  EXPECT_EQ(parsed.path, "/a");
  EXPECT_EQ(parsed.request, "GET /a HTTP/1.1");
}

}  // namespace
}  // namespace accesslog
