// Which of the formats a scraper gets, by the Accept header of its request (RFC 9110 section 12.5.1).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "expose/cut.h"

namespace accesslog {

enum class Format : uint8_t {
  kText,             // text 0.0.4, for all who do not ask for another
  kOpenMetrics1,     // OpenMetrics 1.0.0
  kOpenMetrics0,     // the same under its old number, 0.0.1
};

// OpenMetrics only where it is named, and not behind plain text.
Format ChooseFormat(std::string_view accept);

const char* ContentType(Format format);

void Write(const Cut& cut, Format format, const std::function<void(std::string_view)>& sink);

}  // namespace accesslog
