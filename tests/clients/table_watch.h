// A ClientTable beside an exact account of what it was given, for the tests of the laws in DESIGN
// sections 5 and 6. Every step is followed by a look at the whole table, so the account knows when
// each series was born.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "clients/client_table.h"
#include "support/manual_clock.h"

namespace accesslog {

inline constexpr uint64_t kTableSecret = 42;

// Client number `number`, as an IPv4 address would be.
Client ClientNumber(uint64_t number);

// One series as a scrape would show it. `client` is the number, or kOtherNumber.
inline constexpr uint64_t kOtherNumber = ~uint64_t{0};
struct ShownSeries {
  uint64_t client = 0;
  uint16_t status = 0;
  uint64_t shown = 0;
  uint64_t pending = 0;

  bool operator==(const ShownSeries&) const = default;
};
std::ostream& operator<<(std::ostream& out, const ShownSeries& series);

// All series at `now`, sorted by client and status.
std::vector<ShownSeries> SeriesAt(const ClientTable& table, Time now);

// Requests by status.
using StatusCounts = std::array<uint64_t, 600>;

// Law 2: for each status, requests = shown + pending + evicted; and law 3: no more series than
// allowed, none twice. `requests` is what the table was given. "" or the first thing that is wrong.
std::string BrokenLaw(const ClientTable& table, Time now, const StatusCounts& requests);

class TableWatch {
 public:
  explicit TableWatch(const ClientOptions& options)
      : options_(options), table_(options, kTableSecret) {}

  // Each returns "" or what is wrong after it.
  std::string Add(uint64_t client, uint16_t status);
  std::string AddWithoutClient(uint16_t status);  // privacy left nothing of it
  std::string Expire();
  // Turns the clock, also back.
  std::string Advance(Duration by);

  const ClientTable& table() const { return table_; }
  // When series were born, oldest first, by a clock that stands still while the real one is behind.
  const std::vector<Time>& births() const { return births_; }
  // The series that are there now.
  size_t living() const { return living_.size(); }

 private:
  using Key = std::pair<uint64_t, uint16_t>;
  struct Life {
    Time born;
    uint64_t shown = 0;
  };

  std::string Charge(const Client& client, uint64_t number, uint16_t status);
  std::string Look();
  std::string LookAt(const ShownSeries& series, const Life& life) const;

  ClientOptions options_;
  ManualClock clock_;
  Time steady_ = ManualClock::kStart;
  ClientTable table_;
  StatusCounts requests_{};
  std::map<Key, uint64_t> exact_;
  std::map<Key, Life> living_;
  std::vector<Time> births_;
};

}  // namespace accesslog
