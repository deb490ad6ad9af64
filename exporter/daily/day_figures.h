// The ledger of a site as it stood at one moment, small enough to be copied under the mutex, and
// what reports read from it outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "clients/options.h"
#include "daily/day_record.h"

namespace accesslog {

// Clients of a day that is over: so many by requests, and so many by errors.
inline constexpr size_t kClientsOfDay = 100;

struct LedgerCopy {
  TimeZone zone;
  ClientOptions clients;                // the rule of the labels
  std::map<int64_t, std::string> days;  // saved DayRecords
};

struct ClientFigures {
  std::string client;  // label
  uint64_t requests = 0;
  uint64_t errors = 0;
  CountByStatus by_status;
};

// A period of whole days.
struct PeriodFigures {
  int64_t first_day = 0;
  int64_t last_day = 0;
  uint64_t days_known = 0;  // of which anything is known
  CountByStatus requests;
  uint64_t response_bytes = 0;
  // Each client with the days on which it was one of the kClientsOfDay. Exact for one day; over
  // more it lacks the days on which it was none of them. By requests, then by label.
  std::vector<ClientFigures> clients;
  uint64_t client_days = 0;            // clients, each once a day
  std::map<int64_t, LoginDay> logins;  // of the days with any
};

PeriodFigures FiguresOf(const LedgerCopy& ledger, int64_t first_day, int64_t last_day);

}  // namespace accesslog
