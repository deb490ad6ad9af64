#include "report/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Time Utc(std::string_view day, int hour, int minute = 0) {
  return Time(std::chrono::days(ParseDay(day).value())) + hours(hour) + minutes(minute);
}

ReportTimes TimesOf(const char* daily, const char* weekly, const char* monthly,
                    std::string_view zone = "UTC") {
  ReportTimes times;
  times.zone = *TimeZone::Named(zone);
  const std::array<const char*, 3> texts = {daily, weekly, monthly};
  for (const PeriodKind kind : kPeriodKinds) {
    const char* text = texts[static_cast<size_t>(kind)];
    if (*text != '\0') times.when[static_cast<size_t>(kind)] = *ParseReportTime(kind, text);
  }
  return times;
}

DeliveredReports Since(Time begin) {
  DeliveredReports delivered;
  for (const PeriodKind kind : kPeriodKinds) delivered.Begin(kind, begin);
  return delivered;
}

std::vector<std::string> IdsAt(const ReportTimes& times, const DeliveredReports& delivered,
                               Time now) {
  std::vector<std::string> ids;
  for (const DueReport& due : DueReports(times, delivered, now))
    ids.push_back(ReportId(due.period));
  return ids;
}

using Ids = std::vector<std::string>;

TEST(ReportTime, IsReadInThreeForms) {
  EXPECT_EQ(*ParseReportTime(PeriodKind::kDay, "07:00"), (ReportTimes::When{0, 7 * 3600}));
  EXPECT_EQ(*ParseReportTime(PeriodKind::kWeek, "friday 08:30"),
            (ReportTimes::When{4, 8 * 3600 + 1800}));
  EXPECT_EQ(*ParseReportTime(PeriodKind::kWeek, "Sunday 00:00"), (ReportTimes::When{6, 0}));
  EXPECT_EQ(*ParseReportTime(PeriodKind::kMonth, "1 08:00"), (ReportTimes::When{1, 8 * 3600}));
}

TEST(ReportTime, SaysWhatWasExpected) {
  EXPECT_EQ(
      ParseReportTime(PeriodKind::kWeek, "08:00").error().message,
      "\"08:00\" is no time of a report; write it as \"friday 08:00\", or \"\" for no such report");
  EXPECT_EQ(
      ParseReportTime(PeriodKind::kMonth, "31 08:00").error().message,
      "\"31 08:00\" is no time of a report; write it as \"1 08:00\", a day from 1 to 28, or \"\" "
      "for no such report");
  for (const char* text : {"", "8:00", "24:00", "07:60", "07:00 ", "noon", "friday 07:00"}) {
    EXPECT_FALSE(ParseReportTime(PeriodKind::kDay, text)) << text;
  }
  for (const char* text :
       {"", "friday", "freitag 08:00", "friday  08:00", "friday 8:00", "5 08:00"}) {
    EXPECT_FALSE(ParseReportTime(PeriodKind::kWeek, text)) << text;
  }
}

TEST(ReportSchedule, SendsTheWeekOnFridayMorning) {
  const ReportTimes times = TimesOf("", "friday 08:00", "", "Europe/Istanbul");
  const DeliveredReports delivered = Since(Utc("2026-11-16", 12));
  EXPECT_EQ(IdsAt(times, delivered, Utc("2026-11-20", 4, 59)), Ids{});
  EXPECT_EQ(IdsAt(times, delivered, Utc("2026-11-20", 5)), Ids{"weekly-2026-W47"});
}

TEST(ReportSchedule, SendsEachOnce) {
  const ReportTimes times = TimesOf("07:00", "friday 08:00", "1 08:00");
  DeliveredReports delivered = Since(Utc("2026-09-30", 12));
  std::vector<std::string> sent;
  for (Time now = Utc("2026-09-30", 12); now < Utc("2026-12-01", 12); now += minutes{10}) {
    for (const DueReport& due : DueReports(times, delivered, now)) {
      EXPECT_LT(now - due.due, minutes{10});
      sent.push_back(ReportId(due.period));
      delivered.Add(due.period.kind, due.due, sent.back());
    }
  }
  EXPECT_EQ(
      std::count_if(sent.begin(), sent.end(), [](auto& id) { return id.starts_with("daily"); }),
      62);
  EXPECT_EQ(
      std::count_if(sent.begin(), sent.end(), [](auto& id) { return id.starts_with("weekly"); }),
      9);
  EXPECT_EQ(
      std::count_if(sent.begin(), sent.end(), [](auto& id) { return id.starts_with("monthly"); }),
      3);
  std::sort(sent.begin(), sent.end());
  EXPECT_EQ(std::unique(sent.begin(), sent.end()), sent.end());
}

TEST(ReportSchedule, SendsNothingOfBeforeTheFirstStart) {
  const ReportTimes times = TimesOf("07:00", "friday 08:00", "1 08:00");
  EXPECT_EQ(IdsAt(times, DeliveredReports(), Utc("2026-11-20", 9)), Ids{});
  EXPECT_EQ(IdsAt(times, Since(Utc("2026-11-20", 9)), Utc("2026-11-20", 9)), Ids{});
  EXPECT_EQ(IdsAt(times, Since(Utc("2026-11-20", 9)), Utc("2026-11-27", 9)),
            (Ids{"daily-2026-11-26", "weekly-2026-W48"}));
}

TEST(ReportSchedule, SendsTheNewestThatWasMissed) {
  const ReportTimes times = TimesOf("07:00", "friday 08:00", "1 08:00");
  DeliveredReports delivered = Since(Utc("2026-09-01", 0));
  EXPECT_EQ(IdsAt(times, delivered, Utc("2026-11-18", 6)),
            (Ids{"daily-2026-11-16", "weekly-2026-W46", "monthly-2026-10"}));
  delivered.Add(PeriodKind::kWeek, Utc("2026-11-13", 8), "weekly-2026-W46");
  EXPECT_EQ(IdsAt(times, delivered, Utc("2026-11-18", 6)),
            (Ids{"daily-2026-11-16", "monthly-2026-10"}));
}

TEST(ReportSchedule, SendsNothingTwiceWhenTheClockIsSetBack) {
  const ReportTimes times = TimesOf("", "friday 08:00", "");
  DeliveredReports delivered = Since(Utc("2026-11-16", 12));
  delivered.Add(PeriodKind::kWeek, Utc("2026-11-20", 8), "weekly-2026-W47");
  for (const Time now : {Utc("2026-11-20", 7), Utc("2026-11-20", 8), Utc("2026-11-13", 8)}) {
    delivered.Correct(now);
    EXPECT_EQ(IdsAt(times, delivered, now), Ids{});
  }
  EXPECT_EQ(IdsAt(times, delivered, Utc("2026-11-20", 8)), Ids{});
  EXPECT_EQ(IdsAt(times, delivered, Utc("2026-11-27", 8)), Ids{"weekly-2026-W48"});
}

TEST(ReportSchedule, GoesOnAfterAClockThatWasYearsAhead) {
  const ReportTimes times = TimesOf("", "friday 08:00", "");
  DeliveredReports delivered = Since(Utc("2026-11-16", 12));
  delivered.Add(PeriodKind::kWeek, Utc("2036-11-21", 8), "weekly-2036-W47");
  delivered.Correct(Utc("2026-11-17", 8));
  EXPECT_EQ(IdsAt(times, delivered, Utc("2026-11-20", 8)), Ids{"weekly-2026-W47"});
}

TEST(ReportSchedule, HasOneMomentInAnHourThatIsLeftOutOrComesTwice) {
  const ReportTimes times = TimesOf("02:30", "", "", "Europe/Berlin");
  // 02:00 is 03:00 on 2026-03-29.
  EXPECT_EQ(IdsAt(times, Since(Utc("2026-03-28", 12)), Utc("2026-03-29", 0, 59)), Ids{});
  EXPECT_EQ(IdsAt(times, Since(Utc("2026-03-28", 12)), Utc("2026-03-29", 1)),
            Ids{"daily-2026-03-28"});
  // 02:30 comes at 00:30 and 01:30 UTC on 2026-10-25.
  DeliveredReports delivered = Since(Utc("2026-10-24", 12));
  const auto due = DueReports(times, delivered, Utc("2026-10-25", 0, 30));
  ASSERT_EQ(due.size(), 1u);
  delivered.Add(PeriodKind::kDay, due[0].due, ReportId(due[0].period));
  EXPECT_EQ(IdsAt(times, delivered, Utc("2026-10-25", 1, 30)), Ids{});
}

TEST(DeliveredReports, AreSavedAndLoaded) {
  DeliveredReports delivered;
  delivered.Begin(PeriodKind::kWeek, Utc("2026-11-16", 12));
  for (int i = 0; i < 200; ++i) {
    delivered.Add(PeriodKind::kDay, Utc("2026-11-16", 12), "daily-" + std::to_string(i));
  }
  EXPECT_FALSE(delivered.Contains("daily-100"));
  EXPECT_TRUE(delivered.Contains("daily-199"));
  ByteWriter writer;
  delivered.Save(writer);
  ByteReader reader(writer.bytes());
  DeliveredReports loaded;
  ASSERT_TRUE(loaded.Load(reader) && reader.IsDone());
  EXPECT_EQ(loaded, delivered);
  for (size_t length = 0; length < writer.bytes().size(); ++length) {
    ByteReader cut(std::string_view(writer.bytes()).substr(0, length));
    DeliveredReports other;
    ASSERT_FALSE(other.Load(cut)) << length;
  }
}

}  // namespace
}  // namespace accesslog
