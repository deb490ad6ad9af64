#include "clients/known_clients.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "clients/client_key.h"

namespace accesslog {
namespace {

constexpr int64_t kDays = 28;
constexpr int64_t kToday = 20514;
constexpr uint32_t kFull = uint32_t{1} << 18U;

uint64_t HashOf(uint64_t number) { return HashKey({0, 0xFFFF00000000U | number, false}, 0xC0FFEE); }

using Parts = std::map<std::string, std::string>;

struct Saved {
  std::string head;
  Parts parts;
};

Saved Save(const KnownClients& known) {
  Saved saved;
  ByteWriter head;
  known.Save(head, saved.parts, "p/");
  saved.head = head.Take();
  return saved;
}

bool Load(KnownClients& known, const Saved& saved) {
  ByteReader reader(saved.head);
  return known.Load(reader, saved.parts, "p/") && reader.IsDone();
}

TEST(KnownClients, AreNewOnce) {
  KnownClients known(kDays, kFull);
  known.SetToday(kToday);
  EXPECT_TRUE(known.Visit(HashOf(1), kToday));
  EXPECT_FALSE(known.Visit(HashOf(1), kToday));
  EXPECT_TRUE(known.Visit(HashOf(2), kToday));
  EXPECT_TRUE(known.Knows(HashOf(1)));
  EXPECT_FALSE(known.Knows(HashOf(3)));
  EXPECT_EQ(known.size(), 2U);
}

TEST(KnownClients, AreNewAgainAfterSoManyDays) {
  KnownClients known(kDays, kFull);
  known.SetToday(kToday);
  known.Visit(HashOf(1), kToday);
  known.SetToday(kToday + 28);
  EXPECT_FALSE(known.Visit(HashOf(1), kToday + 28));
  known.SetToday(kToday + 57);
  EXPECT_EQ(known.size(), 0U);
  EXPECT_TRUE(known.Visit(HashOf(1), kToday + 57));
}

// Days are told apart modulo 64.
TEST(KnownClients, AreNewAfterAnyPause) {
  for (const int64_t pause : {29, 63, 64, 65, 128, 64 * 100, 1000000}) {
    KnownClients known(kDays, kFull);
    known.SetToday(kToday);
    known.Visit(HashOf(1), kToday);
    known.SetToday(kToday + pause);
    EXPECT_TRUE(known.Visit(HashOf(1), kToday + pause)) << pause;
  }
}

TEST(KnownClients, AreKnownToALateLine) {
  KnownClients known(kDays, kFull);
  known.SetToday(kToday);
  EXPECT_TRUE(known.Visit(HashOf(1), kToday - 20));
  EXPECT_FALSE(known.Visit(HashOf(1), kToday - 25));
  EXPECT_FALSE(known.Visit(HashOf(1), kToday - 19));
  // Nobody asks who came so long ago.
  EXPECT_FALSE(known.Visit(HashOf(2), kToday - 29));
  EXPECT_EQ(known.size(), 1U);
  known.SetToday(kToday + 9);
  EXPECT_TRUE(known.Knows(HashOf(1)));
  known.SetToday(kToday + 10);
  EXPECT_FALSE(known.Knows(HashOf(1)));
}

TEST(KnownClients, OutliveAClockThatIsSetBack) {
  KnownClients known(kDays, kFull);
  known.SetToday(kToday);
  known.Visit(HashOf(1), kToday);
  known.SetToday(kToday + 20);
  known.Visit(HashOf(2), kToday + 20);
  known.SetToday(kToday);
  EXPECT_FALSE(known.Visit(HashOf(1), kToday));
  EXPECT_FALSE(known.Visit(HashOf(2), kToday));
  known.SetToday(kToday + 28);
  EXPECT_TRUE(known.Knows(HashOf(2)));
}

// An exact set says the same, but for the hashes that agree by chance.
TEST(KnownClients, AreThoseOfAnExactSet) {
  std::mt19937_64 random(1);
  KnownClients known(kDays, kFull);
  std::map<uint64_t, int64_t> exact;  // the day of the last visit
  int wrong = 0;
  int asked = 0;
  for (int64_t day = kToday; day < kToday + 60; ++day) {
    known.SetToday(day);
    for (int i = 0; i < 5000; ++i) {
      const uint64_t number = random() % 60000;
      const auto found = exact.find(number);
      const bool is_new = found == exact.end() || day - found->second > kDays;
      exact[number] = day;
      wrong += known.Visit(HashOf(number), day) == is_new ? 0 : 1;
      ++asked;
    }
  }
  // 1 in 8,192 newcomers, and as many again where two that agree share an entry.
  EXPECT_LE(wrong, asked / 8192 * 2);
  EXPECT_EQ(known.displaced(), 0U);
}

// The promise of the header: in a full table once in 8,192.
TEST(KnownClients, AreSeldomTakenForOthers) {
  KnownClients known(kDays, kFull);
  known.SetToday(kToday);
  for (uint64_t i = 0; i < 2000000; ++i) known.Visit(HashOf(i), kToday);
  EXPECT_GT(known.size(), kFull / 100 * 99);
  int taken = 0;
  constexpr int kAsked = 1000000;
  for (uint64_t i = 0; i < kAsked; ++i) taken += known.Knows(HashOf(10000000 + i)) ? 1 : 0;
  EXPECT_LE(taken, kAsked / 8192 + 60);
  EXPECT_GE(taken, kAsked / 8192 - 60) << "then the header promises too little";
}

// A million new addresses a day, for three days.
TEST(KnownClients, OutliveASpray) {
  KnownClients known(kDays, kFull);
  constexpr uint64_t kRegulars = 100000;
  for (int64_t day = kToday; day < kToday + 2; ++day) {
    known.SetToday(day);
    for (uint64_t i = 0; i < kRegulars; ++i) known.Visit(HashOf(i), day);
  }
  uint64_t next = 1000000;
  for (int64_t day = kToday + 2; day < kToday + 5; ++day) {
    known.SetToday(day);
    for (int i = 0; i < 1000000; ++i) known.Visit(HashOf(next++), day);
  }
  uint64_t still = 0;
  for (uint64_t i = 0; i < kRegulars; ++i) still += known.Knows(HashOf(i)) ? 1 : 0;
  EXPECT_GE(still, kRegulars / 1000 * 995);
  EXPECT_GT(known.displaced(), 2000000U);
  EXPECT_LE(known.size(), kFull);
}

// Who comes on the fewest days goes first, also among those who came on several.
TEST(KnownClients, OutliveASprayThatComesTwice) {
  KnownClients known(kDays, kFull);
  constexpr uint64_t kRegulars = 50000;
  for (int64_t day = kToday; day < kToday + 4; ++day) {
    known.SetToday(day);
    for (uint64_t i = 0; i < kRegulars; ++i) known.Visit(HashOf(i), day);
  }
  for (int64_t day = kToday + 4; day < kToday + 6; ++day) {
    known.SetToday(day);
    for (uint64_t i = 0; i < 1000000; ++i) known.Visit(HashOf(1000000 + i), day);
  }
  uint64_t still = 0;
  for (uint64_t i = 0; i < kRegulars; ++i) still += known.Knows(HashOf(i)) ? 1 : 0;
  EXPECT_GE(still, kRegulars / 1000 * 995);
}

TEST(KnownClients, TakeLittleMemoryWhereTheyAreFew) {
  KnownClients known(kDays, kFull);
  EXPECT_TRUE(Save(known).parts.empty());
  known.SetToday(kToday);
  for (uint64_t i = 0; i < 800; ++i) known.Visit(HashOf(i), kToday);
  const Saved saved = Save(known);
  ASSERT_EQ(saved.parts.size(), 1U);
  EXPECT_EQ(saved.parts.begin()->second.size(), 8U << 10U);
}

TEST(KnownClients, AreForgottenOneByOne) {
  KnownClients known(kDays, kFull);
  known.SetToday(kToday);
  known.Visit(HashOf(1), kToday);
  known.Visit(HashOf(2), kToday);
  EXPECT_TRUE(known.Forget(HashOf(1)));
  EXPECT_FALSE(known.Forget(HashOf(1)));
  EXPECT_FALSE(known.Knows(HashOf(1)));
  EXPECT_TRUE(known.Knows(HashOf(2)));
  EXPECT_EQ(known.size(), 1U);
  known.Clear();
  EXPECT_EQ(known.size(), 0U);
  EXPECT_FALSE(known.Knows(HashOf(2)));
}

// --- Saving ---

KnownClients Filled(uint64_t clients) {
  KnownClients known(kDays, kFull);
  for (int64_t day = kToday; day < kToday + 3; ++day) {
    known.SetToday(day);
    for (uint64_t i = 0; i < clients; i += static_cast<uint64_t>(day - kToday + 1)) {
      known.Visit(HashOf(i), day);
    }
  }
  return known;
}

TEST(SavedKnownClients, GoOn) {
  KnownClients before = Filled(300000);
  KnownClients after(kDays, kFull);
  ASSERT_TRUE(Load(after, Save(before)));
  EXPECT_EQ(after.size(), before.size());
  EXPECT_EQ(after.today(), kToday + 2);
  for (int64_t day = kToday + 2; day < kToday + 40; day += 5) {
    before.SetToday(day);
    after.SetToday(day);
    for (uint64_t i = 0; i < 50000; ++i) {
      ASSERT_EQ(before.Visit(HashOf(7 * i), day), after.Visit(HashOf(7 * i), day));
    }
  }
  EXPECT_EQ(Save(after).parts, Save(before).parts);
  EXPECT_EQ(Save(after).head, Save(before).head);
}

// A page of the database is 4 KiB: so much is written for one client.
TEST(SavedKnownClients, ChangeInOnePlaceOnly) {
  KnownClients known = Filled(100000);
  const Saved before = Save(known);
  ASSERT_TRUE(known.Visit(HashOf(123456789), kToday + 2));
  const Saved after = Save(known);
  int bytes = 0;
  for (const auto& [name, part] : after.parts) {
    const std::string& old = before.parts.at(name);
    ASSERT_EQ(part.size(), old.size());
    for (size_t i = 0; i < part.size(); ++i) bytes += part[i] != old[i] ? 1 : 0;
  }
  EXPECT_LE(bytes, 4);
}

TEST(SavedKnownClients, AreRefusedWhereTheyAreDamaged) {
  const Saved saved = Save(Filled(3000));
  for (const auto& [name, part] : saved.parts) {
    Saved damaged = saved;
    damaged.parts.erase(name);
    KnownClients missing(kDays, kFull);
    EXPECT_FALSE(Load(missing, damaged));
    damaged.parts[name] = part.substr(0, part.size() - 1);
    KnownClients cut(kDays, kFull);
    EXPECT_FALSE(Load(cut, damaged));
    // All of the last bucket came on several days, which none does.
    damaged.parts[name] = part.substr(0, part.size() - 64) + std::string(64, '\xFF');
    KnownClients full(kDays, kFull);
    EXPECT_FALSE(Load(full, damaged));
  }
  for (size_t size = 0; size < saved.head.size(); ++size) {
    KnownClients cut(kDays, kFull);
    EXPECT_FALSE(Load(cut, {saved.head.substr(0, size), saved.parts})) << size;
  }
}

TEST(SavedKnownClients, AreForgottenByShorterRules) {
  KnownClients before = Filled(1000);
  before.SetToday(kToday + 10);
  before.Visit(HashOf(5), kToday + 10);
  KnownClients after(3, kFull);
  ASSERT_TRUE(Load(after, Save(before)));
  EXPECT_EQ(after.size(), 1U);
  EXPECT_TRUE(after.Knows(HashOf(5)));
}

}  // namespace
}  // namespace accesslog
