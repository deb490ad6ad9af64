#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/sample_report.h"

namespace accesslog {
namespace {

TEST(ReportJson, HoldsAllThatIsKnown) {
  const auto json = nlohmann::json::parse(ReportJson(SampleReport()));
  EXPECT_EQ(json["report_id"], "weekly-2026-W47");
  EXPECT_EQ(json["period"], "week");
  EXPECT_EQ(json["first_day"], "2026-11-13");
  EXPECT_EQ(json["last_day"], "2026-11-19");
  EXPECT_EQ(json["made"], "2026-11-20T08:00:00Z");
  ASSERT_EQ(json["sites"].size(), 2U);
  const auto& site = json["sites"][0];
  EXPECT_EQ(site["site"], "intranet");
  EXPECT_EQ(site["nothing_unusual"], false);
  EXPECT_EQ(site["figures"]["requests"], 8680);
  EXPECT_EQ(site["figures"]["requests_by_status"]["404"], 280);
  EXPECT_EQ(site["before"]["requests"], 7560);
  EXPECT_EQ(site["clients"][0]["client"], "192.0.2.1");
  EXPECT_EQ(site["clients"][0]["by_status"]["200"], 4200);
  EXPECT_EQ(site["logins"][0]["members"], 31);
  EXPECT_EQ(site["findings"].size(), 2U);
  EXPECT_EQ(site["findings"][0]["detection"], "LoginBruteForce");
  EXPECT_EQ(json["sites"][1]["nothing_unusual"], true);
}

}  // namespace
}  // namespace accesslog
