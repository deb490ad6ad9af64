// Lists in HTTP headers: "a;q=0.5, b". Read by http and expose, which negotiate what is answered.
#pragma once

#include <string_view>

namespace accesslog {

// The text up to `separator`, without the blanks around it; `text` keeps what is behind it.
std::string_view TakeItem(std::string_view& text, char separator);

bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// The quality among an item's parameters, as in "level=1;q=0.5": 0 to 1000 for 0 to 1. 1000 where
// there is none, 0 where it is malformed (RFC 9110 section 12.4.2).
int QualityOf(std::string_view parameters);

}  // namespace accesslog
