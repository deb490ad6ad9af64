#include "daily/day_figures.h"

#include <algorithm>
#include <map>
#include <utility>

#include "clients/client_key.h"

namespace accesslog {
namespace {

void AddTo(CountByStatus& sum, const CountByStatus& counts) {
  for (const auto& [status, count] : counts) sum[status] += count;
}

bool IsAhead(const ClientFigures& a, const ClientFigures& b) {
  return a.requests != b.requests ? a.requests > b.requests : a.client < b.client;
}

}  // namespace

PeriodFigures FiguresOf(const LedgerCopy& ledger, int64_t first_day, int64_t last_day) {
  PeriodFigures figures;
  figures.first_day = first_day;
  figures.last_day = last_day;
  const ClientNamer namer(ledger.clients);
  std::map<std::string, CountByStatus> clients;
  for (auto day = ledger.days.lower_bound(first_day);
       day != ledger.days.end() && day->first <= last_day; ++day) {
    DayRecord record;
    ByteReader reader(day->second);
    if (!record.Load(reader)) continue;
    ++figures.days_known;
    AddTo(figures.requests, record.requests);
    figures.response_bytes += record.response_bytes;
    figures.client_days += record.rows.size() + record.dropped_rows;
    for (const auto& [key, row] : record.rows) {
      AddTo(clients[namer.Label(key, row.host_name)], row.counts);
    }
    if (record.logins != LoginDay{}) figures.logins[day->first] = std::move(record.logins);
  }
  for (auto& [label, counts] : clients) {
    figures.clients.push_back({label, SumOf(counts), ErrorsOf(counts), std::move(counts)});
  }
  std::sort(figures.clients.begin(), figures.clients.end(), IsAhead);
  return figures;
}

}  // namespace accesslog
