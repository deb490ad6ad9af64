#include "clients/client_key.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "clients/network.h"
#include "record/hop_list.h"

namespace accesslog {
namespace {

// A label value never grows beyond this, whatever a name server answers.
constexpr size_t kMaxHostName = 253;

// RFC 1035 and the '_' that many use all the same. A name server answers whatever its owner likes.
bool IsHostChar(char c) { return IsAlpha(c) || IsDigit(c) || c == '-' || c == '_' || c == '.'; }

// A word with its first `bits` bits set; below 0 means none, above 64 all.
uint64_t LeadingOnes(int bits) {
  if (bits <= 0) return 0;
  return bits >= 64 ? ~uint64_t{0} : ~(~uint64_t{0} >> static_cast<unsigned>(bits));
}

bool IsOutOfList(const Record& record) {
  return record.hops != nullptr && !record.hops->client_list.empty();
}

uint64_t HashName(std::string_view name, uint64_t seed) {
  uint64_t hash = seed;
  while (!name.empty()) {
    uint64_t word = 0;
    const size_t count = std::min<size_t>(8, name.size());
    std::memcpy(&word, name.data(), count);
    hash = MixWords(hash ^ word ^ count, 0x9E3779B97F4A7C15U);
    name.remove_prefix(count);
  }
  return hash;
}

constexpr uint64_t NetworkBits(Network network) { return static_cast<uint64_t>(network); }
constexpr uint64_t kMostNetwork = NetworkBits(Network::kCrawler);
constexpr uint64_t kNetworkMask = 3;

// "h-" and 16 hexadecimal digits.
std::string HashLabel(uint64_t hash) {
  std::string label = "h-";
  for (int shift = 60; shift >= 0; shift -= 4) {
    label += "0123456789abcdef"[hash >> static_cast<unsigned>(shift) & 0xFU];
  }
  return label;
}

}  // namespace

ClientNamer::ClientNamer(const ClientOptions& options)
    : options_(options),
      proxies_(options.trusted_proxies),
      has_proxies_(!proxies_.empty()) {
  // IPv4 stands in the last 32 of the 128 bits.
  const int v4_bits = Prefix(true) + 96;
  const int v6_bits = Prefix(false);
  v4_mask_ = {LeadingOnes(v4_bits), LeadingOnes(v4_bits - 64)};
  v6_mask_ = {LeadingOnes(v6_bits), LeadingOnes(v6_bits - 64)};
  if (options_.privacy == Privacy::kHashed) DrawHashKey();
  SetCrawlers(nullptr);
}

void ClientNamer::SetCrawlers(const std::shared_ptr<const Crawlers>& crawlers) {
  static const auto kNone = std::make_shared<const Crawlers>();
  crawlers_ = crawlers ? crawlers : kNone;
}

int ClientNamer::Prefix(bool v4) const {
  const int cut = options_.privacy != Privacy::kMasked ? 128 : v4 ? 24 : 48;
  return std::min(cut, v4 ? options_.ipv4_prefix : options_.ipv6_prefix);
}

Client ClientNamer::IdentifyName(const Record& record) const {
  Client client;
  const std::string_view name = record.client.substr(0, kMaxHostName);
  // A word in a header is no name of a host: anybody may have sent it.
  client.refused = !IsNameOfClient(name) || IsOutOfList(record);
  const bool hashed = options_.privacy == Privacy::kHashed;
  client.other = client.refused || (options_.privacy != Privacy::kFull && !hashed);
  if (client.other) return client;
  if (hashed) {
    client.key = HashedKey(SipHash(hash_key_, "name " + std::string(name)), Network::kExternal);
    return client;
  }
  client.host_name = name;
  client.key = KeyOfHostName(name);
  return client;
}

// For the modes that keep neither address nor name.
Client ClientNamer::HashOrHide(const IpAddress& address) const {
  if (options_.privacy == Privacy::kOff) return {{}, "", true};
  const uint64_t high = BigEndian(address.bytes().data());
  const uint64_t low = BigEndian(address.bytes().data() + 8);
  const Mask& mask = high == 0 && low >> 32U == 0xFFFFU ? v4_mask_ : v6_mask_;
  const std::array<uint64_t, 2> words = {high & mask.high, low & mask.low};
  const ClientKey key{words[0], words[1]};
  // Decided now: what a crawler says of itself is not known here, and later the address is not.
  const Network network = NetworkOf(key, LastAddress(key), "", options_.internal, *crawlers_);
  // With a first byte that no name's text has.
  std::array<char, sizeof(words) + 1> text{};
  text[0] = '@';
  std::memcpy(text.data() + 1, words.data(), sizeof(words));
  return {HashedKey(SipHash(hash_key_, {text.data(), text.size()}), network), "", false};
}

// Goes from right to left while the hops are trusted. What is no address ends the way: the nearest
// trusted hop is answerable for it, and nothing that stands further left is believed. False if the
// header is missing.
bool ClientNamer::Follow(std::string_view hops, std::optional<IpAddress>& client) const {
  if (hops.empty()) return false;
  HopList list(hops);
  while (const auto hop = list.Next()) {
    if (!hop->address) break;
    client = hop->address;
    if (!proxies_.Contains(*client)) break;
  }
  return true;
}

Client ClientNamer::IdentifyBehindProxies(const Record& record) const {
  std::optional<IpAddress> client = record.address;
  if (IsOutOfList(record)) {
    client.reset();
    Follow(record.hops->client_list, client);
    Record nobody;
    return client ? IdentifyAddress(*client) : IdentifyName(nobody);
  }
  if (!client) return IdentifyName(record);
  if (!proxies_.Contains(*client)) return IdentifyAddress(*client);
  for (const HopHeader header : options_.client_headers) {
    if (record.hops == nullptr) break;
    if (Follow(record.hops->texts[static_cast<size_t>(header)], client)) break;
  }
  return IdentifyAddress(*client);
}

IpAddress ClientNamer::LastAddress(const ClientKey& key) const {
  ClientKey last = key;
  const Mask& mask = key.high == 0 && key.low >> 32U == 0xFFFFU ? v4_mask_ : v6_mask_;
  last.high |= ~mask.high;
  last.low |= ~mask.low;
  return AddressOf(last);
}

bool ClientNamer::Makes(const ClientKey& key) const {
  if (key.hashed || options_.privacy == Privacy::kHashed) {
    return key.hashed && !key.named && options_.privacy == Privacy::kHashed &&
           key.low <= kMostNetwork && (key.high & kNetworkMask) == key.low;
  }
  if (key.named) return options_.privacy == Privacy::kFull;
  if (options_.privacy == Privacy::kOff) return false;
  const Mask& mask = key.high == 0 && key.low >> 32U == 0xFFFFU ? v4_mask_ : v6_mask_;
  return (key.high & ~mask.high) == 0 && (key.low & ~mask.low) == 0;
}

std::string ClientNamer::Label(const ClientKey& key, std::string_view host_name) const {
  if (key.hashed) return HashLabel(key.high);
  if (key.named) return std::string(host_name);
  const IpAddress address = AddressOf(key);
  const bool v4 = address.is_v4();
  const int bits = Prefix(v4);
  if (bits == (v4 ? 32 : 128)) return address.ToString();
  return address.ToString() + "/" + std::to_string(bits);
}

// Anybody may call his host "other"; it must not pass for the table's own.
bool IsNameOfClient(std::string_view name) {
  return !name.empty() && name.size() <= kMaxHostName && name != "other" &&
         std::all_of(name.begin(), name.end(), IsHostChar);
}

ClientKey HashedKey(uint64_t hash, Network network) {
  const uint64_t bits = NetworkBits(network);
  return {(hash & ~kNetworkMask) | bits, bits, false, true};
}

ClientKey KeyOfHostName(std::string_view name) {
  return {HashName(name, 0x2545F4914F6CDD1DU), HashName(name, 0xD1342543DE82EF95U), true};
}

IpAddress AddressOf(const ClientKey& key) {
  std::array<uint8_t, 16> bytes{};
  PutBigEndian(key.high, bytes.data());
  PutBigEndian(key.low, bytes.data() + 8);
  return IpAddress::FromBytes(bytes);
}

}  // namespace accesslog
