// Gzip for answers that a client asked to be compressed.
#pragma once

#include <string>
#include <string_view>

namespace accesslog {

// The fastest level: scrapes are frequent and text with many like lines shrinks tenfold anyway.
std::string Gzip(std::string_view text);

// Whether an Accept-Encoding header allows gzip (RFC 9110 section 12.5.3): not where it
// says "gzip;q=0", nor where it names only others.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace accesslog
