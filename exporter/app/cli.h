// The command line: options and subcommands to calls. Everything but main's catch-all.
#pragma once

#include <iosfwd>

#include "base/clock.h"

namespace accesslog {

// The exit code of the program: 0, 1 or 2.
int RunCli(int argc, const char* const* argv, std::ostream& out, std::ostream& err,
           const Clock& clock = SystemClock());

}  // namespace accesslog
