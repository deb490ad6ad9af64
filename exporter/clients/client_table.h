// Requests by client and status, in memory fixed by the options, however many clients come. One table a
// site. Single-threaded. O(1) for each request: no scan, no allocation once the table has been full.
//
// Every series (client, status) comes from one pool of `max_series`. While there is room a client is
// exact from its first request; clients idle for `idle` give their series back. When the pool is full, a
// newcomer is charged to the client `other` until a FrequencySketch says that it came more often than
// the coldest holder (TinyLFU admission; frequency_sketch.h), whose series it then gets (Standings).
// There are two budgets, traffic and suspicion, each with its share of the pool, and a holder keeps its
// place as long as it belongs to one of them. So these hold whatever the others send:
//   - Nobody is displaced in a budget but by a client that did more of the same within the last
//     half-lives (`idle`): at least one request more than the coldest, or than one that has less than
//     twice what the coldest has; as a sketch tells it, with the errors that its header names.
//   - So n addresses with one harmless request each displace no client with suspicion, and none with
//     more than a few requests; n addresses with one 404 each displace nobody who failed to log in twice
//     within a half-life (one weighs 64), and none of the busiest clients, which hold half the pool.
//   - New series an hour: who comes with weight e may use 1 - 1/sqrt(e+3) of the allowance. To use it up
//     before a client of weight e, an attacker sends some new_series_per_hour * sqrt(e) requests.
//
// At every moment, for each status:
//   requests = Σ shown + pending + evicted
// where a series shows 0 for `first_value_hold` after its birth and its count is pending meanwhile,
// so that every scraper sees the 0 before the value and increase() misses nothing.
//
// Save writes all of it as bytes, and Load goes on from them, exactly, under these options or
// others.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/churn_limit.h"
#include "clients/client_copy.h"
#include "clients/client_key.h"
#include "clients/frequency_sketch.h"
#include "clients/lru_table.h"
#include "clients/options.h"
#include "clients/restore_times.h"
#include "clients/standings.h"
#include "clients/steady_time.h"
#include "clients/suspicion.h"

namespace accesslog {

class ClientTable {
 public:
  // `secret` seeds the hash; random in production, fixed in tests.
  ClientTable(const ClientOptions& options, uint64_t secret);

  // Charges one request. `status` is 100…599 or kInvalidStatus; `wall_now` is the clock's, not the
  // log's. A clock that steps back takes nothing back that was shown.
  void Add(const Client& client, uint16_t status, uint64_t response_bytes, Time wall_now,
           Suspicion suspicion = Suspicion::kNone);

  // As LruTable's, for an Add to come.
  void FetchPlace(const ClientKey& key) const { accounts_.FetchPlace(key); }
  void FetchAccount(const ClientKey& key) const { accounts_.FetchSlot(key); }
  void FetchSeries(const ClientKey& key, uint16_t status) const;

  // The series born since `began` have been shown to nobody yet: they are born `wall_now`.
  void HoldAnew(Time began, Time wall_now);

  // Gives up the clients that were idle too long.
  void Expire(Time wall_now);
  // Gives up one client, or all; false if there is no such.
  bool Forget(const ClientKey& key);
  void ForgetAll();

  struct ClientView {
    ClientKey key;
    std::string_view host_name;
    bool other = false;
    uint64_t response_bytes = 0;  // 0 while its first value is held back
  };
  struct SeriesView {
    uint16_t status = 0;
    uint64_t shown = 0;
    uint64_t pending = 0;
  };
  // Calls `client` once for each client that has series, `other` included, each followed by
  // `series` for each of its statuses. For exposition at `wall_now`.
  void Visit(Time wall_now, const std::function<void(const ClientView&)>& client,
             const std::function<void(const SeriesView&)>& series) const;
  // The same for scrapes, which may not take long: adds all of it to `copy`, which is empty but for
  // what it asks for.
  void CopyTo(Time wall_now, ClientCopy& copy) const;

  // What a client did that its listener was not told of.
  struct StatusCount {
    uint16_t status = 0;
    uint64_t count = 0;
    auto operator<=>(const StatusCount&) const = default;
  };
  using Listener = std::function<void(const ClientKey&, std::string_view host_name,
                                      std::span<const StatusCount>)>;
  // Told of each client that is given up, however that comes; null for nobody. What is charged to
  // `other` is told to nobody.
  void SetListener(Listener listener) { listener_ = std::move(listener); }
  // Tells of all clients that did something since it was called last.
  void TellAll(const Listener& listener);
  // What TellAll would tell.
  void VisitUntold(const Listener& listener) const;

  // By status; only those that ever had a request are not 0.
  uint64_t Evicted(uint16_t status) const { return evicted_[status]; }

  uint32_t series() const { return series_in_use_; }
  uint32_t max_series() const { return options_.max_series; }
  uint64_t clients() const { return accounts_.size(); }
  uint64_t admissions() const { return admissions_; }
  // Requests charged to `other` because their client found no place.
  uint64_t rejections() const { return rejections_; }

  void Save(ByteWriter& writer) const;
  // For a table that was just made; false, and the table is to be thrown away, where the bytes are
  // damaged. Clients for whom there is no place any more, or whose key is made otherwise now, are
  // evicted, so the sums stay exact. What was shown is shown again. A series that nobody can have
  // seen but at 0 begins its hold anew after a restart, since it was not there to be seen
  // meanwhile. The time away counts for `idle`: call Expire only once the lines written meanwhile
  // were read.
  bool Load(ByteReader& reader, const RestoreTimes& times);
  // Options with which what was saved is loaded and saved again alike, every client of it.
  static ClientOptions OptionsOfSaved(ByteReader& reader);

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFFU;
  static constexpr uint16_t kNoStatus = 0xFFFF;
  static constexpr size_t kStatusLimit = 600;

  struct Series {
    uint64_t count = 0;
    Time born{};
    uint32_t next = kNone;  // of the same client, or the next free one
    uint16_t status = kNoStatus;
  };
  // With its key one cache line, which is all that most requests need.
  struct Account {
    Series top;  // the last used; the others are in pool_, in the order of use
    uint64_t response_bytes = 0;
    Time last_seen{};
  };
  static_assert(sizeof(ClientKey) + sizeof(Account) == 64);
  using Accounts = LruTable<Account>;
  struct Restoration;
  struct SavedAccount;

  bool is_limited() const { return options_.max_series < kUnlimitedSeries; }
  Accounts::Slot FindOrAdmit(const Client& client, Suspicion suspicion, Time now);
  std::optional<Worth> Apply(const ClientKey& key, Suspicion suspicion, Time now);
  void AgeSketches(Time now);
  bool MakeRoom(const Worth& worth, Accounts::Slot claimant, Time now);
  bool Claim(Budget budget, double value, Accounts::Slot claimant, Time now);
  bool IsOverShare(Budget budget) const;
  void Dismiss(Accounts::Slot slot, Budget budget, Time now);
  void GiveUpTheColdest(Time now);
  bool MayAddSeries(Accounts::Slot slot, Time now);
  Series* FindSeries(Account& account, uint16_t status);
  Series& AddSeries(Account& account, uint16_t status, Time now);
  Series* FindOrAddSeries(Accounts::Slot slot, uint16_t status, Time now);
  void ChargeOther(uint16_t status, uint64_t response_bytes, Time now);
  bool HasRoom() const { return series_in_use_ < options_.max_series; }
  uint32_t NewInPool();
  void Evict(Accounts::Slot slot);
  void Open(Accounts::Slot slot, const Worth& worth, Time then);
  bool Held(Time born, Time now) const { return now < born + options_.first_value_hold; }
  // When the client got its first series.
  Time BirthOf(const Account& account) const;
  void VisitAccount(const Account& account, ClientView view, Time now,
                    const std::function<void(const ClientView&)>& client,
                    const std::function<void(const SeriesView&)>& series) const;

  void CopyAccount(const Account& account, ClientCopy::Client client, Time now, Duration ahead,
                   ClientCopy& copy) const;

  uint64_t ToldOf(Accounts::Slot slot, uint16_t status) const;
  void SetTold(Accounts::Slot slot, std::span<const StatusCount> told);
  void ForgetTold(Accounts::Slot slot) {
    if (slot < told_first_.size()) told_first_[slot] = kNone;
  }
  void Tell(Accounts::Slot slot, const Listener& listener) const;

  void SaveEvicted(ByteWriter& writer) const;
  void SaveAccount(ByteWriter& writer, const Account& account, Accounts::Slot slot) const;
  void LoadTimes(ByteReader& reader, const RestoreTimes& times, Restoration& restoration);
  void LoadEvicted(ByteReader& reader, Restoration& restoration);
  static SavedAccount LoadAccount(ByteReader& reader, Restoration& restoration);
  void LoadAccounts(ByteReader& reader, Restoration& restoration);
  void LoadStandings(ByteReader& reader, const Restoration& restoration);
  uint64_t CountOf(Accounts::Slot slot) const;
  Accounts::Slot Adopt(const Client& client, const SavedAccount& saved);
  void AdoptOther(const SavedAccount& saved);
  void AdoptSeries(Account& account, std::span<const Series> series);
  void Evict(std::span<const Series> series);

  ClientOptions options_;
  Accounts accounts_;
  std::unordered_map<Accounts::Slot, std::string> host_names_;  // only of clients that have one
  std::vector<Series> pool_;                                    // all series but the top ones
  uint32_t free_series_ = kNone;
  uint32_t series_in_use_ = 0;
  Account other_;
  ChurnLimit churn_;
  SteadyTime time_;
  // Who goes first when the pool is full, and what newcomers did so far: by budget.
  Duration half_life_;
  Standings standings_;
  std::array<FrequencySketch, kBudgets.size()> sketches_;
  Time sketches_aged_{};
  std::vector<uint64_t> evicted_;  // by status
  // Up to where the listener knows: for each slot where its counts begin in `told_`, of which the
  // last is one of kNoStatus. Beside the accounts, for it is used once a day, not once a line.
  Listener listener_;
  std::vector<uint32_t> told_first_;
  std::vector<StatusCount> told_;
  uint64_t admissions_ = 0;
  uint64_t rejections_ = 0;
};

}  // namespace accesslog
