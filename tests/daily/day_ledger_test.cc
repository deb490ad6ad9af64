#include "daily/day_ledger.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "daily/ledger_site.h"

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

uint64_t RequestsOf(const PeriodFigures& figures, const std::string& client) {
  for (const ClientFigures& each : figures.clients) {
    if (each.client == client) return each.requests;
  }
  return 0;
}

TEST(DayLedger, ChargesEachDayWithItsOwn) {
  LedgerSite site;
  site.Add(1, 200, At("2026-11-19", 10));
  site.Add(1, 404, At("2026-11-19", 23, 59));
  site.Add(2, 200, At("2026-11-20", 0));
  site.Add(1, 200, At("2026-11-20", 12));
  const PeriodFigures thursday = site.Figures("2026-11-19");
  EXPECT_EQ(thursday.requests, (CountByStatus{{200, 1}, {404, 1}}));
  EXPECT_EQ(thursday.response_bytes, 20u);
  EXPECT_EQ(RequestsOf(thursday, LabelOf(1)), 2u);
  EXPECT_EQ(RequestsOf(thursday, LabelOf(2)), 0u);
  EXPECT_EQ(thursday.client_days, 1u);
  const PeriodFigures friday = site.Figures("2026-11-20");
  EXPECT_EQ(friday.requests, (CountByStatus{{200, 2}}));
  EXPECT_EQ(RequestsOf(friday, LabelOf(1)), 1u);
  EXPECT_EQ(RequestsOf(friday, LabelOf(2)), 1u);
}

TEST(DayLedger, AddsUpAPeriod) {
  LedgerSite site;
  for (int day = 0; day < 7; ++day) {
    site.Add(1, 200, At("2026-11-13") + hours{24 * day});
    site.Add(2, 404, At("2026-11-13") + hours{24 * day});
  }
  const PeriodFigures week = site.Figures("2026-11-13", "2026-11-19");
  EXPECT_EQ(week.days_known, 7u);
  EXPECT_EQ(week.requests, (CountByStatus{{200, 7}, {404, 7}}));
  ASSERT_EQ(week.clients.size(), 2u);
  EXPECT_EQ(week.clients[1].client, LabelOf(2));
  EXPECT_EQ(week.clients[1].by_status, (CountByStatus{{404, 7}}));
  EXPECT_EQ(week.clients[1].errors, 7u);
  EXPECT_EQ(site.Figures("2026-11-20").days_known, 0u);
}

TEST(DayLedger, FollowsTheCalendarOfItsZone) {
  LedgerSite site(*TimeZone::Named("Europe/Istanbul"));
  site.Add(1, 200, At("2026-11-19", 20, 59));
  site.Add(1, 404, At("2026-11-19", 21, 0));
  EXPECT_EQ(site.Figures("2026-11-19").requests, (CountByStatus{{200, 1}}));
  EXPECT_EQ(site.Figures("2026-11-20").requests, (CountByStatus{{404, 1}}));
}

TEST(DayLedger, LeavesOutWhatWasCountedBeforeItBegan) {
  LedgerSite site;
  site.Add(1, 200, At("2026-11-19"));
  site.ledger().Begin(site.totals(), site.table());
  EXPECT_TRUE(site.Figures("2026-11-19").requests.empty());
}

TEST(DayLedger, CopyKeepsNothing) {
  LedgerSite site;
  site.Add(1, 200, At("2026-11-19"));
  EXPECT_EQ(site.Figures("2026-11-19").requests, site.Figures("2026-11-19").requests);
  site.Add(1, 200, At("2026-11-20"));
  EXPECT_EQ(site.Figures("2026-11-19").requests, (CountByStatus{{200, 1}}));
}

TEST(DayLedger, ChargesALineThatIsALittleLateToTheOpenDay) {
  LedgerSite site;
  site.Add(1, 200, At("2026-11-20", 0, 1));
  site.Add(1, 404, At("2026-11-19", 23, 59));
  EXPECT_EQ(site.Figures("2026-11-20").requests, (CountByStatus{{200, 1}, {404, 1}}));
  EXPECT_EQ(site.Figures("2026-11-19").days_known, 0u);
}

// The logs of two servers, read one after the other.
TEST(DayLedger, OpensDaysAgain) {
  LedgerSite site;
  for (uint32_t file = 1; file <= 2; ++file) {
    for (int day = 0; day < 3; ++day) {
      for (int i = 0; i < 100; ++i) {
        site.Add(file, 200, At("2026-11-17") + hours{24 * day} + minutes{i});
      }
    }
  }
  for (const char* day : {"2026-11-17", "2026-11-18", "2026-11-19"}) {
    const PeriodFigures figures = site.Figures(day);
    EXPECT_EQ(figures.requests, (CountByStatus{{200, 200}})) << day;
    EXPECT_EQ(RequestsOf(figures, LabelOf(1)), 100u) << day;
    EXPECT_EQ(RequestsOf(figures, LabelOf(2)), 100u) << day;
  }
}

TEST(DayLedger, DoesNotPassThroughAFullTableForEachLateLine) {
  LedgerSite site;
  for (uint32_t client = 0; client < 1600; ++client) site.Add(client, 200, At("2026-11-19"));
  for (int i = 0; i < 98; ++i) site.Add(1, 404, At("2026-11-17"));
  EXPECT_EQ(site.Figures("2026-11-17").days_known, 0u);
  for (int i = 0; i < 10; ++i) site.Add(1, 404, At("2026-11-17"));
  EXPECT_EQ(SumOf(site.Figures("2026-11-17").requests) + SumOf(site.Figures("2026-11-19").requests),
            1708u);
  EXPECT_GE(SumOf(site.Figures("2026-11-17").requests), 8u);
}

TEST(DayLedger, KeepsTheNewestDaysOnly) {
  LedgerSite site;
  for (int day = 0; day < 200; ++day) site.Add(1, 200, At("2026-01-01") + hours{24 * day});
  const PeriodFigures all = site.Figures("2026-01-01", "2026-12-31");
  EXPECT_EQ(all.days_known, DayLedger::kMostDays + 1);
  site.Restart();
  EXPECT_EQ(site.Figures("2026-01-01", "2026-12-31").days_known, DayLedger::kMostDays + 1);
}

TEST(DayLedger, KeepsWhoSentMostAndWhoErredMostOfADay) {
  LedgerSite site;
  for (uint32_t client = 0; client < 1000; ++client) {
    const uint32_t requests = client < 20 ? 50 : 2;
    for (uint32_t i = 0; i < requests; ++i) site.Add(client, 200, At("2026-11-19"));
    if (client >= 990) site.Add(client, 404, At("2026-11-19"));
  }
  site.Add(1, 200, At("2026-11-20"));
  const PeriodFigures day = site.Figures("2026-11-19");
  EXPECT_LE(day.clients.size(), 2 * kClientsOfDay);
  EXPECT_EQ(day.client_days, 1000u);
  for (uint32_t client = 0; client < 20; ++client) {
    EXPECT_EQ(day.clients[client].requests, 50u);
  }
  uint64_t errors = 0;
  for (const ClientFigures& client : day.clients) errors += client.errors;
  EXPECT_EQ(errors, 10u);
  EXPECT_EQ(day.requests, (CountByStatus{{200, 1000 + 980 * 1 + 20 * 49}, {404, 10}}));
}

// A table that is too small and clients that leave and return, against an exact account.
TEST(DayLedger, AgreesWithAnExactAccount) {
  ClientOptions options;
  options.max_series = 60;
  LedgerSite site(*TimeZone::Named("Europe/Berlin"), options);
  std::mt19937_64 random(11);
  using Day = std::map<std::string, CountByStatus>;
  std::map<int64_t, Day> exact;
  const TimeZone zone = *TimeZone::Named("Europe/Berlin");
  for (Time now = At("2026-10-20"); now < At("2026-10-30"); now += minutes{1}) {
    const auto client = static_cast<uint32_t>(random() % 10 + random() % 40);
    const auto status = static_cast<uint16_t>(random() % 4 == 0 ? 404 : 200);
    site.Add(client, status, now);
    Day& day = exact[zone.LocalDay(now)];
    ++day[LabelOf(client)][status];
    ++day[""][status];
    if (random() % 60 == 0) site.table().Expire(now + hours{random() % 2});
    if (random() % 1000 == 0) site.Restart();
    if (testing::Test::HasFatalFailure()) return;
  }
  for (const auto& [number, day] : exact) {
    const PeriodFigures figures = site.Figures(FormatDay(number));
    EXPECT_EQ(figures.requests, day.at("")) << FormatDay(number);
    uint64_t charged = 0;
    for (const ClientFigures& client : figures.clients) {
      charged += client.requests;
      for (const auto& [status, count] : client.by_status) {
        EXPECT_LE(count, day.at(client.client).at(status));
      }
    }
    EXPECT_LE(charged, SumOf(figures.requests));
    EXPECT_GT(charged, SumOf(figures.requests) / 2);
  }
}

// With room for all the clients, nothing is anybody else's.
TEST(DayLedger, IsExactWhileTheTableHasRoom) {
  LedgerSite site;
  std::mt19937_64 random(12);
  std::map<int64_t, std::map<std::string, CountByStatus>> exact;
  for (Time now = At("2026-11-10"); now < At("2026-11-20"); now += minutes{2}) {
    const auto client = static_cast<uint32_t>(random() % 60);
    const auto status = static_cast<uint16_t>(200 + random() % 5);
    site.Add(client, status, now);
    ++exact[TimeZone().LocalDay(now)][LabelOf(client)][status];
    if (random() % 60 == 0) site.table().Expire(now + hours{random() % 2});
    if (random() % 500 == 0) site.Restart();
  }
  for (const auto& [number, day] : exact) {
    const PeriodFigures figures = site.Figures(FormatDay(number));
    std::map<std::string, CountByStatus> clients;
    for (const ClientFigures& client : figures.clients) clients[client.client] = client.by_status;
    EXPECT_EQ(clients, day) << FormatDay(number);
  }
}

TEST(DayLedger, CountsLogins) {
  LedgerSite site;
  site.Add(1, 302, At("2026-11-19", 9));
  DayLedger& ledger = site.ledger();
  ledger.AddLogin(DayLedger::Login::kSuccess, "ayse");
  ledger.AddLogin(DayLedger::Login::kSuccess, "ayse");
  ledger.AddLogin(DayLedger::Login::kSuccess, "mehmet");
  ledger.AddLogin(DayLedger::Login::kFailure, "eve");
  ledger.AddLogin(DayLedger::Login::kUnknown, "eve");
  ledger.AddNewLoginClient("192.0.2.7");
  site.Restart();
  site.ledger().AddLogin(DayLedger::Login::kSuccess, "mehmet");
  const auto logins = site.Figures("2026-11-19").logins;
  ASSERT_EQ(logins.size(), 1u);
  const LoginDay& day = logins.begin()->second;
  EXPECT_EQ(day.successes, 4u);
  EXPECT_EQ(day.failures, 1u);
  EXPECT_EQ(day.unknown, 1u);
  EXPECT_EQ(day.member_count(), 2u);
  EXPECT_EQ(day.newcomers, std::vector<std::string>{"192.0.2.7"});
}

TEST(DayLedger, ForgetsNamesAndKeepsFigures) {
  LedgerSite site;
  site.Add(1, 200, At("2026-11-18"));
  site.Add(1, 200, At("2026-11-19"));
  site.ledger().AddNewLoginClient("192.0.2.7");
  site.table().ForgetAll();
  site.ledger().ForgetAll();
  const PeriodFigures figures = site.Figures("2026-11-18", "2026-11-19");
  EXPECT_EQ(figures.requests, (CountByStatus{{200, 2}}));
  EXPECT_TRUE(figures.clients.empty());
  EXPECT_EQ(figures.logins.begin()->second.newcomers, std::vector<std::string>{});
  EXPECT_EQ(figures.logins.begin()->second.newcomer_count(), 1u);
  site.Restart();
}

TEST(DayLedger, ErasesAClient) {
  LedgerSite site;
  site.Add(1, 200, At("2026-11-18"));
  site.Add(2, 200, At("2026-11-18"));
  site.Add(1, 200, At("2026-11-19"));
  site.ledger().AddNewLoginClient(LabelOf(1));
  site.ledger().AddLogin(DayLedger::Login::kSuccess, LabelOf(1));
  site.table().SetListener(nullptr);
  EXPECT_TRUE(site.table().Forget(ClientOf(1).key));
  EXPECT_TRUE(site.ledger().Erase(ClientOf(1).key, LabelOf(1)));
  EXPECT_FALSE(site.ledger().Erase(ClientOf(1).key, LabelOf(1)));
  const PeriodFigures figures = site.Figures("2026-11-18", "2026-11-19");
  EXPECT_EQ(figures.requests, (CountByStatus{{200, 3}}));
  ASSERT_EQ(figures.clients.size(), 1u);
  EXPECT_EQ(figures.clients[0].client, LabelOf(2));
  EXPECT_EQ(figures.logins.begin()->second.member_count(), 1u);
}

}  // namespace
}  // namespace accesslog
