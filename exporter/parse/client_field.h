// What may stand in the client field: an address, or a host name (Apache's HostnameLookups).
#pragma once

#include <optional>
#include <string_view>

#include "base/ip_address.h"

namespace accesslog {

// Letters, digits, '-', '_' and '.', at most 253 bytes (RFC 1035), not only digits and dots, and not
// the "-" of a missing field. Strict, for what passes here may become a label.
bool IsHostName(std::string_view text);

// Sets `address` where the text is one. False if it is neither an address nor a host name.
bool ParseClientField(std::string_view text, std::optional<IpAddress>& address);

}  // namespace accesslog
