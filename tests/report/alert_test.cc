#include "report/alert.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/sample_report.h"

namespace accesslog {
namespace {

TEST(ReportAlert, IsOneAlertThatNamesTheReport) {
  const auto json = nlohmann::json::parse(ReportAlert(SampleReport()));
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["labels"], (nlohmann::json{{"alertname", "AccessLogReport"},
                                               {"kind", "report"},
                                               {"severity", "info"},
                                               {"period", "week"},
                                               {"report_id", "weekly-2026-W47"},
                                               {"instance", "web1"}}));
  EXPECT_EQ(json[0]["startsAt"], "2026-11-20T08:00:00Z");
  EXPECT_EQ(json[0]["endsAt"], "2026-11-20T08:30:00Z");
  const auto& annotations = json[0]["annotations"];
  EXPECT_EQ(annotations["subject"], "Access log report, week 2026-W47: 2 findings in 1 site");
  EXPECT_EQ(annotations["html"], ReportHtml(SampleReport()));
  EXPECT_EQ(annotations["text"], ReportText(SampleReport()));
  EXPECT_FALSE(annotations["summary"].get<std::string>().empty());
}

}  // namespace
}  // namespace accesslog
