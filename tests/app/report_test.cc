// The subcommand `report`, over the state file of an engine that read a log.
#include "app/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "app/cli.h"
#include "app/engine.h"
#include "app/log_lines.h"
#include "config/config.h"
#include "input/posix_file_system.h"
#include "state/state_store.h"
#include "support/log_recorder.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

class ReportTest : public ::testing::Test {
 protected:
  // A week and the one before; kStart is a Monday.
  ReportTest() {
    std::string text;
    for (int day = 14; day > 0; --day) {
      const Time time = kStart - hours{24 * day};
      text += Lines(day > 7 ? 10 : 20, {.time = time});
      text += Lines(2, {.client = "203.0.113.9", .time = time, .status = 404});
    }
    const std::string log_file = directory_.Write("access.log", text);
    const Config config = ParseConfig("[[site]]\nname = \"shop\"\nfiles = [\"" + log_file +
                                      "\"]\nstart = \"beginning\"\ntimezone = \"UTC\"\n")
                              .config;
    PosixFileSystem files;
    std::mutex mutex;
    LogRecorder log;
    Engine engine(config, files, clock_.AsClock(), -1, mutex, log.logger());
    EXPECT_TRUE(engine.Open());
    engine.CatchUp([] { return false; });
    auto opened = StateStore::Open(state_file_, clock_.AsClock());
    EXPECT_TRUE(opened && opened->store->Write(engine.Save()));
    store_ = std::move(opened->store);
  }

  int Run(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), {"accesslog_exporter", "report"});
    out_.str("");
    err_.str("");
    return RunCli(static_cast<int>(arguments.size()), arguments.data(), out_, err_,
                  clock_.AsClock());
  }

  const TempDirectory directory_;
  const std::string state_file_ = directory_.PathOf("state.db");
  ManualClock clock_;
  std::unique_ptr<StateStore> store_;  // open, as that of a running exporter
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(ReportTest, TellsOfTheWeekBesideARunningExporter) {
  ASSERT_EQ(Run({"--period=week", "--state.file", state_file_.c_str()}), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("week to 2026-03-01 (2026-02-23 to 2026-03-01)"));
  EXPECT_THAT(out_.str(), HasSubstr("== shop ==\nNo unusual login attempts or errors found.\n"));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("  Requests +154 +\\+83 %\n"));
  EXPECT_THAT(out_.str(), HasSubstr("  203.0.113.9   14  404: 14\n"));
}

TEST_F(ReportTest, TellsOfAnOlderWeek) {
  ASSERT_EQ(Run({"--state", state_file_.c_str(), "--period-end=2026-02-19", "--format=json"}), 0);
  const auto json = nlohmann::json::parse(out_.str());
  EXPECT_EQ(json["report_id"], "weekly-2026-W08");
  EXPECT_EQ(json["sites"][0]["figures"]["requests"], 48);
  EXPECT_EQ(json["sites"][0]["figures"]["days_known"], 4);
}

TEST_F(ReportTest, WritesAPage) {
  ASSERT_EQ(Run({"--state", state_file_.c_str(), "--period=day", "--format=html"}), 0);
  EXPECT_THAT(out_.str(), testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(out_.str(), HasSubstr("day 2026-03-01"));
}

TEST_F(ReportTest, ExplainsWhatIsWrong) {
  EXPECT_EQ(Run({}), 2);
  EXPECT_EQ(err_.str(),
            "no state file to report from; name it with --state.file, or the configuration with "
            "--config.file\n");
  EXPECT_EQ(Run({"--state=/nowhere/state.db"}), 2);
  EXPECT_EQ(err_.str(), "there is no state file /nowhere/state.db\n");
  EXPECT_EQ(Run({"--state", state_file_.c_str(), "--site=intranet"}), 2);
  EXPECT_EQ(err_.str(), "the state tells of no site \"intranet\"; it tells of shop\n");
  EXPECT_EQ(Run({"--state", state_file_.c_str(), "--period-end=yesterday"}), 2);
  EXPECT_EQ(err_.str(), "--period-end must be a day such as 2026-11-19\n");
  EXPECT_EQ(Run({"--state", state_file_.c_str(), "--send"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("no Alertmanager to send to"));
  EXPECT_EQ(Run({"--state", state_file_.c_str(), "--period=year"}), 2);
  EXPECT_EQ(Run({"--state", state_file_.c_str(), "--send", "--alertmanager.url=nonsense"}), 2);
}

TEST_F(ReportTest, SaysThatItWasNotSent) {
  EXPECT_EQ(
      Run({"--state", state_file_.c_str(), "--send", "--alertmanager.url=http://127.0.0.1:1"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("the report was not sent to http://127.0.0.1:1: "));
}

}  // namespace
}  // namespace accesslog
