#include "report/alert.h"

#include <nlohmann/json.hpp>

#include "base/time_format.h"

namespace accesslog {
namespace {

constexpr Duration kActive = std::chrono::minutes{30};

}  // namespace

std::string ReportAlert(const Report& report) {
  using Json = nlohmann::ordered_json;
  const Json labels = {{"alertname", "AccessLogReport"},
                       {"kind", "report"},
                       {"severity", "info"},
                       {"period", PeriodName(report.period.kind)},
                       {"report_id", report.id()},
                       {"instance", report.exporter}};
  const Json annotations = {{"summary", "A report on the access logs is ready."},
                            {"subject", ReportSubject(report)},
                            {"text", ReportText(report)},
                            {"html", ReportHtml(report)}};
  const Json alerts = Json::array({{{"labels", labels},
                                    {"annotations", annotations},
                                    {"startsAt", FormatUtc(report.made)},
                                    {"endsAt", FormatUtc(report.made + kActive)}}});
  return alerts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace accesslog
