// POSTs alerts to Alertmanager. Waits for the answer, so it is
// called on a thread that nobody waits for.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/options.h"

namespace accesslog {

// Why `url` can be no Alertmanager, or nothing. Whether anybody is there is not looked at.
std::optional<std::string> WhyNoAlertmanagerUrl(const std::string& url);

struct SendOutcome {
  bool delivered = false;           // at least one has it: a cluster needs no more
  std::vector<std::string> errors;  // sentences, of the others; without passwords
};

// To all of them, as Prometheus does. Each may take ten seconds, or until `cancelled`, which is
// asked now and then. Errors are those of its answer, or of the way to it.
SendOutcome PostAlerts(const AlertmanagerOptions& options, const std::string& body,
                       const std::function<bool()>& cancelled = nullptr);

}  // namespace accesslog
