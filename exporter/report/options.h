// Options of reports. config fills them, finished and in range.
#pragma once

#include <string>
#include <vector>

#include "report/schedule.h"

namespace accesslog {

struct AlertmanagerOptions {
  std::vector<std::string> urls;   // "http://127.0.0.1:9093"; none: nothing is sent
  std::string credentials_file{};  // holds USER:PASSWORD; "" for none but what stands in the URL
  std::string ca_file{};           // "" for those of the system
};

struct ReportOptions {
  AlertmanagerOptions alertmanager;
  ReportTimes times;
  std::string name;  // the label `instance`; "" is the name of the machine
};

}  // namespace accesslog
