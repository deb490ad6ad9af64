// Damaged bytes never give a ledger; other rules of keys leave no labels.
#include <gtest/gtest.h>

#include "daily/ledger_site.h"

namespace accesslog {
namespace {

class SavedLedger : public testing::Test {
 protected:
  SavedLedger() {
    site_.Add(1, 200, At("2026-11-18"));
    site_.Add(2, 404, At("2026-11-18"));
    site_.Add(1, 200, At("2026-11-19"));
    site_.ledger().AddLogin(DayLedger::Login::kSuccess, "ayse");
    site_.ledger().AddNewLoginClient("192.0.2.1");
    site_.ledger().Save(parts_);
  }

  bool Loads(const DayLedger::Parts& parts, const ClientOptions& options = {}) {
    DayLedger ledger(TimeZone{}, options);
    return ledger.Load(parts, site_.totals());
  }

  LedgerSite site_;
  DayLedger::Parts parts_;
};

TEST_F(SavedLedger, IsAPartForEachDay) {
  ASSERT_EQ(parts_.size(), 3u);
  EXPECT_TRUE(parts_.contains("daily"));
  EXPECT_TRUE(parts_.contains("day/20775"));
  EXPECT_TRUE(parts_.contains("day/20776"));
  EXPECT_TRUE(Loads(parts_));
  EXPECT_EQ(DayLedger::ZoneOfSaved(parts_), "UTC");
}

TEST_F(SavedLedger, LeavesADayThatIsOverAsItIs) {
  site_.Add(3, 200, At("2026-11-19", 1));
  DayLedger::Parts later;
  site_.ledger().Save(later);
  EXPECT_EQ(later.at("day/20775"), parts_.at("day/20775"));
}

TEST_F(SavedLedger, IsRefusedWhenCut) {
  for (const auto& [kind, bytes] : parts_) {
    for (size_t length = 0; length < bytes.size(); ++length) {
      DayLedger::Parts cut = parts_;
      cut[kind].resize(length);
      ASSERT_FALSE(Loads(cut)) << kind << ' ' << length;
    }
    DayLedger::Parts longer = parts_;
    longer[kind] += '\0';
    EXPECT_FALSE(Loads(longer)) << kind;
  }
}

TEST_F(SavedLedger, IsRefusedWithoutItsHead) {
  parts_.erase("daily");
  EXPECT_FALSE(Loads(parts_));
  EXPECT_EQ(DayLedger::ZoneOfSaved(parts_), "");
}

TEST_F(SavedLedger, IsRefusedWithAPartThatNamesNoDay) {
  for (const char* kind : {"day/", "day/x", "day/007", "day/99999999", "day/-0"}) {
    DayLedger::Parts parts = parts_;
    parts[kind] = parts_.at("day/20775");
    EXPECT_FALSE(Loads(parts)) << kind;
  }
}

TEST_F(SavedLedger, IsRefusedWhereMoreWasToldThanCounted) {
  DayLedger ledger(TimeZone{}, {});
  DayLedger::Totals fewer = site_.totals();
  fewer.requests[200] = 0;
  EXPECT_FALSE(ledger.Load(parts_, fewer));
}

TEST_F(SavedLedger, SurvivesDamage) {
  for (const auto& [kind, bytes] : parts_) {
    for (size_t at = 0; at < bytes.size(); ++at) {
      for (const int bit : {1, 0x40, 0x80}) {
        DayLedger::Parts damaged = parts_;
        damaged[kind][at] = static_cast<char>(damaged[kind][at] ^ bit);
        DayLedger ledger(TimeZone{}, {});
        if (!ledger.Load(damaged, site_.totals())) continue;
        DayLedger::Parts saved;
        ledger.Save(saved);
        DayLedger again(TimeZone{}, {});
        ASSERT_TRUE(again.Load(saved, site_.totals())) << kind << ' ' << at;
      }
    }
  }
}

TEST_F(SavedLedger, ForgetsNamesUnderAnotherRule) {
  ClientOptions masked;
  masked.privacy = Privacy::kMasked;
  DayLedger ledger(TimeZone{}, masked);
  ASSERT_TRUE(ledger.Load(parts_, site_.totals()));
  const ClientTable table(masked, 42);
  const PeriodFigures figures = FiguresOf(ledger.Copy(site_.totals(), table),
                                          *ParseDay("2026-11-01"), *ParseDay("2026-11-30"));
  EXPECT_EQ(figures.requests, (CountByStatus{{200, 2}, {404, 1}}));
  EXPECT_TRUE(figures.clients.empty());
  EXPECT_EQ(figures.logins.begin()->second.newcomers, std::vector<std::string>{});
}

}  // namespace
}  // namespace accesslog
