// Whether the log of a site tells its proxy instead of its clients: the share of recent requests that
// come from one address of a known proxy range, or from the published ranges of one of the large
// CDNs together. One a site, fed with every request; costs two instructions for most of them.
#pragma once

#include <array>
#include <cstdint>

#include "base/clock.h"
#include "base/ip_ranges.h"
#include "clients/client_key.h"
#include "clients/options.h"

namespace accesslog {

// From this share on it is no coincidence.
inline constexpr double kProxyShareThreshold = 0.5;

class ProxyShare {
 public:
  explicit ProxyShare(const ClientOptions& options);

  // The request with this running number came at wall time `now`.
  void Observe(uint64_t number, const Client& client, Time now) {
    // A busy site is sampled.
    if (seen_ >= kExact && number % kSampled != 0) return;
    Count(client, now);
  }

  // 0…1, of the last whole ten minutes; 0 where they had fewer than 200 requests.
  double At(Time now) const;

 private:
  static constexpr uint32_t kExact = 500;
  static constexpr uint32_t kSampled = 256;
  // Whoever has more than an eighth of the requests is among them (Space-Saving, Metwally et al.
  // 2005); what was counted before he came is known as `error`.
  struct Candidate {
    ClientKey key;
    uint32_t count = 0;
    uint32_t error = 0;
  };

  void Count(const Client& client, Time now);
  void Begin(Time now);
  double Share() const;
  bool MayBeAProxy(const ClientKey& key) const;

  IpRanges near_;  // private ranges and trusted proxies: one of them is meant
  IpRanges cdn_;   // published ranges: all together are meant
  std::array<Candidate, 8> candidates_{};
  Time began_{};
  uint32_t seen_ = 0;
  uint32_t from_cdn_ = 0;
  double last_share_ = 0;
  Time last_end_{};
};

}  // namespace accesslog
