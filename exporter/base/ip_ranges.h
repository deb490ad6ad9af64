// A set of CIDR ranges that is asked for nearly every line: sorted, merged, searched by halving. Made
// once from a configuration or a file of thousands of ranges; immutable afterwards.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/ip_address.h"

namespace accesslog {

class IpRanges {
 public:
  IpRanges() = default;
  explicit IpRanges(const std::vector<IpPrefix>& prefixes);

  bool Contains(const IpAddress& address) const { return ContainsAll(address, address); }
  // Whether all addresses from `first` to `last`, of one family, are in the set. O(log n).
  bool ContainsAll(const IpAddress& first, const IpAddress& last) const;

  bool empty() const { return v4_.empty() && v6_.empty(); }
  // Of the ranges that are left when neighbours and doubles are merged.
  size_t size() const { return v4_.size() + v6_.size(); }

 private:
  // Both inclusive; compared byte by byte, as addresses are.
  struct Range {
    IpAddress first;
    IpAddress last;
  };
  using Ranges = std::vector<Range>;  // by `first`, none touching the next

  static Ranges Merged(Ranges ranges);

  // Apart, for ::/0 holds no IPv4 address, though those stand in ::ffff:0:0/96.
  Ranges v4_;
  Ranges v6_;
};

}  // namespace accesslog
