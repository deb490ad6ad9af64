// What may stand in the client field: an address, or a host name (Apache's HostnameLookups); and how
// to find it among ports and hops.
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

// "192.0.2.1:80", "[2001:db8::1]:80", "2001:db8:0:0:0:0:0:1:80" (all eight groups, as AWS writes it),
// "example.org:80", and each without a port.
std::string_view WithoutPort(std::string_view host);

// The hop of a list such as X-Forwarded-For that is taken for the client where the log tells no
// peer: the last one that is no private address, for the hops behind it are our own proxies and what
// stands before it anybody may have written; where all are private, the first. What is no address
// ends the search, and is returned itself where nothing stands behind it. Without its port.
std::string_view ClientOfHops(std::string_view list);

}  // namespace accesslog
