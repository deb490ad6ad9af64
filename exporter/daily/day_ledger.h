// What happened on each local day of a site, for reports: exact requests by status, the clients
// that sent most, logins. Single-threaded; owned by SiteEngine.
//
// Nothing is counted here: traffic and the client table count already. When a line is of another
// day than the one before, the ledger takes what they counted since (ClientTable::TellAll, and the
// difference of the totals) and charges the day that was open. A client that is given up in between
// is told of at once. So a line costs two comparisons, and a day one pass through the table.
//
// Bounds, and the errors they make:
//   - Of a day that is open up to 4,000 clients are kept, at least the 1,000 with the most requests
//   and
//     the 1,000 with the most errors; of one that is over the kClientsOfDay of each. What the
//     others did is in the day's requests and in no client's. A client that was given up, dropped
//     here as too small, and came back, lacks what it did before.
//   - kMostDays are kept, the newest.
//   - A line is charged to the open day if it is up to an hour older than that: requests that
//   lasted over
//     midnight. Further back the day is opened again, as when the logs of two servers are caught up
//     one after the other; but only once the lines since then are worth a pass through the table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "base/sip_hash.h"
#include "base/time_zone.h"
#include "clients/client_table.h"
#include "clients/options.h"
#include "daily/day_figures.h"
#include "daily/day_record.h"

namespace accesslog {

class DayLedger {
 public:
  // A month, the one before, and the one that is not over.
  static constexpr size_t kMostDays = 93;

  using Parts = std::map<std::string, std::string>;
  // What a site counted since it began.
  struct Totals {
    CountByStatus requests;
    uint64_t response_bytes = 0;
  };
  enum class Login : uint8_t { kSuccess, kFailure, kUnknown };

  DayLedger(TimeZone zone, const ClientOptions& clients);

  // Instead of Load: what was counted so far is of no day.
  void Begin(const Totals& totals, ClientTable& table);

  // Whether a line of this time belongs to the open day; if not, Turn is to be called before
  // anybody counts it.
  bool IsOpen(Time line) const { return line >= begins_ && line < ends_; }
  void Turn(Time line, const Totals& totals, ClientTable& table);

  // The table's listener.
  void AddClient(const ClientKey& key, std::string_view host_name,
                 std::span<const ClientTable::StatusCount> counts);
  // A login, in the open day, by a member: a user's name or a client's label, of which only a hash
  // is kept, and for successes only.
  void AddLogin(Login result, std::string_view member);
  // A client, by its label, that was never seen before at a login path.
  void AddNewLoginClient(std::string_view label);

  // Keeps the figures and no name.
  void ForgetAll();
  // Leaves no trace of the client; false if there was none.
  bool Erase(const ClientKey& key, std::string_view label);

  // With what was not yet told.
  LedgerCopy Copy(const Totals& totals, const ClientTable& table) const;

  const TimeZone& zone() const { return zone_.zone(); }

  // Adds the parts "daily" and "day/…".
  void Save(Parts& parts) const;
  // For an object that was just made; false, and it is to be thrown away, where a part is damaged.
  // `totals` are those of the same snapshot. Clients whose keys are made otherwise now are
  // forgotten.
  bool Load(const Parts& parts, const Totals& totals);
  // The name of the zone that was saved; "" if it is damaged or missing.
  static std::string ZoneOfSaved(const Parts& parts);

 private:
  void Open(int64_t day);
  void Close(const Totals& totals, ClientTable& table);
  void Charge(DayRecord& record, const Totals& totals) const;
  void Keep(int64_t day, const DayRecord& record);
  uint64_t HashOf(std::string_view member) const { return SipHash(member_key_, member); }
  bool LoadHead(ByteReader& reader, const Totals& totals, bool& same_keys);
  bool LoadDay(const std::string& kind, const std::string& bytes, bool same_keys);

  ZoneCursor zone_;
  ClientOptions clients_;
  SipKey member_key_{};  // drawn with the first member
  std::map<int64_t, std::string> days_;  // that are over, saved
  std::optional<int64_t> day_;           // that is open
  DayRecord open_;
  Totals told_;
  // Of the open day; nothing belongs to it at first. It begins an hour earlier than by the
  // calendar.
  Time begins_ = Time::max();
  Time ends_ = Time::min();
  uint64_t late_ = 0;  // lines of days before
};

}  // namespace accesslog
