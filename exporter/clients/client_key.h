// Whom a request is charged to, in a form that is compared and hashed in a few instructions. Made
// once a line from the Record; used by the client table and by detect.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/ip_ranges.h"
#include "base/random.h"
#include "base/sip_hash.h"
#include "base/text_hash.h"
#include "clients/crawler.h"
#include "clients/options.h"
#include "record/record.h"

namespace accesslog {

enum class Network : uint8_t;

struct ClientKey {
  // The masked address; for a host name a 128-bit hash of it, with `named` set; where privacy hashes,
  // a keyed hash of either and the client's Network, with `hashed` set.
  uint64_t high = 0;
  uint64_t low = 0;
  bool named = false;
  bool hashed = false;

  auto operator<=>(const ClientKey&) const = default;
};

struct Client {
  ClientKey key;
  std::string_view host_name;  // empty for an address; dies with the line
  bool other = false;  // privacy leaves nothing that could be told apart, or `refused`
  bool refused = false;  // neither an address nor what could be the name of a host
};

// Eight bytes in network order.
inline uint64_t BigEndian(const uint8_t* bytes) {
  uint64_t number = 0;
  std::memcpy(&number, bytes, sizeof(number));
  return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

inline void PutBigEndian(uint64_t number, uint8_t* bytes) {
  if (std::endian::native == std::endian::little) number = __builtin_bswap64(number);
  std::memcpy(bytes, &number, sizeof(number));
}

// Turns Records into clients as the options say. The client is who connected to the server; only
// where that is a trusted proxy it is the right-most hop of a header that is none.
class ClientNamer {
 public:
  explicit ClientNamer(const ClientOptions& options);

  Client Identify(const Record& record) const {
    if (has_proxies_) [[unlikely]] return IdentifyBehindProxies(record);
    return record.address ? IdentifyAddress(*record.address) : IdentifyName(record);
  }

  // The label value: "192.0.2.1", "2001:db8:1:2::/64", "192.0.2.0/24", the host name, or
  // "h-00c0ffee00c0ffee". A prefix is written where one was cut off.
  std::string Label(const ClientKey& key, std::string_view host_name) const;

  // The last address of the client's prefix; of a key that is not `named`.
  IpAddress LastAddress(const ClientKey& key) const;

  // Whether Identify could have made the key.
  bool Makes(const ClientKey& key) const;

  const ClientOptions& options() const { return options_; }

  // With Privacy::kHashed: random from the start; whoever has it can tell which client has which
  // label.
  const SipKey& hash_key() const { return hash_key_; }
  void SetHashKey(const SipKey& key) { hash_key_ = key; }
  void DrawHashKey() { FillRandom(hash_key_); }

  // With Privacy::kHashed: whose ranges make a client the crawler that it is.
  void SetCrawlers(const std::shared_ptr<const Crawlers>& crawlers);

 private:
  struct Mask {
    uint64_t high = 0;
    uint64_t low = 0;
  };

  Client IdentifyAddress(const IpAddress& address) const {
    if (options_.privacy >= Privacy::kOff) [[unlikely]] return HashOrHide(address);
    const uint64_t high = BigEndian(address.bytes().data());
    const uint64_t low = BigEndian(address.bytes().data() + 8);
    const Mask& mask = high == 0 && low >> 32U == 0xFFFFU ? v4_mask_ : v6_mask_;
    return {{high & mask.high, low & mask.low}, "", false};
  }
  Client HashOrHide(const IpAddress& address) const;
  Client IdentifyName(const Record& record) const;
  Client IdentifyBehindProxies(const Record& record) const;
  bool Follow(std::string_view hops, std::optional<IpAddress>& client) const;
  int Prefix(bool v4) const;

  ClientOptions options_;
  Mask v4_mask_;
  Mask v6_mask_;
  SipKey hash_key_{};
  std::shared_ptr<const Crawlers> crawlers_;  // never null
  IpRanges proxies_;
  bool has_proxies_;
};

// Whether a host name has a key of its own.
bool IsNameOfClient(std::string_view name);
// Needs IsNameOfClient.
ClientKey KeyOfHostName(std::string_view name);

// The key of a keyed hash. Where the network is another the label is, too: a label means one key.
ClientKey HashedKey(uint64_t hash, Network network);

// The address behind a key that is neither `named` nor `hashed`.
IpAddress AddressOf(const ClientKey& key);

// Mixes a key with a secret so that nobody can choose addresses that collide.
inline uint64_t HashKey(const ClientKey& key, uint64_t secret) {
  const uint64_t kind = key.named ? 0xA0761D6478BD642FU : 0xE7037ED1A0B428DBU;
  // Neither factor may be 0 for a key that somebody can choose, whatever the secret.
  const uint64_t high = key.high ^ (secret + kind);
  const uint64_t low = key.low ^ (secret * 0x8EBC6AF09C88C6E3U + 0x589965CC75374CC3U);
  return MixWords(MixWords(high, low) ^ secret, 0x8EBC6AF09C88C6E3U);
}

}  // namespace accesslog
