#include <arpa/inet.h>

#include "base/ip_address.h"
#include "fuzz/check.h"

namespace accesslog {
namespace {

// The system's reader, which knows no brackets and no zones.
std::optional<IpAddress> ReadBySystem(const std::string& text) {
  std::array<uint8_t, 16> bytes{};
  if (text.find('\0') != std::string::npos) return std::nullopt;
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return IpAddress::FromBytes(bytes);
  if (inet_pton(AF_INET6, ("::ffff:" + text).c_str(), bytes.data()) == 1) {
    std::array<uint8_t, 4> v4{};
    if (inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return IpAddress::FromBytes(bytes);
  }
  return std::nullopt;
}

void ReadAddress(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  const auto system = ReadBySystem(std::string(text));
  Check(!system || system == address, "what the system reads is read, and as the same address");
  if (!address) return;
  Check(IpAddress::Parse(address->ToString()) == address, "an address parses back from its text");
  Check(IpAddress::FromBytes(address->bytes()) == *address, "an address is its bytes");
  Check(ParseIpv4(address->ToString()).has_value() == address->is_v4(), "IPv4 has one form");
  const int most = address->is_v4() ? 32 : 128;
  for (int bits = 0; bits <= most; ++bits) {
    const IpAddress masked = address->Masked(bits);
    Check(masked.is_v4() == address->is_v4(), "a mask keeps the family");
    Check(masked.Masked(bits) == masked, "masking twice is masking once");
    Check(masked <= *address, "a mask adds nothing");
  }
  Check(address->Masked(most) == *address, "the longest mask keeps all");
}

void ReadPrefix(std::string_view text) {
  const auto prefix = IpPrefix::Parse(text);
  if (!prefix) return;
  const auto again = IpPrefix::Parse(prefix->ToString());
  Check(again && again->ToString() == prefix->ToString(), "a prefix parses back from its text");
  const auto address = IpAddress::Parse(text.substr(0, text.find('/')));
  Check(address && prefix->Contains(*address), "a prefix contains the address it was written with");
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadAddress(accesslog::AsText(data, size));
  accesslog::ReadPrefix(accesslog::AsText(data, size));
  return 0;
}
