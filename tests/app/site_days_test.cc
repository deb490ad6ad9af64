// The ledger of days inside a SiteEngine: fed by lines, saved with the rest, erased with the rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "app/cli.h"
#include "app/engine.h"
#include "app/log_lines.h"
#include "app/site_engine.h"
#include "config/config.h"
#include "input/posix_file_system.h"
#include "state/state_store.h"
#include "support/log_recorder.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

using std::chrono::hours;

constexpr int64_t kToday = 20514;  // of kStart

class SiteDaysTest : public ::testing::Test {
 protected:
  SiteDaysTest() : engine_(Make()) {}

  static std::unique_ptr<SiteEngine> Make() {
    auto engine = std::make_unique<SiteEngine>("shop", ClientOptions{}, DetectOptions{}, 42);
    engine->KeepDays(TimeZone());
    return engine;
  }
  void Count(const Said& said, Time now) { engine_->Count(Line(said), parser_, now); }
  PeriodFigures Figures(int64_t day) const { return FiguresOf(engine_->CopyDays(), day, day); }
  static RestoreTimes AtOnce() {
    return {.taken = kStart, .now = kStart, .grace = {}, .continued = true};
  }

  std::unique_ptr<SiteEngine> engine_;
  LogParser parser_ = *LogParser::Create("combined");
};

TEST_F(SiteDaysTest, DaysAreThoseOfTheLog) {
  ASSERT_EQ(TimeZone().LocalDay(kStart), kToday);
  // Caught up after two days off.
  for (int day = 2; day >= 0; --day) {
    for (int i = 0; i <= day; ++i) Count({.time = kStart - hours{24 * day}}, kStart);
  }
  EXPECT_EQ(Figures(kToday - 2).requests, (CountByStatus{{200, 3}}));
  EXPECT_EQ(Figures(kToday - 1).requests, (CountByStatus{{200, 2}}));
  EXPECT_EQ(Figures(kToday).requests, (CountByStatus{{200, 1}}));
  EXPECT_EQ(Figures(kToday - 2).clients.at(0).client, "192.0.2.1");
  EXPECT_EQ(Figures(kToday - 2).response_bytes, 300U);
}

TEST_F(SiteDaysTest, DoesNotBelieveALineOfTomorrow) {
  Count({.time = kStart}, kStart);
  Count({.time = kStart + hours{24}}, kStart);
  EXPECT_EQ(Figures(kToday).requests, (CountByStatus{{200, 2}}));
  EXPECT_EQ(Figures(kToday + 1).days_known, 0U);
}

TEST_F(SiteDaysTest, TakesTheClockForALineWithoutTime) {
  parser_ = *LogParser::Create("nginx: $remote_addr \"$request\" $status $body_bytes_sent");
  engine_->Count("192.0.2.1 \"GET / HTTP/1.1\" 200 5", parser_, kStart);
  EXPECT_EQ(Figures(kToday).requests, (CountByStatus{{200, 1}}));
}

TEST_F(SiteDaysTest, GoesOnBehindARestart) {
  Count({.time = kStart - hours{24}}, kStart);
  Count({.time = kStart, .status = 404}, kStart);
  const SiteEngine::Parts parts = engine_->SaveParts();
  EXPECT_TRUE(parts.contains("daily"));
  EXPECT_TRUE(parts.contains("day/20513"));
  engine_ = Make();
  ASSERT_TRUE(engine_->LoadParts(parts, AtOnce()));
  Count({.time = kStart, .status = 404}, kStart);
  EXPECT_EQ(Figures(kToday - 1).requests, (CountByStatus{{200, 1}}));
  EXPECT_EQ(Figures(kToday).requests, (CountByStatus{{404, 2}}));
  EXPECT_EQ(Figures(kToday).clients.at(0).requests, 2U);
}

TEST_F(SiteDaysTest, BeginsBehindAStateWithoutDays) {
  Count({.time = kStart}, kStart);
  SiteEngine::Parts parts = engine_->SaveParts();
  std::erase_if(parts, [](const auto& part) { return part.first.starts_with("da"); });
  engine_ = Make();
  ASSERT_TRUE(engine_->LoadParts(parts, AtOnce()));
  EXPECT_TRUE(Figures(kToday).requests.empty());
  Count({.time = kStart, .status = 404}, kStart);
  EXPECT_EQ(Figures(kToday).requests, (CountByStatus{{404, 1}}));
  EXPECT_EQ(Figures(kToday).clients.at(0).requests, 1U);
}

TEST_F(SiteDaysTest, RefusesDamagedDays) {
  Count({.time = kStart}, kStart);
  SiteEngine::Parts parts = engine_->SaveParts();
  parts["daily"] += "x";
  EXPECT_FALSE(Make()->LoadParts(parts, AtOnce()));
}

TEST_F(SiteDaysTest, KnowsClientsThatAreNewAtLogins) {
  ClientOptions options;
  options.learning = hours{24};
  DetectOptions detect;
  detect.login.paths = {"/login"};
  engine_ = std::make_unique<SiteEngine>("shop", options, detect, 42);
  engine_->KeepDays(TimeZone());
  const std::string request = "POST /login HTTP/1.1";
  Count({.time = kStart - hours{72}, .request = request}, kStart);
  Count({.client = "192.0.2.2", .time = kStart, .request = request}, kStart);
  Count({.client = "192.0.2.3", .time = kStart}, kStart);
  EXPECT_THAT(Figures(kToday - 3).logins.at(kToday - 3).newcomers, testing::IsEmpty());
  EXPECT_EQ(Figures(kToday).logins.at(kToday).newcomers, std::vector<std::string>{"192.0.2.2"});
}

TEST_F(SiteDaysTest, NewHashKeyLeavesNoNames) {
  ClientOptions options;
  options.privacy = Privacy::kHashed;
  engine_ = std::make_unique<SiteEngine>("shop", options, DetectOptions{}, 42);
  engine_->KeepDays(TimeZone());
  engine_->RotateKeyIfDue(kStart);
  Count({.time = kStart}, kStart);
  EXPECT_TRUE(Figures(kToday).clients.at(0).client.starts_with("h-"));
  ASSERT_TRUE(engine_->RotateKeyIfDue(kStart + hours{25}));
  EXPECT_TRUE(Figures(kToday).clients.empty());
  EXPECT_EQ(Figures(kToday).requests, (CountByStatus{{200, 1}}));
}

TEST(SiteDays, EraseReachesThem) {
  const TempDirectory directory;
  std::string text;
  for (int day = 3; day >= 0; --day) {
    text += Lines(2, {.client = "203.0.113.7", .time = kStart - hours{24 * day}});
    text += Lines(1, {.client = "203.0.113.8", .time = kStart - hours{24 * day}});
  }
  const std::string log_file = directory.Write("access.log", text);
  const std::string state_file = directory.PathOf("state.db");
  const Config config =
      ParseConfig("[[site]]\nname = \"shop\"\ntimezone = \"Asia/Tokyo\"\nfiles = [\"" + log_file +
                  "\"]\nstart = \"beginning\"\n")
          .config;
  const ManualClock clock;
  PosixFileSystem files;
  std::mutex mutex;
  LogRecorder log;
  Engine engine(config, files, clock.AsClock(), -1, mutex, log.logger());
  ASSERT_TRUE(engine.Open());
  engine.CatchUp([] { return false; });
  {
    auto opened = StateStore::Open(state_file, clock.AsClock());
    ASSERT_TRUE(opened && opened->store->Write(engine.Save()));
  }
  const std::vector<const char*> arguments = {"accesslog_exporter", "erase", "--state.file",
                                              state_file.c_str(), "203.0.113.7"};
  std::ostringstream out;
  std::ostringstream err;
  ASSERT_EQ(RunCli(static_cast<int>(arguments.size()), arguments.data(), out, err), 0) << err.str();
  const Snapshot snapshot = *StateStore::Read(state_file);
  SiteEngine::Parts parts;
  for (const auto& [key, bytes] : snapshot.parts) {
    if (key.site == "shop") parts[key.kind] = bytes;
  }
  EXPECT_EQ(DayLedger::ZoneOfSaved(parts), "Asia/Tokyo");
  SiteEngine site("shop", ClientOptions{}, DetectOptions{}, 42);
  site.KeepDays(TimeZone());
  ASSERT_TRUE(
      site.LoadParts(parts, {.taken = kStart, .now = kStart, .grace = {}, .continued = true}));
  const PeriodFigures figures = FiguresOf(site.CopyDays(), kToday - 5, kToday + 1);
  EXPECT_EQ(figures.requests, (CountByStatus{{200, 12}}));
  ASSERT_EQ(figures.clients.size(), 1U);
  EXPECT_EQ(figures.clients[0].client, "203.0.113.8");
  EXPECT_EQ(figures.clients[0].requests, 4U);
}

}  // namespace
}  // namespace accesslog
