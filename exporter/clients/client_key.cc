#include "clients/client_key.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "clients/network.h"

namespace accesslog {
namespace {

// A label value never grows beyond this, whatever a name server answers.
constexpr size_t kMaxHostName = 253;

// A word with its first `bits` bits set; below 0 means none, above 64 all.
uint64_t LeadingOnes(int bits) {
  if (bits <= 0) return 0;
  return bits >= 64 ? ~uint64_t{0} : ~(~uint64_t{0} >> static_cast<unsigned>(bits));
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
constexpr uint64_t kMostNetwork = NetworkBits(Network::kExternal);

// "h-" and 16 hexadecimal digits.
std::string HashLabel(uint64_t hash) {
  std::string label = "h-";
  for (int shift = 60; shift >= 0; shift -= 4) {
    label += "0123456789abcdef"[hash >> static_cast<unsigned>(shift) & 0xFU];
  }
  return label;
}

}  // namespace

ClientNamer::ClientNamer(const ClientOptions& options) : options_(options) {
  // IPv4 stands in the last 32 of the 128 bits.
  const int v4_bits = Prefix(true) + 96;
  const int v6_bits = Prefix(false);
  v4_mask_ = {LeadingOnes(v4_bits), LeadingOnes(v4_bits - 64)};
  v6_mask_ = {LeadingOnes(v6_bits), LeadingOnes(v6_bits - 64)};
  if (options_.privacy == Privacy::kHashed) DrawHashKey();
}

int ClientNamer::Prefix(bool v4) const {
  const int cut = options_.privacy != Privacy::kMasked ? 128 : v4 ? 24 : 48;
  return std::min(cut, v4 ? options_.ipv4_prefix : options_.ipv6_prefix);
}

Client ClientNamer::IdentifyName(std::string_view name) const {
  Client client;
  name = name.substr(0, kMaxHostName);
  if (options_.privacy != Privacy::kFull || !IsNameOfClient(name)) {
    client.other = true;
    return client;
  }
  client.host_name = name;
  client.key = KeyOfHostName(name);
  return client;
}

// For the modes that keep neither address nor name.
Client ClientNamer::IdentifyInPrivate(const Record& record) const {
  const std::string_view name = record.client.substr(0, kMaxHostName);
  if (options_.privacy == Privacy::kOff || (!record.address && !IsNameOfClient(name))) {
    return {{}, "", true};
  }
  if (!record.address) {
    return {{SipHash(hash_key_, "name " + std::string(name)), NetworkBits(Network::kExternal), false,
             true},
            "",
            false};
  }
  const auto& bytes = record.address->bytes();
  const uint64_t high = BigEndian(bytes.data());
  const uint64_t low = BigEndian(bytes.data() + 8);
  const Mask& mask = high == 0 && low >> 32U == 0xFFFFU ? v4_mask_ : v6_mask_;
  const std::array<uint64_t, 2> words = {high & mask.high, low & mask.low};
  const uint64_t network = NetworkBits(NetworkOf({words[0], words[1]}, options_.internal));
  // With a first byte that no name's text has.
  std::array<char, sizeof(words) + 1> text{};
  text[0] = '@';
  std::memcpy(text.data() + 1, words.data(), sizeof(words));
  return {{SipHash(hash_key_, {text.data(), text.size()}), network, false, true}, "", false};
}

bool ClientNamer::Makes(const ClientKey& key) const {
  if (key.hashed || options_.privacy == Privacy::kHashed) {
    return key.hashed && !key.named && options_.privacy == Privacy::kHashed && key.low <= kMostNetwork;
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
  return !name.empty() && name.size() <= kMaxHostName && name != "other";
}

ClientKey KeyOfHostName(std::string_view name) {
  return {HashName(name, 0x2545F4914F6CDD1DU), HashName(name, 0xD1342543DE82EF95U), true};
}

IpAddress AddressOf(const ClientKey& key) {
  std::array<uint8_t, 16> bytes{};
  for (unsigned i = 0; i < 8; ++i) {
    bytes[i] = static_cast<uint8_t>(key.high >> (56U - 8U * i));
    bytes[8 + i] = static_cast<uint8_t>(key.low >> (56U - 8U * i));
  }
  return IpAddress::FromBytes(bytes);
}

}  // namespace accesslog
