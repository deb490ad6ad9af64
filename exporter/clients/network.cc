#include "clients/network.h"

#include <algorithm>

namespace accesslog {

std::string_view NetworkName(Network network) {
  return network == Network::kInternal ? "internal" : "external";
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

}  // namespace accesslog
