// Options of the client table and of how a client is named. config fills them, finished and in range.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip_address.h"
#include "record/record.h"

namespace accesslog {

enum class Privacy : uint8_t {
  kFull,
  kMasked,  // IPv4 /24, IPv6 /48; host names are `other`
  kOff,     // every client is `other`
  kHashed,  // a keyed hash, whose key is thrown away now and then
};

// More than a table could have; no book is kept of who would have to go.
inline constexpr uint32_t kUnlimitedSeries = std::numeric_limits<int32_t>::max();

struct ClientOptions {
  // Series of client_requests_total a site, `other` included.
  uint32_t max_series = 10000;
  uint32_t new_series_per_hour = 20000;
  Duration idle = std::chrono::hours{1};
  // The part of the series that suspicious clients may hold against all others, and these the rest.
  double suspicion_share = 0.5;
  Duration first_value_hold = std::chrono::seconds{30};
  int ipv4_prefix = 32;
  int ipv6_prefix = 64;
  Privacy privacy = Privacy::kFull;
  std::vector<IpPrefix> internal;
  // Whoever came on none of so many days before today is new, 1…56.
  int64_t known_days = 28;
  // So long after the first line nobody can tell who is new.
  Duration learning = std::chrono::hours{24 * 14};
  // With kHashed: so long a client keeps its name.
  Duration privacy_key_rotation = std::chrono::hours{24};
  // Proxies that are believed when they tell for whom they ask, and the headers in which they do, the
  // one that decides first.
  std::vector<IpPrefix> trusted_proxies;
  std::vector<HopHeader> client_headers = {HopHeader::kXForwardedFor, HopHeader::kForwarded,
                                           HopHeader::kCfConnectingIp, HopHeader::kXRealIp};
};

// A crawler that is told from those who only say that they are it.
struct CrawlerOptions {
  std::string name;
  std::vector<std::string> files;  // of its published address ranges
  std::vector<std::string> user_agents;
};

// For `analyze`: every client of the files, shown at once and never forgotten.
inline ClientOptions Unbounded(ClientOptions options) {
  options.max_series = kUnlimitedSeries;
  options.new_series_per_hour = std::numeric_limits<uint32_t>::max();
  options.idle = Duration::max();
  options.first_value_hold = Duration{0};
  return options;
}

}  // namespace accesslog
