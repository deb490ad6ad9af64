// The daemon: follows the logs, answers scrapes, keeps its state, reads its configuration again on
// SIGHUP, ends on SIGTERM or SIGINT.
#pragma once

#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "config/config.h"

namespace spdlog {
class logger;
}

namespace accesslog {

struct ServeOptions {
  Config config;
  // The configuration as it is now; nothing if it has errors, of which it has told. Null where
  // there is no file to read again.
  std::function<std::optional<Config>()> reload;
  // POST /-/reload does what SIGHUP does.
  bool lifecycle = false;
};

// Returns when it was told to stop. An error is one of starting, as of a port in use.
Result<void> Serve(const ServeOptions& options, const Clock& clock, spdlog::logger& log);

}  // namespace accesslog
