// A zone file of the system's time zone database (TZif, RFC 8536) as plain numbers. The files are
// compiled by zic; a damaged or foreign one is refused, never read past its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/zone_rule.h"

namespace accesslog {

struct ZoneFile {
  struct Change {
    int64_t at = 0;  // seconds since the epoch
    int32_t offset = 0;
  };
  int32_t first_offset = 0;      // before the first change
  std::vector<Change> changes;   // by time
  std::optional<ZoneRule> rule;  // behind the last one

  static std::optional<ZoneFile> Parse(std::string_view bytes);
};

}  // namespace accesslog
