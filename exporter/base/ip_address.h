// An IPv4 or IPv6 address in one canonical form: a v4-mapped address *is* the IPv4 address, and a
// zone id ("%eth0") is no part of it. Used by parse, clients and configuration.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace accesslog {

class IpAddress {
 public:
  IpAddress() = default;  // ::

  // "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0", and each in [brackets].
  static std::optional<IpAddress> Parse(std::string_view text);

  // Network byte order; IPv4 as ::ffff:a.b.c.d.
  static IpAddress FromBytes(const std::array<uint8_t, 16>& bytes) {
    IpAddress address;
    address.bytes_ = bytes;
    return address;
  }

  bool is_v4() const;

  // This address with all but its first `bits` bits cleared; `bits` counts within the address's own
  // family: 0…32 or 0…128.
  IpAddress Masked(int bits) const;

  // Dotted decimal, or RFC 5952.
  std::string ToString() const;

  const std::array<uint8_t, 16>& bytes() const { return bytes_; }

  auto operator<=>(const IpAddress&) const = default;

 private:
  friend std::optional<IpAddress> ParseIpv4(std::string_view text);
  std::array<uint8_t, 16> bytes_{};
};

// The dotted-decimal form alone, strict: four numbers 0…255 and nothing else. This is what runs for
// nearly every line of a log.
std::optional<IpAddress> ParseIpv4(std::string_view text);

// A CIDR range, as in "10.0.0.0/8"; a bare address is a range of one.
class IpPrefix {
 public:
  static std::optional<IpPrefix> Parse(std::string_view text);
  bool Contains(const IpAddress& address) const;
  std::string ToString() const;

  const IpAddress& base() const { return base_; }  // the first address
  IpAddress Last() const;
  int bits() const { return bits_; }  // within the family of base()

 private:
  IpAddress base_;
  int bits_ = 0;  // within the family of base_
};

}  // namespace accesslog
