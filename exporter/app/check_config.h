// The subcommand `check-config`: all errors of a file, not the first.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "config/config.h"

namespace accesslog {

// Loads `path` and writes every problem to `err`, one a line. Nothing if there were errors.
std::optional<Config> LoadConfigOrComplain(const std::string& path, std::ostream& err);

// The exit code: 0 or 2.
int CheckConfig(const std::string& path, std::ostream& out, std::ostream& err);

}  // namespace accesslog
