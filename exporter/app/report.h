// The subcommand `report`: what a period was like, from a state file, also of a running exporter.
#pragma once

#include <iosfwd>
#include <string>

#include "base/clock.h"
#include "report/options.h"
#include "report/period.h"

namespace accesslog {

struct ReportCommand {
  std::string state_file;
  std::string period = "week";
  std::string period_end;  // "2026-11-19"; "" is the last one that is over
  std::string format = "text";
  std::string site;  // "" is all
  bool send = false;
  ReportOptions options;  // the times are not used, their zone is
};

// The exit code: 0, or 2 if there is no report, or it was not sent.
int WriteReport(const ReportCommand& command, const Clock& clock, std::ostream& out,
                std::ostream& err);

}  // namespace accesslog
