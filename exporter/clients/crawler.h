// A crawler whose operator publishes its addresses, as the files of ranges tell it now.
#pragma once

#include <string>
#include <vector>

#include "base/ip_ranges.h"

namespace accesslog {

struct Crawler {
  std::string name;
  std::vector<std::string> user_agents;  // words that its user agents hold, in whatever case
  IpRanges ranges;
};
using Crawlers = std::vector<Crawler>;

}  // namespace accesslog
