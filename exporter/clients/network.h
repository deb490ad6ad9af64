// Which of the administrator's networks a client belongs to: the label `network` of client_signal.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "clients/client_key.h"

namespace accesslog {

enum class Network : uint8_t { kInternal, kExternal };

std::string_view NetworkName(Network network);

// Host names count as external: a name proves nothing about the address.
Network NetworkOf(const ClientKey& key, const std::vector<IpPrefix>& internal);

}  // namespace accesslog
