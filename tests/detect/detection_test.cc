// The names are label values: rules, dashboards and people's scripts hold them.
#include "detect/detection.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(Detection, HasItsNames) {
  EXPECT_EQ(DetectionName(Detection::kLoginBruteForce), "LoginBruteForce");
  EXPECT_EQ(DetectionName(Detection::kFailedRequests), "FailedRequests");
}

TEST(Detection, IsMadeBySignals) {
  EXPECT_EQ(SignalName(Signal::kLoginFailures), "login_failures");
  EXPECT_EQ(DetectionOf(Signal::kLoginFailures), Detection::kLoginBruteForce);
  EXPECT_EQ(SignalName(Signal::kFailedRequests), "failed_requests");
  EXPECT_EQ(DetectionOf(Signal::kFailedRequests), Detection::kFailedRequests);
}

TEST(Detection, IsFoundByItsName) {
  for (size_t i = 0; i < kDetectionCount; ++i) {
    const auto detection = static_cast<Detection>(i);
    EXPECT_EQ(DetectionFromName(DetectionName(detection)), detection);
  }
  EXPECT_EQ(DetectionFromName("loginbruteforce"), std::nullopt);
}

TEST(Detection, HasASeverity) {
  EXPECT_EQ(SeverityName(SeverityOf(Signal::kLoginFailures)), "warning");
  EXPECT_EQ(SeverityName(SeverityOf(Signal::kFailedRequests)), "info");
  EXPECT_EQ(SeverityName(SeverityOf(Signal::kAttackAnswered)), "critical");
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
