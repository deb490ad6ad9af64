#include "parse/client_field.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "record/hop_list.h"

namespace accesslog {
namespace {

constexpr size_t kMaxHostName = 253;

bool IsHostChar(char c) {
  return IsAlpha(c) || IsDigit(c) || c == '-' || c == '_' || c == '.';
}

// RFC 1918, 6598, 4193; loopback and link-local.
bool IsPrivate(const IpAddress& address) {
  static const std::array<IpPrefix, 9> kPrivate = {
      *IpPrefix::Parse("10.0.0.0/8"),     *IpPrefix::Parse("172.16.0.0/12"),
      *IpPrefix::Parse("192.168.0.0/16"), *IpPrefix::Parse("100.64.0.0/10"),
      *IpPrefix::Parse("127.0.0.0/8"),    *IpPrefix::Parse("169.254.0.0/16"),
      *IpPrefix::Parse("fc00::/7"),       *IpPrefix::Parse("fe80::/10"),
      *IpPrefix::Parse("::1/128")};
  return std::any_of(kPrivate.begin(), kPrivate.end(),
                     [&](const IpPrefix& prefix) { return prefix.Contains(address); });
}

}  // namespace

bool IsHostName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHostName &&
         std::all_of(text.begin(), text.end(), IsHostChar) &&
         std::any_of(text.begin(), text.end(), IsAlpha);
}

bool ParseClientField(std::string_view text, std::optional<IpAddress>& address) {
  address = ParseIpv4(text);
  if (address) return true;
  if (IsHostName(text)) return true;
  address = IpAddress::Parse(text);
  return address.has_value();
}

std::string_view WithoutPort(std::string_view host) {
  const size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return host;
  const std::string_view before = host.substr(0, colon);
  const bool bare_v6 = before.find(':') != std::string_view::npos && !before.ends_with(']');
  return bare_v6 && IpAddress::Parse(host) ? host : before;
}

std::string_view ClientOfHops(std::string_view list) {
  std::string_view client;
  HopList hops(list);
  while (const auto hop = hops.Next()) {
    // What stands in front of it may have been sent by the client.
    if (!hop->address) return client.empty() ? hop->text : client;
    client = hop->text;
    if (!IsPrivate(*hop->address)) break;
  }
  return client;
}

}  // namespace accesslog
