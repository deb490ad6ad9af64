// Whom a request is charged to, in a form that is compared and hashed in a few instructions. Made
// once a line from the Record; used by the client table and by detect.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "clients/options.h"
#include "record/record.h"

namespace accesslog {

struct ClientKey {
  // The masked address; for a host name a 128-bit hash of it, with `named` set.
  uint64_t high = 0;
  uint64_t low = 0;
  bool named = false;

  auto operator<=>(const ClientKey&) const = default;
};

struct Client {
  ClientKey key;
  std::string_view host_name;  // empty for an address; dies with the line
  bool other = false;          // privacy leaves nothing that could be told apart
};

// Turns Records into clients as the options say.
class ClientNamer {
 public:
  explicit ClientNamer(const ClientOptions& options);

  Client Identify(const Record& record) const;

  // The label value: "192.0.2.1", "2001:db8:1:2::/64", "192.0.2.0/24" or the host name. A prefix
  // is written where one was cut off.
  std::string Label(const ClientKey& key, std::string_view host_name) const;

 private:
  struct Mask {
    uint64_t high = 0;
    uint64_t low = 0;
  };

  int Prefix(bool v4) const;

  ClientOptions options_;
  Mask v4_mask_;
  Mask v6_mask_;
};

// The address behind a key that is not `named`.
IpAddress AddressOf(const ClientKey& key);

// Mixes a key with a secret so that nobody can choose addresses that collide.
uint64_t HashKey(const ClientKey& key, uint64_t secret);

}  // namespace accesslog
