// The hops in a header such as X-Forwarded-For or Forwarded (RFC 7239), from right to left: each proxy
// appends the address that it saw, so what stands on the right is worth most and what stands on the
// left anybody may have sent. Every byte is hostile; nothing is allocated.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/ip_address.h"

namespace accesslog {

// No chain of proxies is that long; whoever sends more hops is not followed further.
inline constexpr size_t kMaxHops = 64;

struct Hop {
  std::string_view text;  // the address, without quotes and port
  std::optional<IpAddress> address;  // nothing for "unknown", "_hidden", a name, garbage
};

class HopList {
 public:
  explicit HopList(std::string_view header) : rest_(header) {}

  // The next hop to the left; nothing at the end of the list. Empty places are passed over, as RFC
  // 9110 (5.6.1) asks.
  std::optional<Hop> Next();

 private:
  std::string_view TakeElement();

  std::string_view rest_;
  size_t count_ = 0;
};

// One element: "192.0.2.1", "192.0.2.1:80", "[2001:db8::1]:80", "2001:db8::1", each in quotes or not,
// or `for=` with one of these among other pairs of RFC 7239. Quotes may be escaped as logs write them
// (\" and \x22).
Hop ReadHop(std::string_view element);

}  // namespace accesslog
