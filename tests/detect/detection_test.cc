// The names are label values: rules, dashboards and people's scripts hold them.
#include "detect/detection.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(Detection, HasItsNames) {
  EXPECT_EQ(DetectionName(Detection::kLoginBruteForce), "LoginBruteForce");
  EXPECT_EQ(DetectionName(Detection::kFailedRequests), "FailedRequests");
}

TEST(Detection, MeasuresASignal) {
  EXPECT_EQ(SignalName(SignalOf(Detection::kLoginBruteForce)), "login_failures");
  EXPECT_EQ(SignalName(SignalOf(Detection::kFailedRequests)), "failed_requests");
}

TEST(Detection, HasASeverity) {
  EXPECT_EQ(SeverityName(SeverityOf(Detection::kLoginBruteForce)), "warning");
  EXPECT_EQ(SeverityName(SeverityOf(Detection::kFailedRequests)), "info");
  EXPECT_EQ(SeverityName(Severity::kCritical), "critical");
}

TEST(IsFailedStatus, HoldsForTheFiveOfTheOldScript) {
  std::vector<uint16_t> failed;
  for (uint16_t status = 0; status < 600; ++status) {
    if (IsFailedStatus(status)) failed.push_back(status);
  }
  EXPECT_EQ(failed, (std::vector<uint16_t>{400, 401, 403, 404, 409}));
}

}  // namespace
}  // namespace accesslog
