// Label hygiene. One malformed byte in one label value makes Prometheus drop the whole scrape, and
// prometheus-cpp does not look; so every value that did not come from a fixed list passes here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace accesslog {

inline constexpr size_t kMaxLabelBytes = 256;
inline constexpr size_t kMaxPathBytes = 4096;  // PATH_MAX

// Valid UTF-8 without control characters, at most kMaxLabelBytes (and a "…" where it was cut).
std::string SafeLabel(std::string_view value);

// The same for the path of a file, which may be as long as Linux allows: two of them mostly differ at
// their ends.
std::string SafePath(std::string_view path);

// "404", or "invalid" for kInvalidStatus.
std::string StatusLabel(uint16_t status);

}  // namespace accesslog
