// What reports are made from: the sites of a running exporter, or those of a state file.
#pragma once

#include <string>
#include <vector>

#include "app/site_engine.h"
#include "base/result.h"
#include "report/report.h"
#include "state/snapshot.h"

namespace accesslog {

// Of an engine that keeps days. Copies; the rest can be done without the mutex.
ReportSource SourceOf(const SiteEngine& site);

// Of each site of a snapshot, by name. The error names a site that this version cannot read.
Result<std::vector<ReportSource>> SourcesOf(const Snapshot& snapshot);

// Fills in who made the report: this program, on this machine or under this name.
void Sign(Report& report, const std::string& name);

}  // namespace accesslog
