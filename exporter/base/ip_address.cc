#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr std::array<uint8_t, 12> kV4Mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr size_t kMaxZone = 15;  // a name of an interface; IFNAMSIZ of Linux

bool IsZone(std::string_view text) {
  return !text.empty() && text.size() <= kMaxZone &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsAlpha(c) || IsDigit(c) || c == '-' || c == '_' || c == '.';
         });
}

}  // namespace

std::optional<IpAddress> ParseIpv4(std::string_view text) {
  IpAddress address;
  std::copy(kV4Mapped.begin(), kV4Mapped.end(), address.bytes_.begin());
  size_t i = 0;
  for (size_t part = 0; part < 4; ++part) {
    if (part > 0) {
      if (i == text.size() || text[i] != '.') return std::nullopt;
      ++i;
    }
    unsigned number = 0;
    const size_t start = i;
    while (i < text.size() && i - start < 3 && IsDigit(text[i])) {
      number = number * 10 + static_cast<unsigned>(text[i++] - '0');
    }
    if (i == start || number > 255) return std::nullopt;
    address.bytes_[12 + part] = static_cast<uint8_t>(number);
  }
  if (i != text.size()) return std::nullopt;
  return address;
}

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  if (auto v4 = ParseIpv4(text)) return v4;
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  if (text.find(':') == std::string_view::npos) return ParseIpv4(text);
  const size_t percent = text.find('%');
  if (percent != std::string_view::npos) {
    if (!IsZone(text.substr(percent + 1))) return std::nullopt;
    text = text.substr(0, percent);
  }
  // inet_pton reads up to a NUL: one inside the text would hide what stands behind it.
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  std::copy(text.begin(), text.end(), terminated.begin());
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.data(), address.bytes_.data()) != 1) return std::nullopt;
  return address;
}

bool IpAddress::is_v4() const {
  return std::equal(kV4Mapped.begin(), kV4Mapped.end(), bytes_.begin());
}

IpAddress IpAddress::Masked(int bits) const {
  assert(bits >= 0 && bits <= (is_v4() ? 32 : 128));
  size_t keep = static_cast<size_t>(bits) + (is_v4() ? 96 : 0);
  IpAddress masked = *this;
  for (uint8_t& byte : masked.bytes_) {
    const size_t here = std::min<size_t>(keep, 8);
    byte = static_cast<uint8_t>(byte & (0xFF00U >> here));
    keep -= here;
  }
  return masked;
}

std::string IpAddress::ToString() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) {
    inet_ntop(AF_INET, bytes_.data() + 12, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
  }
  return text.data();
}

std::optional<IpPrefix> IpPrefix::Parse(std::string_view text) {
  const size_t slash = text.find('/');
  const auto base = IpAddress::Parse(text.substr(0, slash));
  if (!base) return std::nullopt;
  IpPrefix prefix;
  const int most = base->is_v4() ? 32 : 128;
  prefix.bits_ = most;
  if (slash != std::string_view::npos) {
    const auto bits = ParseUint(text.substr(slash + 1));
    if (!bits || *bits > static_cast<uint64_t>(most)) return std::nullopt;
    prefix.bits_ = static_cast<int>(*bits);
  }
  prefix.base_ = base->Masked(prefix.bits_);
  return prefix;
}

bool IpPrefix::Contains(const IpAddress& address) const {
  return address.is_v4() == base_.is_v4() && address.Masked(bits_) == base_;
}

IpAddress IpPrefix::Last() const {
  std::array<uint8_t, 16> bytes = base_.bytes();
  size_t keep = static_cast<size_t>(bits_) + (base_.is_v4() ? 96 : 0);
  for (uint8_t& byte : bytes) {
    const size_t here = std::min<size_t>(keep, 8);
    byte = static_cast<uint8_t>(byte | (0xFFU >> here));
    keep -= here;
  }
  return IpAddress::FromBytes(bytes);
}

std::string IpPrefix::ToString() const { return base_.ToString() + "/" + std::to_string(bits_); }

}  // namespace accesslog
