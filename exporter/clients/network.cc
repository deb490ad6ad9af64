#include "clients/network.h"

#include <algorithm>
#include <array>

namespace accesslog {
namespace {

// Where crawlers have told their names long since.
constexpr size_t kMostOfUserAgent = 512;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool HoldsWord(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return Lower(a) == Lower(b); };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

}  // namespace

std::string_view NetworkName(Network network) {
  static constexpr std::array<std::string_view, kNetworkCount> kNames = {
      "internal", "external", "crawler", "crawler_unverified", "nat"};
  return kNames[static_cast<size_t>(network)];
}

Network NetworkOf(const ClientKey& key, const std::vector<IpPrefix>& internal) {
  if (key.hashed) return static_cast<Network>(key.low);
  if (key.named) return Network::kExternal;
  const IpAddress address = AddressOf(key);
  const bool inside = std::any_of(internal.begin(), internal.end(), [&](const IpPrefix& prefix) {
    return prefix.Contains(address);
  });
  return inside ? Network::kInternal : Network::kExternal;
}

Network NetworkOf(const ClientKey& key, const IpAddress& last, std::string_view user_agent,
                  const std::vector<IpPrefix>& internal, const Crawlers& crawlers) {
  // A hashed key tells what its address proved.
  const Network known = NetworkOf(key, internal);
  if (known != Network::kExternal) return known;
  const auto is_proven = [&](const Crawler& crawler) {
    return !key.named && !key.hashed && crawler.ranges.ContainsAll(AddressOf(key), last);
  };
  if (std::any_of(crawlers.begin(), crawlers.end(), is_proven)) return Network::kCrawler;
  const std::string_view shown = user_agent.substr(0, kMostOfUserAgent);
  const auto is_claimed = [&](const Crawler& crawler) {
    return std::any_of(crawler.user_agents.begin(), crawler.user_agents.end(),
                       [&](const std::string& word) { return HoldsWord(shown, word); });
  };
  const bool claimed = std::any_of(crawlers.begin(), crawlers.end(), is_claimed);
  return claimed ? Network::kCrawlerUnverified : Network::kExternal;
}

}  // namespace accesslog
