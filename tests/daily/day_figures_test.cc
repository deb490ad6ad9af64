#include "daily/day_figures.h"

#include <gtest/gtest.h>

#include "daily/ledger_site.h"

namespace accesslog {
namespace {

TEST(DayFigures, OrderClientsByRequestsThenByName) {
  LedgerSite site;
  for (const uint32_t client : {5U, 3U, 4U, 4U}) site.Add(client, 200, At("2026-11-19"));
  const PeriodFigures figures = site.Figures("2026-11-19");
  ASSERT_EQ(figures.clients.size(), 3u);
  EXPECT_EQ(figures.clients[0].client, LabelOf(4));
  EXPECT_EQ(figures.clients[1].client, LabelOf(3));
  EXPECT_EQ(figures.clients[2].client, LabelOf(5));
}

TEST(DayFigures, PassOverADayThatCannotBeRead) {
  LedgerCopy copy;
  copy.days[1] = "nonsense";
  const PeriodFigures figures = FiguresOf(copy, 0, 2);
  EXPECT_EQ(figures.days_known, 0u);
  EXPECT_TRUE(figures.requests.empty());
}

TEST(DayFigures, OfAnEmptyLedgerAreEmpty) {
  EXPECT_TRUE(FiguresOf({}, INT64_MIN, INT64_MAX).clients.empty());
}

}  // namespace
}  // namespace accesslog
