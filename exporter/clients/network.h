// Which network a client belongs to, the label `network` of client_signal: one of the administrator's
// own, that of a crawler whose operator publishes its addresses, or any other. What a client says of
// itself never makes it a crawler; it only tells that it says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "clients/client_key.h"
#include "clients/crawler.h"

namespace accesslog {

enum class Network : uint8_t {
  kInternal,
  kExternal,
  kCrawler,            // its whole prefix lies in the published ranges
  kCrawlerUnverified,  // calls itself a crawler, and does not
  kNat,                // many people behind few addresses; decided by detect, never part of a key
};
inline constexpr size_t kNetworkCount = 5;
// Those that can be part of a hashed key.
inline constexpr size_t kHashedNetworkCount = 4;

std::string_view NetworkName(Network network);

// Host names count as external: a name proves nothing about the address.
Network NetworkOf(const ClientKey& key, const std::vector<IpPrefix>& internal);

// The same with crawlers. `last` is the last address of the client's prefix (ClientNamer::LastAddress):
// if only a part of it is a crawler's, the rest may be anybody's. Not meant for every line.
Network NetworkOf(const ClientKey& key, const IpAddress& last, std::string_view user_agent,
                  const std::vector<IpPrefix>& internal, const Crawlers& crawlers);

}  // namespace accesslog
