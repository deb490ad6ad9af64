// Laws 1, 2 and 3 of DESIGN section 5, held against a scrape as Prometheus would see it.
#pragma once

#include <string>

#include "support/exposition.h"

namespace accesslog {

// "" or the first law that is broken, for any site.
std::string BrokenScrapeLaw(const Exposition& scrape);

}  // namespace accesslog
