// The page at `/`: which version this is, what it reads, where the metrics are.
#pragma once

#include <string>
#include <vector>

#include "expose/families.h"

namespace accesslog {

std::string LandingPage(const std::vector<SiteView>& sites, const std::vector<FileView>& files);

}  // namespace accesslog
