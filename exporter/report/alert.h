// The alert that carries a report to Alertmanager, which keeps the addresses, and mails it.
#pragma once

#include <string>

#include "report/report.h"

namespace accesslog {

// The body of POST /api/v2/alerts. The labels name the report and nothing that changes, so that the
// same one sent twice is one alert; `instance` keeps those of two exporters apart. It ends half an
// hour later, long before Alertmanager would repeat it.
std::string ReportAlert(const Report& report);

}  // namespace accesslog
