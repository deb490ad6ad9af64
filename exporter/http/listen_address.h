// "host:port" as --web.listen-address takes it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace accesslog {

struct ListenAddress {
  std::string host;  // an IPv4 address; "0.0.0.0" is all
  uint16_t port = 0;  // 0: any free one

  std::string ToString() const { return host + ":" + std::to_string(port); }
  bool operator==(const ListenAddress&) const = default;
};

// ":9517" listens on all addresses. IPv6 and host names are errors: Debian's CivetWeb is built
// without the one, and the other may mean several addresses.
Result<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace accesslog
