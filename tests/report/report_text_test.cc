#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/sample_report.h"

namespace accesslog {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ReportText, IsPlainAndShort) {
  ReportSource site = BusySite();
  site.episodes.erase(site.episodes.begin() + 1, site.episodes.end());
  for (auto& [day, bytes] : site.days.days) bytes = SavedDay(day >= kFriday - 7 ? 1200 : 1000, 40);
  EXPECT_EQ(ReportText(SampleReport({site, QuietSite()})),
            R"(Access log report: week 2026-W47 (2026-11-13 to 2026-11-19)
1 finding in 1 site

== intranet ==

1 finding
  FailedRequests (info) by 192.0.2.1: 7 failed requests in 5m, threshold 5
    2026-11-17 00:01:00 to 00:01:30
    > plain line

                                     to the week before
  Requests                    8,680               +19 %
  Client errors (4xx)           280                same
  Server errors (5xx)             0                same
  Bytes sent                8.0 MiB               +20 %
  Clients, each once a day       35                same

Status
  200  OK         8,400  96.8 %  +20 %
  404  Not Found    280   3.2 %   same

Top clients
  192.0.2.1  4,480  200: 4,200, 404: 280
  192.0.2.2  2,100  200: 2,100

== shop ==
No unusual login attempts or errors found.
There were requests on 3 of 7 days only.

                                      to the week before
  Requests                        60                   –
  Client errors (4xx)              0                   –
  Server errors (5xx)              0                   –
  Bytes sent                58.6 KiB                   –
  Clients, each once a day        15                   –

Status
  200  OK  60  100.0 %  –

Top clients
  192.0.2.1  30  200: 30
  192.0.2.2  15  200: 15

Made 2026-11-20 08:00 (UTC) by accesslog_exporter 1.2.3 on web1
)");
}

TEST(ReportText, TellsOfLoginsAndWhoIsNew) {
  const std::string text = ReportText(SampleReport());
  EXPECT_THAT(text, HasSubstr("  Logins                         40                same\n"));
  EXPECT_THAT(text,
              HasSubstr("  Thu 2026-11-19       31      40      12            2  login day\n"));
  EXPECT_THAT(text, HasSubstr("Never seen before at a login path\n  198.51.100.7\n"));
}

TEST(ReportText, PutsTheWorstFirstAndLeavesOutOtherWeeks) {
  const std::string text = ReportText(SampleReport());
  EXPECT_LT(text.find("LoginBruteForce (warning)"), text.find("FailedRequests (info)"));
  EXPECT_THAT(text, Not(HasSubstr("203.0.113.9")));
}

TEST(ReportText, HoldsNoControlCharacters) {
  const std::string text = ReportText(SampleReport());
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(text, HasSubstr(R"(\x1b[31m\xff)"));
}

TEST(ReportText, SaysTheSentenceWhereNothingWasFound) {
  const std::string text = ReportText(SampleReport({QuietSite()}));
  EXPECT_THAT(text, HasSubstr(")\nNo unusual login attempts or errors found.\n"));
  EXPECT_EQ(ReportSubject(SampleReport({QuietSite()})),
            "Access log report, week 2026-W47: nothing unusual");
  EXPECT_THAT(ReportText(SampleReport({BusySite()})), Not(HasSubstr(kNothingFound)));
}

// An exporter that saw nothing must not calm anybody down.
TEST(ReportText, DoesNotSayTheSentenceWhereNothingIsKnown) {
  ReportSource site;
  site.site = "new";
  const Report report = SampleReport({site});
  EXPECT_THAT(ReportText(report), HasSubstr("Nothing is known of these days."));
  EXPECT_THAT(ReportText(report), Not(HasSubstr(kNothingFound)));
  EXPECT_EQ(ReportSubject(report),
            "Access log report, week 2026-W47: nothing is known of these days");
}

TEST(ReportText, NamesTheFindingsInItsSubject) {
  EXPECT_EQ(ReportSubject(SampleReport()),
            "Access log report, week 2026-W47: 2 findings in 1 site");
}

TEST(ReportText, IsBounded) {
  ReportSource site = BusySite();
  DayRecord record;
  for (uint16_t status = 100; status < 600; ++status) record.requests[status] = status;
  ByteWriter writer;
  record.Save(writer);
  site.days.days[kFriday - 1] = writer.Take();
  site.episodes.assign(100, site.episodes[1]);
  const std::vector<ReportSource> sites(70, site);
  EXPECT_LT(ReportText(SampleReport(sites)).size(), 100U * 1024);
  EXPECT_LT(ReportHtml(SampleReport(sites)).size(), 100U * 1024);
  EXPECT_THAT(ReportText(SampleReport(sites)), HasSubstr(" sites more\n"));
}

}  // namespace
}  // namespace accesslog
