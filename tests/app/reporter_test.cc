// The reporter, told when to look, with an Alertmanager that does what the test says.
#include "app/reporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/log_recorder.h"
#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class ReporterTest : public ::testing::Test {
 protected:
  ReporterTest() {
    options_.alertmanager.urls = {"http://am"};
    options_.name = "web1";
    options_.times.when[1] = ReportTimes::When{4, 8 * 3600};
    Make();
  }

  void Make() {
    reporter_ = std::make_unique<Reporter>(
        options_, [] { return std::vector<ReportSource>(1); },
        [this](const AlertmanagerOptions&, const std::string& body, const std::function<bool()>&) {
          ++tries_;
          if (!up_) return SendOutcome{false, {"refused"}};
          sent_.push_back(nlohmann::json::parse(body)[0]["labels"]["report_id"]);
          return SendOutcome{true, {}};
        },
        clock_.AsClock(), log_.logger());
  }
  void Restart() {
    const std::string saved = reporter_->Save();
    Make();
    reporter_->Restore(saved);
  }
  void LookFor(Duration time, Duration step = minutes{1}) {
    for (Duration passed{}; passed < time; passed += step) {
      reporter_->Look();
      clock_.Advance(step);
    }
  }

  ReportOptions options_;
  ManualClock clock_;  // Monday, 2026-03-02 10:00 UTC
  LogRecorder log_;
  bool up_ = true;
  int tries_ = 0;
  std::vector<std::string> sent_;
  std::unique_ptr<Reporter> reporter_;
};

TEST_F(ReporterTest, SendsTheWeekOnce) {
  LookFor(hours{24 * 4});
  EXPECT_THAT(sent_, ElementsAre("weekly-2026-W10"));
  const ReportView view = reporter_->view();
  EXPECT_EQ(view.sent, (std::array<uint64_t, 3>{0, 1, 0}));
  EXPECT_EQ(view.errors, 0U);
  EXPECT_EQ(view.last_success, ManualClock::kStart + hours{24 * 4 - 2});
}

TEST_F(ReporterTest, SendsNothingTwiceAcrossRestarts) {
  for (int i = 0; i < 24 * 6; ++i) {
    LookFor(hours{1}, minutes{10});
    Restart();
  }
  EXPECT_THAT(sent_, ElementsAre("weekly-2026-W10"));
}

TEST_F(ReporterTest, CatchesUpOnceAfterAnOutage) {
  LookFor(hours{1});
  clock_.Advance(hours{24 * 20});  // over three Fridays, to a Sunday
  Restart();
  LookFor(hours{2});
  EXPECT_THAT(sent_, ElementsAre("weekly-2026-W12"));
}

TEST_F(ReporterTest, SendsNothingOnTheDayOfItsInstallation) {
  clock_.Advance(hours{24 * 3 + 23});  // Friday 09:00
  LookFor(hours{24 * 6});
  EXPECT_THAT(sent_, IsEmpty());
  LookFor(hours{24});
  EXPECT_THAT(sent_, ElementsAre("weekly-2026-W11"));
}

TEST_F(ReporterTest, TriesAgainMoreAndMoreSeldom) {
  reporter_->Look();
  up_ = false;
  clock_.Advance(hours{24 * 4 - 2});
  LookFor(hours{3}, seconds{1});
  // 10, 20, 40, … 600 s: 7 in the first 20 minutes, then one in ten.
  EXPECT_GT(tries_, 20);
  EXPECT_LT(tries_, 28);
  EXPECT_EQ(reporter_->view().errors, static_cast<uint64_t>(tries_));
  up_ = true;
  LookFor(minutes{11}, seconds{1});
  EXPECT_THAT(sent_, ElementsAre("weekly-2026-W10"));
}

TEST_F(ReporterTest, HasNewsToSaveWhenItSent) {
  reporter_->Look();
  EXPECT_TRUE(reporter_->has_news());
  reporter_->Save();
  LookFor(hours{24 * 3});
  EXPECT_FALSE(reporter_->has_news());
  LookFor(hours{24});
  EXPECT_TRUE(reporter_->has_news());
  reporter_->Save();
  EXPECT_FALSE(reporter_->has_news());
}

// Between the sending and the snapshot: it is the same alert, which Alertmanager knows.
TEST_F(ReporterTest, SendsAgainWhatACrashForgot) {
  LookFor(hours{24});
  const std::string before = reporter_->Save();
  LookFor(hours{24 * 3});
  Make();
  reporter_->Restore(before);
  LookFor(hours{1});
  EXPECT_THAT(sent_, ElementsAre("weekly-2026-W10", "weekly-2026-W10"));
}

TEST_F(ReporterTest, BeginsAnewWhereTheStateIsDamaged) {
  LookFor(hours{24});
  reporter_->Restore("nonsense");
  clock_.Advance(hours{24 * 4});
  Make();
  reporter_->Restore("nonsense");
  LookFor(hours{24});
  EXPECT_THAT(sent_, IsEmpty());
}

TEST_F(ReporterTest, FollowsAnotherConfiguration) {
  LookFor(hours{24});
  ReportOptions none = options_;
  none.times.when[1].reset();
  reporter_->Change(none);
  LookFor(hours{24 * 5});
  EXPECT_THAT(sent_, IsEmpty());
  // Wanted again: nothing of the time in which it was not.
  reporter_->Change(options_);
  LookFor(hours{24 * 3});
  EXPECT_THAT(sent_, IsEmpty());
  LookFor(hours{24 * 2});
  EXPECT_THAT(sent_, ElementsAre("weekly-2026-W11"));
}

TEST_F(ReporterTest, EndsWhileItSends) {
  reporter_->Start();
  EXPECT_TRUE(reporter_->is_running());
  reporter_->Stop();
  EXPECT_FALSE(reporter_->is_running());
}

}  // namespace
}  // namespace accesslog
