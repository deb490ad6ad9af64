// The subcommand `analyze`: whole files through the engine that runs live, and the answers on
// stdout.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/config.h"

namespace accesslog {

struct AnalyzeOptions {
  std::vector<std::string> files;  // "-" is standard input
  std::string format = "auto";
  size_t top = 20;                 // 0: all
  std::optional<uint16_t> status;  // show the lines and clients with this one
  bool json = false;
  std::string append;  // keep the findings here, dated; empty: nowhere
  bool fail_on_findings = false;
  size_t threads = 0;  // 0: as many as there are cores; the answer is the same
};

// The exit code: 0, 1 for findings where asked for, 2 if a file could not be read or written.
int Analyze(const AnalyzeOptions& options, const Config& config, const Clock& clock,
            std::ostream& out, std::ostream& err);

}  // namespace accesslog
