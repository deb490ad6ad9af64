#include "clients/visitors.h"

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace accesslog {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Time kStart = ManualClock::kStart;

Client ClientOf(uint64_t number) { return {{0, 0xFFFF00000000U | number, false}, "", false}; }

Visitors Make(const ClientOptions& options = {}, const char* login = "/login\n",
              const char* protected_paths = "/admin\n") {
  return Visitors(options, {"", login, protected_paths}, 42);
}

Visitors::Parts Save(const Visitors& visitors) {
  Visitors::Parts parts;
  visitors.Save(parts);
  return parts;
}

TEST(Visitors, AreNewInEachScopeOnce) {
  Visitors visitors = Make();
  for (const Scope scope : {Scope::kAny, Scope::kLogin, Scope::kProtected}) {
    EXPECT_EQ(visitors.New(scope), 0U);
  }
  visitors.Add(ClientOf(1), 0, kStart, kStart);
  visitors.Add(ClientOf(1), kVisitsLogin, kStart, kStart);
  visitors.Add(ClientOf(1), kVisitsLogin, kStart, kStart);
  visitors.Add(ClientOf(2), kVisitsLogin | kVisitsProtected, kStart, kStart);
  EXPECT_EQ(visitors.New(Scope::kAny), 2U);
  EXPECT_EQ(visitors.New(Scope::kLogin), 2U);
  EXPECT_EQ(visitors.New(Scope::kProtected), 1U);
  EXPECT_EQ(visitors.Known(Scope::kProtected), 1U);
  EXPECT_NEAR(visitors.Distinct(kStart)[0].clients, 2, 0.1);
}

TEST(Visitors, AreNotToldApartWherePrivacyLeavesNothing) {
  Visitors visitors = Make();
  visitors.Add({{}, "", true}, kVisitsLogin, kStart, kStart);
  EXPECT_EQ(visitors.New(Scope::kAny), 0U);
  EXPECT_EQ(visitors.Distinct(kStart)[2].clients, 0);
  EXPECT_TRUE(visitors.IsLearning(Scope::kAny, kStart + days{100}));
}

TEST(Visitors, AreLearnedForTwoWeeks) {
  Visitors visitors = Make({}, "", "/admin\n");
  EXPECT_TRUE(visitors.IsLearning(Scope::kAny, kStart));
  visitors.Add(ClientOf(1), 0, kStart, kStart);
  EXPECT_TRUE(visitors.IsLearning(Scope::kAny, kStart + days{14} - Duration{1}));
  EXPECT_FALSE(visitors.IsLearning(Scope::kAny, kStart + days{14}));
  EXPECT_FALSE(visitors.IsLearning(Scope::kProtected, kStart + days{14}));
  EXPECT_TRUE(visitors.IsLearning(Scope::kLogin, kStart + days{14})) << "no rule, no login";
}

TEST(Visitors, AreKnownFor28Days) {
  Visitors visitors = Make();
  visitors.Add(ClientOf(1), 0, kStart, kStart);
  visitors.Add(ClientOf(1), 0, kStart + days{28}, kStart + days{28});
  EXPECT_EQ(visitors.New(Scope::kAny), 1U);
  visitors.Add(ClientOf(1), 0, kStart + days{57}, kStart + days{57});
  EXPECT_EQ(visitors.New(Scope::kAny), 2U);
}

// Minutes are told apart modulo 64 where who came just now is remembered.
TEST(Visitors, AreCountedAgainAfterAnyPause) {
  for (int pause = 1; pause < 200; ++pause) {
    Visitors visitors = Make();
    const Time later = kStart + minutes{pause};
    for (const Time at : {kStart, later}) visitors.Add(ClientOf(1), 0, at, at);
    for (const auto& window : visitors.Distinct(later)) {
      EXPECT_NEAR(window.clients, 1, 0.1) << window.name << ' ' << pause;
    }
    EXPECT_EQ(visitors.New(Scope::kAny), 1U);
  }
}

// One line with a wrong year must not make everybody a stranger.
TEST(Visitors, DoNotBelieveALineFromTheFuture) {
  Visitors visitors = Make();
  visitors.Add(ClientOf(1), 0, kStart, kStart);
  visitors.Add(ClientOf(2), 0, kStart + days{36500}, kStart);
  visitors.Add(ClientOf(1), 0, kStart, kStart);
  EXPECT_EQ(visitors.New(Scope::kAny), 2U);
  EXPECT_EQ(visitors.Known(Scope::kAny), 2U);
}

TEST(Visitors, OutliveAClockThatIsSetBack) {
  Visitors visitors = Make();
  visitors.Add(ClientOf(1), 0, kStart, kStart);
  visitors.Add(ClientOf(2), 0, kStart + days{20}, kStart + days{20});
  visitors.Expire(kStart);
  visitors.Add(ClientOf(1), 0, kStart, kStart);
  visitors.Add(ClientOf(2), 0, kStart, kStart);
  EXPECT_EQ(visitors.New(Scope::kAny), 2U);
}

TEST(Visitors, AreForgottenOnRequest) {
  Visitors visitors = Make();
  visitors.Add(ClientOf(1), kVisitsLogin, kStart, kStart);
  EXPECT_FALSE(visitors.Forget(ClientOf(2).key));
  EXPECT_TRUE(visitors.Forget(ClientOf(1).key));
  EXPECT_FALSE(visitors.Forget(ClientOf(1).key));
  EXPECT_EQ(visitors.Known(Scope::kAny) + visitors.Known(Scope::kLogin), 0U);
  EXPECT_EQ(visitors.New(Scope::kAny), 1U);
}

TEST(Visitors, AreAllForgotten) {
  Visitors visitors = Make();
  visitors.Add(ClientOf(1), 0, kStart, kStart);
  EXPECT_NEAR(visitors.Distinct(kStart)[0].clients, 1, 0.1);
  visitors.ForgetAll();
  for (const auto& window : visitors.Distinct(kStart)) EXPECT_EQ(window.clients, 0) << window.name;
  EXPECT_TRUE(visitors.IsLearning(Scope::kAny, kStart + days{30}));
  visitors.Add(ClientOf(1), 0, kStart + days{30}, kStart + days{30});
  EXPECT_EQ(visitors.New(Scope::kAny), 2U);
  EXPECT_TRUE(visitors.IsLearning(Scope::kAny, kStart + days{43}));
}

// --- Saving ---

struct Filled : Visitors {
  Filled() : Visitors({}, {"", "/login\n", "/admin\n"}, 42) {
    for (uint64_t i = 0; i < 3000; ++i) {
      const Time at = kStart + minutes{i};
      Add(ClientOf(i % 2000), i % 5 == 0 ? kVisitsLogin : 0, at, at);
    }
  }
};

TEST(SavedVisitors, GoOnExactly) {
  Filled before;
  // Of another process, so with another secret.
  Visitors after({}, {"", "/login\n", "/admin\n"}, 4711);
  ASSERT_TRUE(after.Load(Save(before)));
  EXPECT_EQ(Save(after), Save(before));
  for (uint64_t i = 0; i < 3000; ++i) {
    const Time at = kStart + hours{50} + minutes{i};
    for (Visitors* visitors : {static_cast<Visitors*>(&before), &after}) {
      visitors->Add(ClientOf(i * 3), i % 7 == 0 ? kVisitsProtected : 0, at, at);
    }
  }
  EXPECT_EQ(Save(after), Save(before));
  EXPECT_EQ(after.New(Scope::kAny), before.New(Scope::kAny));
}

TEST(SavedVisitors, AreRefusedWhereAPartIsMissingOrCut) {
  const Visitors::Parts parts = Save(Filled{});
  EXPECT_GT(parts.size(), 30U);
  for (const auto& [name, bytes] : parts) {
    Visitors::Parts damaged = parts;
    damaged.erase(name);
    Visitors missing = Make();
    EXPECT_FALSE(missing.Load(damaged)) << name;
    damaged[name] = bytes.substr(0, bytes.size() - 1);
    Visitors cut = Make();
    EXPECT_FALSE(cut.Load(damaged)) << name;
  }
}

TEST(SavedVisitors, LearnAnewWithAnotherRule) {
  const Visitors::Parts parts = Save(Filled{});
  Visitors after = Make({}, "/login\n", "/admin\n/internal\n");
  ASSERT_TRUE(after.Load(parts));
  const Time now = kStart + days{20};
  after.Add(ClientOf(1), 0, now, now);
  EXPECT_FALSE(after.IsLearning(Scope::kAny, now));
  EXPECT_FALSE(after.IsLearning(Scope::kLogin, now));
  EXPECT_TRUE(after.IsLearning(Scope::kProtected, now + days{13}));
}

TEST(SavedVisitors, AreForgottenWhereKeysAreMadeOtherwise) {
  Filled before;
  ClientOptions masked;
  masked.privacy = Privacy::kMasked;
  Visitors after = Make(masked);
  ASSERT_TRUE(after.Load(Save(before)));
  EXPECT_EQ(after.Known(Scope::kAny), 0U);
  EXPECT_EQ(after.New(Scope::kAny), before.New(Scope::kAny));
  EXPECT_EQ(after.Distinct(kStart + hours{49})[2].clients, 0);
  EXPECT_TRUE(after.IsLearning(Scope::kAny, kStart + days{100}));
}

TEST(SavedVisitors, TakeLessThanTwoMebibytes) {
  Visitors visitors = Make();
  for (uint64_t i = 0; i < 1500000; ++i) {
    const Time at = kStart + std::chrono::milliseconds{60 * i};
    visitors.Add(ClientOf(i), kVisitsLogin | kVisitsProtected, at, at);
  }
  size_t bytes = 0;
  for (const auto& [name, part] : Save(visitors)) bytes += part.size();
  EXPECT_LT(bytes, 1300U << 10U);
  EXPECT_NEAR(visitors.Distinct(kStart + hours{25})[2].clients, 1500000, 1500000 * 0.07);
}

}  // namespace
}  // namespace accesslog
