// On which days and in how many ways each client was found to attack.
#include "detect/offenders.h"

#include <gtest/gtest.h>

#include <string>

namespace accesslog {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// The beginning of a day.
constexpr Time kDay{hours{480000}};
constexpr auto kGuesses = Detection::kLoginBruteForce;
constexpr auto kProbes = Detection::kAttackProbe;
constexpr auto kFloods = Detection::kClientFlood;

ClientKey Key(uint64_t number) { return {.high = 0, .low = 0xFFFF00000000U + number}; }

Offenders::Tally Note(Offenders& offenders, const ClientKey& key, Detection detection, Time at) {
  return offenders.Note(key, detection, at,
                        std::chrono::floor<std::chrono::days>(at).time_since_epoch().count());
}

std::string Saved(const Offenders& offenders) {
  ByteWriter writer;
  offenders.Save(writer);
  return writer.Take();
}

bool Load(Offenders& offenders, std::string_view bytes) {
  ByteReader reader(bytes);
  return offenders.Load(reader) && reader.IsDone();
}

TEST(Offenders, CountDaysOnce) {
  Offenders offenders(10, 42);
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay).days, 1U);
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay + hours{23}).days, 1U);
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay + hours{24}).days, 2U);
  EXPECT_EQ(Note(offenders, Key(1), kProbes, kDay + hours{72}).days, 3U);
}

TEST(Offenders, ForgetDaysAfterSeven) {
  Offenders offenders(10, 42);
  Note(offenders, Key(1), kGuesses, kDay);
  Note(offenders, Key(1), kGuesses, kDay + hours{24});
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay + hours{6 * 24}).days, 3U);
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay + hours{7 * 24}).days, 3U);
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay + hours{8 * 24}).days, 3U);
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay + hours{1000 * 24}).days, 1U);
}

TEST(Offenders, AreNeverOnMoreThanSevenDays) {
  Offenders offenders(10, 42);
  uint32_t days = 0;
  for (int day = 0; day < 20; ++day) days = Note(offenders, Key(1), kGuesses, kDay + hours{day * 24}).days;
  EXPECT_EQ(days, 7U);
}

TEST(Offenders, CountKindsOfTheLastDay) {
  Offenders offenders(10, 42);
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay).kinds, 1U);
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay + hours{1}).kinds, 1U);
  EXPECT_EQ(Note(offenders, Key(1), kProbes, kDay + hours{2}).kinds, 2U);
  EXPECT_EQ(Note(offenders, Key(1), kFloods, kDay + hours{24} + minutes{59}).kinds, 3U);
  EXPECT_EQ(Note(offenders, Key(1), kFloods, kDay + hours{25}).kinds, 2U);
  EXPECT_EQ(Note(offenders, Key(1), kFloods, kDay + hours{26}).kinds, 1U);
}

TEST(Offenders, CountALateLine) {
  Offenders offenders(10, 42);
  Note(offenders, Key(1), kGuesses, kDay + hours{48});
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay).days, 2U);
  // That long ago nobody counts any more.
  EXPECT_EQ(Note(offenders, Key(1), kGuesses, kDay - hours{6 * 24}).days, 2U);
}

TEST(Offenders, AreToldApart) {
  Offenders offenders(10, 42);
  Note(offenders, Key(1), kGuesses, kDay);
  EXPECT_EQ(Note(offenders, Key(2), kProbes, kDay + hours{24}).days, 1U);
  EXPECT_EQ(Note(offenders, {.high = 0, .low = Key(1).low, .named = true}, kProbes, kDay).kinds, 1U);
}

TEST(Offenders, AreBoundedAndTheQuietOneGoesFirst) {
  Offenders offenders(2, 42);
  Note(offenders, Key(1), kGuesses, kDay);
  Note(offenders, Key(2), kGuesses, kDay);
  Note(offenders, Key(1), kGuesses, kDay);
  Note(offenders, Key(3), kGuesses, kDay);
  EXPECT_EQ(Note(offenders, Key(1), kProbes, kDay).kinds, 2U);
  EXPECT_EQ(Note(offenders, Key(2), kProbes, kDay).kinds, 1U);
}

TEST(Offenders, CanBeForgotten) {
  Offenders offenders(10, 42);
  Note(offenders, Key(1), kGuesses, kDay);
  Note(offenders, Key(2), kGuesses, kDay);
  EXPECT_TRUE(offenders.Forget(Key(1)));
  EXPECT_FALSE(offenders.Forget(Key(1)));
  EXPECT_EQ(Note(offenders, Key(1), kProbes, kDay).kinds, 1U);
  offenders.KeepIf([](const ClientKey& key) { return key == Key(1); });
  EXPECT_FALSE(offenders.Forget(Key(2)));
  offenders.ForgetAll();
  EXPECT_FALSE(offenders.Forget(Key(1)));
}

TEST(Offenders, GoOnAfterTheyWereSaved) {
  Offenders offenders(10, 42);
  Note(offenders, Key(1), kGuesses, kDay);
  Note(offenders, Key(1), kProbes, kDay + hours{24});
  Note(offenders, Key(2), kFloods, kDay + hours{30});
  Offenders loaded(10, 7);
  ASSERT_TRUE(Load(loaded, Saved(offenders)));
  EXPECT_EQ(Saved(loaded), Saved(offenders));
  const auto tally = Note(loaded, Key(1), kFloods, kDay + hours{47});
  EXPECT_EQ(tally.days, 2U);
  EXPECT_EQ(tally.kinds, 2U);
}

TEST(Offenders, AreTheNewestWhereNotAllHavePlace) {
  Offenders offenders(10, 42);
  for (uint64_t i = 0; i < 5; ++i) Note(offenders, Key(i), kGuesses, kDay);
  Offenders loaded(2, 7);
  ASSERT_TRUE(Load(loaded, Saved(offenders)));
  for (uint64_t i = 0; i < 5; ++i) EXPECT_EQ(loaded.Forget(Key(i)), i >= 3) << i;
}

TEST(Offenders, AreRefusedInBytesThatEndTooEarly) {
  Offenders offenders(10, 42);
  Note(offenders, Key(1), kGuesses, kDay);
  Note(offenders, Key(2), kProbes, kDay);
  const std::string bytes = Saved(offenders);
  for (size_t size = 0; size < bytes.size(); ++size) {
    Offenders loaded(10, 7);
    EXPECT_FALSE(Load(loaded, std::string_view(bytes).substr(0, size))) << size;
  }
}

// One client as Save writes it.
std::string OneSaved(int64_t day, uint64_t days, std::string_view detection, uint64_t minute,
                     int copies = 1) {
  ByteWriter writer;
  writer.Number(static_cast<uint64_t>(copies));
  for (int i = 0; i < copies; ++i) {
    writer.Number(0);
    writer.Number(Key(1).low);
    writer.Flag(false);
    writer.Flag(false);
    writer.Signed(day);
    writer.Number(days);
    writer.Number(1);
    writer.Text(detection);
    writer.Number(minute);
  }
  return writer.Take();
}

bool IsTaken(std::string_view bytes) {
  Offenders loaded(10, 7);
  return Load(loaded, bytes);
}

TEST(Offenders, AreRefusedWhereBytesMakeNoSense) {
  EXPECT_TRUE(IsTaken(OneSaved(20000, 1, "AttackProbe", 1)));
  EXPECT_FALSE(IsTaken(OneSaved(20000, 128, "AttackProbe", 1))) << "an eighth day";
  EXPECT_FALSE(IsTaken(OneSaved(INT64_MAX, 1, "AttackProbe", 1))) << "a day of no calendar";
  EXPECT_FALSE(IsTaken(OneSaved(INT64_MIN, 1, "AttackProbe", 1)));
  EXPECT_FALSE(IsTaken(OneSaved(20000, 1, "AttackProb", 1))) << "no such detection";
  EXPECT_FALSE(IsTaken(OneSaved(20000, 1, "AttackProbe", 0))) << "never";
  EXPECT_FALSE(IsTaken(OneSaved(20000, 1, "AttackProbe", uint64_t{1} << 32U)));
  EXPECT_FALSE(IsTaken(OneSaved(20000, 1, "AttackProbe", 1, 2))) << "twice";
}

}  // namespace
}  // namespace accesslog
