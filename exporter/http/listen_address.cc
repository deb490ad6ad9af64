#include "http/listen_address.h"

#include "base/ip_address.h"
#include "base/text.h"

namespace accesslog {

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const std::string quoted = "listen address \"" + Printable(text) + "\"";
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return Error{quoted + " has no port; write host:port, as in 127.0.0.1:9517"};
  }
  std::string_view host = text.substr(0, colon);
  const auto port = ParseUint(text.substr(colon + 1));
  if (!port || *port > 65535) {
    return Error{quoted + " has no port between 0 and 65535 behind the colon"};
  }
  if (host.empty()) host = "0.0.0.0";
  if (host == "localhost") host = "127.0.0.1";
  if (!ParseIpv4(host)) {
    return Error{quoted + " does not begin with an IPv4 address; IPv6 and host names are not "
                          "supported, 0.0.0.0 stands for all addresses"};
  }
  return ListenAddress{std::string(host), static_cast<uint16_t>(*port)};
}

}  // namespace accesslog
