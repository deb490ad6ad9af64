#include "base/time_zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <string>

#include "base/time_format.h"
#include "support/scoped_time_zone.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

TimeZone Zone(std::string_view name) {
  Result<TimeZone> zone = TimeZone::Named(name);
  EXPECT_TRUE(zone.ok()) << zone.error().message;
  return zone.ok() ? *zone : TimeZone();
}

Time Utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  const std::chrono::sys_days date{std::chrono::year(year) / static_cast<int>(month) /
                                   static_cast<int>(day)};
  return Time(date) + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

int64_t Day(std::string_view text) { return ParseDay(text).value(); }

TEST(Days, AreWrittenAndRead) {
  EXPECT_EQ(FormatDay(0), "1970-01-01");
  EXPECT_EQ(FormatDay(-1), "1969-12-31");
  EXPECT_EQ(Day("2026-11-22"), 20779);
  EXPECT_EQ(FormatDay(20779), "2026-11-22");
  EXPECT_EQ(FormatDay(INT64_MAX), "9999-12-31");
  for (const char* text :
       {"", "2026-02-30", "2026-1-2", "2026-01-02 ", "2026/01/02", "+026-01-02"}) {
    EXPECT_EQ(ParseDay(text), std::nullopt) << text;
  }
}

TEST(Days, HaveAWeekday) {
  EXPECT_EQ(WeekdayOf(Day("2026-11-23")), 0);
  EXPECT_EQ(WeekdayOf(Day("2026-11-22")), 6);
  EXPECT_EQ(WeekdayOf(0), 3);
  EXPECT_EQ(WeekdayOf(-1), 2);
  EXPECT_EQ(WeekdayOf(-4), 6);
}

TEST(TimeZone, IsUtcByDefault) {
  const TimeZone zone;
  EXPECT_EQ(zone.name(), "UTC");
  EXPECT_EQ(zone.LocalDay(Utc(2026, 11, 22, 23, 59)), Day("2026-11-22"));
  EXPECT_EQ(zone.At(Utc(2026, 11, 22, 23, 59)).second, 86340);
  EXPECT_EQ(zone.StartOfDay(Day("2026-11-22")), Utc(2026, 11, 22));
}

TEST(TimeZone, KnowsDaysBeforeTheEpoch) {
  EXPECT_EQ(TimeZone().At(Time(Duration(-1))).day, -1);
  EXPECT_EQ(TimeZone().At(Time(Duration(-1))).second, 86399);
  EXPECT_EQ(TimeZone().At(Utc(1969, 12, 31)).second, 0);
}

TEST(TimeZone, HasAnOffsetWithoutSummerTime) {
  const TimeZone zone = Zone("Europe/Istanbul");
  EXPECT_EQ(zone.name(), "Europe/Istanbul");
  EXPECT_EQ(zone.LocalDay(Utc(2026, 7, 1, 20, 59)), Day("2026-07-01"));
  EXPECT_EQ(zone.LocalDay(Utc(2026, 7, 1, 21, 0)), Day("2026-07-02"));
  EXPECT_EQ(zone.LocalDay(Utc(2026, 12, 31, 21, 0)), Day("2027-01-01"));
  EXPECT_EQ(zone.OffsetAt(Utc(2060, 1, 1)).offset, 3 * 3600);
}

TEST(TimeZone, HasOffsetsThatAreNoWholeHours) {
  EXPECT_EQ(Zone("Asia/Kathmandu").OffsetAt(Utc(2026, 1, 1)).offset, 5 * 3600 + 45 * 60);
  EXPECT_EQ(Zone("Asia/Kathmandu").At(Utc(2026, 1, 1)).hour(), 5);
}

TEST(TimeZone, GoesForwardOverAnHourOfBerlin) {
  const TimeZone zone = Zone("Europe/Berlin");
  const int64_t day = Day("2026-03-29");
  EXPECT_EQ(zone.At(Utc(2026, 3, 29, 0, 59)).second, 3600 + 59 * 60);
  EXPECT_EQ(zone.At(Utc(2026, 3, 29, 1, 0)).second, 3 * 3600);
  EXPECT_EQ(zone.StartOfDay(day), Utc(2026, 3, 28, 23));
  EXPECT_EQ(zone.StartOfDay(day + 1), Utc(2026, 3, 29, 22));
  EXPECT_EQ(zone.TimeOf(day, 2 * 3600 + 1800), Utc(2026, 3, 29, 1));
  EXPECT_EQ(zone.TimeOf(day, 8 * 3600), Utc(2026, 3, 29, 6));
}

TEST(TimeZone, RepeatsAnHourOfBerlin) {
  const TimeZone zone = Zone("Europe/Berlin");
  const int64_t day = Day("2026-10-25");
  EXPECT_EQ(zone.At(Utc(2026, 10, 25, 0, 30)).second, 2 * 3600 + 1800);
  EXPECT_EQ(zone.At(Utc(2026, 10, 25, 1, 30)).second, 2 * 3600 + 1800);
  EXPECT_EQ(zone.TimeOf(day, 2 * 3600 + 1800), Utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(zone.StartOfDay(day), Utc(2026, 10, 24, 22));
  EXPECT_EQ(zone.StartOfDay(day + 1), Utc(2026, 10, 25, 23));
}

TEST(TimeZone, BeginsADayWithoutMidnightLater) {
  // Clocks in Cairo went from 00:00 to 01:00.
  const TimeZone zone = Zone("Africa/Cairo");
  const int64_t day = Day("2024-04-26");
  EXPECT_EQ(zone.StartOfDay(day), Utc(2024, 4, 25, 22));
  EXPECT_EQ(zone.At(zone.StartOfDay(day)).second, 3600);
  EXPECT_EQ(zone.LocalDay(zone.StartOfDay(day) - Duration(1)), day - 1);
}

TEST(TimeZone, BeginsADayWithTwoMidnightsAtTheFirst) {
  // Clocks in Havana went from 01:00 to 00:00.
  const TimeZone zone = Zone("America/Havana");
  const int64_t day = Day("2024-11-03");
  EXPECT_EQ(zone.StartOfDay(day), Utc(2024, 11, 3, 4));
  EXPECT_EQ(zone.At(Utc(2024, 11, 3, 5)).second, 0);
}

TEST(TimeZone, LeavesOutTheDayThatSamoaLeftOut) {
  const TimeZone zone = Zone("Pacific/Apia");
  EXPECT_EQ(zone.LocalDay(Utc(2011, 12, 30, 9, 59)), Day("2011-12-29"));
  EXPECT_EQ(zone.LocalDay(Utc(2011, 12, 30, 10, 0)), Day("2011-12-31"));
  EXPECT_EQ(zone.StartOfDay(Day("2011-12-30")), zone.StartOfDay(Day("2011-12-31")));
}

TEST(TimeZone, KeepsSummerTimeInTheFarFuture) {
  const TimeZone zone = Zone("Europe/Berlin");
  EXPECT_EQ(zone.OffsetAt(Utc(2040, 7, 1)).offset, 7200);
  EXPECT_EQ(zone.OffsetAt(Utc(2040, 12, 1)).offset, 3600);
  EXPECT_EQ(zone.OffsetAt(Utc(9999, 7, 1)).offset, 7200);
  EXPECT_EQ(Zone("Australia/Sydney").OffsetAt(Utc(2077, 1, 1)).offset, 11 * 3600);
  EXPECT_EQ(Zone("Europe/Dublin").OffsetAt(Utc(2077, 7, 1)).offset, 3600);
}

TEST(TimeZone, HasTheLocalMeanTimeOfTheFarPast) {
  EXPECT_EQ(Zone("Europe/Berlin").OffsetAt(Utc(1800, 1, 1)).offset, 53 * 60 + 28);
}

TEST(TimeZone, TakesAnyTime) {
  const TimeZone zone = Zone("America/New_York");
  for (const Time time : {Time::min(), Time::max(), Utc(0, 1, 1), Utc(9999, 12, 31, 23)}) {
    const OffsetSpan span = zone.OffsetAt(time);
    const int64_t second =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    EXPECT_LE(span.begin, second);
    EXPECT_GT(span.end, second);
    ZoneCursor cursor(zone);
    EXPECT_EQ(cursor.At(time).day, zone.At(time).day);
  }
  EXPECT_LT(zone.StartOfDay(INT64_MIN), zone.StartOfDay(INT64_MAX));
}

// The C library reads the same files in its own way.
class AgainstTheCLibrary : public testing::TestWithParam<const char*> {};

TEST_P(AgainstTheCLibrary, SaysTheSame) {
  const ScopedTimeZone scoped(GetParam());
  const TimeZone zone = Zone(GetParam());
  ZoneCursor cursor(zone);
  for (Time time = Utc(1900, 1, 1); time < Utc(2100, 1, 1); time += std::chrono::minutes(6007)) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    localtime_r(&seconds, &parts);
    const LocalTime local = zone.At(time);
    ASSERT_EQ(local.second, parts.tm_hour * 3600 + parts.tm_min * 60 + parts.tm_sec)
        << FormatUtc(time);
    ASSERT_EQ(WeekdayOf(local.day), (parts.tm_wday + 6) % 7) << FormatUtc(time);
    ASSERT_EQ(zone.OffsetAt(time).offset, parts.tm_gmtoff) << FormatUtc(time);
    ASSERT_EQ(cursor.At(time).second, local.second);
    ASSERT_LE(zone.StartOfDay(local.day), time);
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, AgainstTheCLibrary,
                         testing::Values("Europe/Istanbul", "Europe/Berlin", "Europe/Dublin",
                                         "America/New_York", "America/Havana", "America/Sao_Paulo",
                                         "Africa/Casablanca", "Africa/Cairo", "Asia/Kathmandu",
                                         "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia",
                                         "Pacific/Chatham", "America/Godthab", "UTC"));

TEST(TimeZone, RefusesUnknownNames) {
  EXPECT_EQ(TimeZone::Named("Europe/Instanbul").error().message,
            "time zone \"Europe/Instanbul\" is not known; it is a name such as "
            "\"Europe/Istanbul\", as the files in /usr/share/zoneinfo are called");
  EXPECT_EQ(TimeZone::Named("Europe").error().message,
            "time zone \"Europe\" is not known; it is a name such as "
            "\"Europe/Istanbul\", as the files in /usr/share/zoneinfo are called");
}

TEST(TimeZone, RefusesNamesThatLeaveTheDatabase) {
  for (const char* name : {"../../../etc/passwd", "/etc/localtime", "", "a\nb", "Europe/Ber lin"}) {
    EXPECT_THAT(TimeZone::Named(name).error().message, testing::HasSubstr("is not a name such as"))
        << name;
  }
}

TEST(TimeZone, SaysThatTheDatabaseIsMissing) {
  EXPECT_EQ(TimeZone::Named("Europe/Berlin", "/nowhere").error().message,
            "time zone \"Europe/Berlin\" cannot be looked up, since /nowhere is missing; install "
            "the package tzdata, or use \"UTC\"");
  EXPECT_TRUE(TimeZone::Named("UTC", "/nowhere").ok());
}

TEST(TimeZone, RefusesAFileThatIsNoZone) {
  const TempDirectory directory;
  directory.Write("list", "Europe/Berlin\n");
  EXPECT_EQ(
      TimeZone::Named("list", directory.path()).error().message,
      "time zone \"list\" cannot be read: " + directory.path() + "/list is not a time zone file");
}

TEST(TimeZone, IsFoundByItsNameAgain) {
  const ScopedTimeZone scoped("Asia/Tokyo");
  for (const char* name : {"UTC", "Europe/Berlin", "EST5EDT,M3.2.0,M11.1.0"}) {
    EXPECT_EQ(TimeZone::Of(name).name(), name);
  }
  EXPECT_EQ(TimeZone::Of("local").name(), "Asia/Tokyo");
  EXPECT_EQ(TimeZone::Of("Moon/Tycho").name(), "UTC");
}

TEST(TimeZone, OfTheMachineFollowsItsVariable) {
  {
    const ScopedTimeZone scoped(":Asia/Tokyo");
    EXPECT_EQ(TimeZone::Local().OffsetAt(Utc(2026, 1, 1)).offset, 9 * 3600);
    EXPECT_EQ(TimeZone::Local().name(), "Asia/Tokyo");
  }
  {
    const ScopedTimeZone scoped("/usr/share/zoneinfo/Asia/Tokyo");
    EXPECT_EQ(TimeZone::Local().name(), "Asia/Tokyo");
  }
  {
    const ScopedTimeZone scoped("EST5EDT,M3.2.0,M11.1.0");
    EXPECT_EQ(TimeZone::Local().OffsetAt(Utc(2026, 7, 1)).offset, -4 * 3600);
  }
  {
    const ScopedTimeZone scoped("No/Such");
    EXPECT_EQ(TimeZone::Local().name(), "UTC");
  }
}

}  // namespace
}  // namespace accesslog
