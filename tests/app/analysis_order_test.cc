// The order in which `analyze` lists clients: by requests, then by address as a number.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "app/analyzed.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> ClientsOf(const std::string& log, const Config& config = DefaultConfig()) {
  AnalyzeOptions options;
  options.json = true;
  options.top = 0;
  std::vector<std::string> clients;
  const auto json = nlohmann::json::parse(AnalyzeText(log, options, config).out);
  for (const auto& client : json["clients"]) clients.push_back(client["client"]);
  return clients;
}

std::string From(const std::vector<std::string>& clients) {
  std::string log;
  for (const std::string& client : clients) log += Lines(1, {.client = client});
  return log;
}

TEST(AnalysisOrder, IsByRequests) {
  EXPECT_THAT(ClientsOf(From({"192.0.2.1", "192.0.2.2", "192.0.2.2"})),
              ElementsAre("192.0.2.2", "192.0.2.1"));
}

TEST(AnalysisOrder, IsByNumberAmongEquals) {
  EXPECT_THAT(ClientsOf(From({"192.0.2.10", "192.0.2.9", "192.0.2.100"})),
              ElementsAre("192.0.2.9", "192.0.2.10", "192.0.2.100"));
}

TEST(AnalysisOrder, HasIpv4BeforeIpv6BeforeNames) {
  EXPECT_THAT(
      ClientsOf(From({"b.example.com", "2001:db8::1", "a.example.com", "::1", "203.0.113.1"})),
      ElementsAre("203.0.113.1", "::/64", "2001:db8::/64", "a.example.com", "b.example.com"));
}

TEST(AnalysisOrder, HasOtherLastAmongEquals) {
  Config config = DefaultConfig();
  config.clients.privacy = Privacy::kMasked;
  EXPECT_THAT(ClientsOf(From({"a.example.com", "192.0.2.1"}), config),
              ElementsAre("192.0.2.0/24", "other"));
}

}  // namespace
}  // namespace accesslog
