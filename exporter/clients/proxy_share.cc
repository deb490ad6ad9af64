#include "clients/proxy_share.h"

#include <algorithm>

namespace accesslog {
namespace {

constexpr Duration kWindow = std::chrono::minutes{10};
// A monitor that asks a quiet site every few seconds is no proxy.
constexpr uint32_t kLeastRequests = 200;

// Loopback and what RFC 1918, 4193, 6598, 3927 and 4291 keep for private use: a proxy in front of the
// server has such an address.
constexpr std::array<const char*, 9> kNear = {
    "127.0.0.0/8",   "::1/128",        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
    "100.64.0.0/10", "169.254.0.0/16", "fc00::/7",   "fe80::/10"};

// Of https://www.cloudflare.com/ips and https://api.fastly.com/public-ip-list, as many public copies of
// 2025 have them. A range that is missing costs an alarm about a log that was set up wrongly, no more.
constexpr std::array<const char*, 43> kCdn = {
    "173.245.48.0/20",  "103.21.244.0/22",  "103.22.200.0/22",  "103.31.4.0/22",
    "141.101.64.0/18",  "108.162.192.0/18", "190.93.240.0/20",  "188.114.96.0/20",
    "197.234.240.0/22", "198.41.128.0/17",  "162.158.0.0/15",   "104.16.0.0/13",
    "104.24.0.0/14",    "172.64.0.0/13",    "131.0.72.0/22",    "2400:cb00::/32",
    "2606:4700::/32",   "2803:f800::/32",   "2405:b500::/32",   "2405:8100::/32",
    "2a06:98c0::/29",   "2c0f:f248::/32",
    "23.235.32.0/20",   "43.249.72.0/22",   "103.244.50.0/24",  "103.245.222.0/23",
    "103.245.224.0/24", "104.156.80.0/20",  "140.248.64.0/18",  "140.248.128.0/17",
    "146.75.0.0/17",    "151.101.0.0/16",   "157.52.64.0/18",   "167.82.0.0/17",
    "167.82.128.0/20",  "167.82.160.0/20",  "167.82.224.0/20",  "172.111.64.0/18",
    "185.31.16.0/22",   "199.27.72.0/21",   "199.232.0.0/16",   "2a04:4e40::/32",
    "2a04:4e42::/32"};

template <size_t N>
std::vector<IpPrefix> Prefixes(const std::array<const char*, N>& texts) {
  std::vector<IpPrefix> prefixes;
  prefixes.reserve(N);
  for (const char* text : texts) prefixes.push_back(*IpPrefix::Parse(text));
  return prefixes;
}

// A hashed key's address is not known any more.
bool HasAddress(const ClientKey& key) { return !key.named && !key.hashed; }

std::vector<IpPrefix> Near(const std::vector<IpPrefix>& trusted) {
  std::vector<IpPrefix> prefixes = Prefixes(kNear);
  prefixes.insert(prefixes.end(), trusted.begin(), trusted.end());
  return prefixes;
}

}  // namespace

ProxyShare::ProxyShare(const ClientOptions& options)
    : near_(Near(options.trusted_proxies)), cdn_(Prefixes(kCdn)) {}

bool ProxyShare::MayBeAProxy(const ClientKey& key) const {
  return HasAddress(key) && near_.Contains(AddressOf(key));
}

void ProxyShare::Begin(Time now) {
  last_share_ = Share();
  last_end_ = began_ + kWindow;
  began_ = now;
  seen_ = from_cdn_ = 0;
  candidates_.fill({});
}

void ProxyShare::Count(const Client& client, Time now) {
  if (now - began_ >= kWindow || now < began_) Begin(now);
  ++seen_;
  if (client.other) return;
  if (HasAddress(client.key) && cdn_.Contains(AddressOf(client.key))) {
    ++from_cdn_;
    return;
  }
  Candidate* least = &candidates_.front();
  for (Candidate& candidate : candidates_) {
    if (candidate.count > 0 && candidate.key == client.key) {
      ++candidate.count;
      return;
    }
    if (candidate.count < least->count) least = &candidate;
  }
  *least = {client.key, least->count + 1, least->count};
}

// Of what was seen since it began; never more than the truth.
double ProxyShare::Share() const {
  if (seen_ < kLeastRequests) return 0;
  uint32_t most = from_cdn_;
  for (const Candidate& candidate : candidates_) {
    if (candidate.count > 0 && MayBeAProxy(candidate.key)) {
      most = std::max(most, candidate.count - candidate.error);
    }
  }
  return static_cast<double>(most) / static_cast<double>(seen_);
}

double ProxyShare::At(Time now) const {
  // Nobody may have come since to begin anew.
  if (now - began_ >= 2 * kWindow) return 0;
  if (now - began_ >= kWindow) return Share();
  return now - last_end_ < kWindow + kWindow ? last_share_ : 0;
}

}  // namespace accesslog
