// A ledger with the client table and the totals that it asks, as SiteEngine has them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "base/time_zone.h"
#include "clients/client_table.h"
#include "daily/day_ledger.h"

namespace accesslog {

inline Time At(std::string_view day, int hour = 0, int minute = 0) {
  return Time(std::chrono::days(ParseDay(day).value())) + std::chrono::hours(hour) +
         std::chrono::minutes(minute);
}

inline Client ClientOf(uint32_t number) {
  return {{0, 0xFFFF00000000U | (0xC0000200U + number)}, "", false};
}
inline std::string LabelOf(uint32_t number) { return "192.0.2." + std::to_string(number); }

class LedgerSite {
 public:
  explicit LedgerSite(TimeZone zone = {}, ClientOptions options = {})
      : zone_(std::move(zone)), options_(std::move(options)) {
    Make();
    ledger_->Begin(totals_, *table_);
  }

  void Add(uint32_t client, uint16_t status, Time time) {
    if (!ledger_->IsOpen(time)) ledger_->Turn(time, totals_, *table_);
    ++totals_.requests[status];
    totals_.response_bytes += 10;
    table_->Add(ClientOf(client), status, 10, time);
  }

  // As a restart does.
  void Restart() {
    ByteWriter writer;
    table_->Save(writer);
    DayLedger::Parts parts;
    ledger_->Save(parts);
    Make();
    ByteReader reader(writer.bytes());
    const RestoreTimes times{.taken = {}, .now = {}, .grace = {}, .continued = true};
    ASSERT_TRUE(table_->Load(reader, times) && reader.IsDone());
    ASSERT_TRUE(ledger_->Load(parts, totals_));
    DayLedger::Parts again;
    ledger_->Save(again);
    ASSERT_EQ(again, parts);
  }

  PeriodFigures Figures(std::string_view first, std::string_view last) const {
    return FiguresOf(ledger_->Copy(totals_, *table_), *ParseDay(first), *ParseDay(last));
  }
  PeriodFigures Figures(std::string_view day) const { return Figures(day, day); }

  DayLedger& ledger() { return *ledger_; }
  ClientTable& table() { return *table_; }
  const DayLedger::Totals& totals() const { return totals_; }

 private:
  void Make() {
    table_ = std::make_unique<ClientTable>(options_, 42);
    ledger_ = std::make_unique<DayLedger>(zone_, options_);
    table_->SetListener([this](const ClientKey& key, std::string_view name,
                               std::span<const ClientTable::StatusCount> counts) {
      ledger_->AddClient(key, name, counts);
    });
  }

  TimeZone zone_;
  ClientOptions options_;
  DayLedger::Totals totals_;
  std::unique_ptr<ClientTable> table_;
  std::unique_ptr<DayLedger> ledger_;
};

}  // namespace accesslog
