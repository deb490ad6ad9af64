#include "base/ip_ranges.h"

#include <algorithm>

namespace accesslog {
namespace {

// The address behind; the last one of all has none and is returned itself.
IpAddress Next(const IpAddress& address) {
  std::array<uint8_t, 16> bytes = address.bytes();
  for (size_t i = bytes.size(); i-- > 0;) {
    if (++bytes[i] != 0) return IpAddress::FromBytes(bytes);
  }
  return address;
}

}  // namespace

IpRanges::IpRanges(const std::vector<IpPrefix>& prefixes) {
  for (const IpPrefix& prefix : prefixes) {
    Ranges& family = prefix.base().is_v4() ? v4_ : v6_;
    family.push_back({prefix.base(), prefix.Last()});
  }
  v4_ = Merged(std::move(v4_));
  v6_ = Merged(std::move(v6_));
}

IpRanges::Ranges IpRanges::Merged(Ranges ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  Ranges merged;
  for (const Range& range : ranges) {
    if (!merged.empty() && range.first <= Next(merged.back().last)) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

bool IpRanges::ContainsAll(const IpAddress& first, const IpAddress& last) const {
  const Ranges& family = first.is_v4() ? v4_ : v6_;
  const auto behind =
      std::upper_bound(family.begin(), family.end(), first,
                       [](const IpAddress& address, const Range& range) { return address < range.first; });
  return behind != family.begin() && last <= std::prev(behind)->last;
}

}  // namespace accesslog
