// The subcommand `erase`: takes clients out of a state file, so that nothing in it tells of them, while
// the exporter that writes it is stopped.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/clock.h"

namespace accesslog {

struct EraseOptions {
  std::string state_file;
  std::vector<std::string> clients;  // addresses, host names, or the labels of metrics
};

// The exit code: 0, 1 if the state does not know one of them, 2 if it cannot be read or written.
int Erase(const EraseOptions& options, const Clock& clock, std::ostream& out, std::ostream& err);

}  // namespace accesslog
