// The daemon: follows the logs, answers scrapes, ends on SIGTERM or SIGINT.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"

namespace spdlog {
class logger;
}

namespace accesslog {

// Returns when it was told to stop. An error is one of starting, as of a port in use.
Result<void> Serve(const Config& config, const Clock& clock, spdlog::logger& log);

}  // namespace accesslog
