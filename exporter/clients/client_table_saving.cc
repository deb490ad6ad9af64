// How a ClientTable becomes bytes and comes back.
#include <algorithm>
#include <bitset>
#include <limits>
#include <span>
#include <utility>

#include "clients/client_table.h"
#include "clients/saved.h"

namespace accesslog {
namespace {

// 1 did not tell who would have to go first, 2 not what the listener knows.
constexpr uint64_t kOldestVersion = 1;
constexpr uint64_t kVersion = 3;

// Behind the last item of a list of statuses, each written as one more than it is.
constexpr uint64_t kEnd = 0;

bool IsStatus(uint64_t status) {
  return status == kInvalidStatus || (status >= 100 && status <= 599);
}

// What version 1 does not tell: as much as can be configured.
constexpr uint32_t kMostSeries = 10000000;

// The options that stand in the bytes beside the rule of keys.
void LoadLimits(ByteReader& reader, uint64_t version, ClientOptions& options) {
  constexpr auto kMost = static_cast<uint64_t>(kFarthest.count());
  options.first_value_hold = Duration(reader.NumberUpTo(kMost));
  options.max_series = kMostSeries;
  if (version < 2) return;
  options.max_series = static_cast<uint32_t>(reader.NumberUpTo(kUnlimitedSeries));
  options.idle = Duration(reader.NumberUpTo(kMost));
}

// The next status of a list, or false at its end.
bool LoadStatus(ByteReader& reader, std::bitset<600>& seen, uint16_t& status) {
  const uint64_t code = reader.NumberUpTo(seen.size());
  if (code == kEnd) return false;
  status = static_cast<uint16_t>(code - 1);
  if (!IsStatus(status) || seen[status]) reader.Fail();
  seen.set(status);
  return reader.ok();
}

}  // namespace

// What is known while a table is loaded.
struct ClientTable::Restoration {
  ClientNamer namer;
  uint64_t version = kVersion;
  bool same_keys = false;
  // In steady time: when the bytes were saved, by when a scraper may have seen the old process,
  // now.
  Time saved{};
  Time last_shown{};
  Time now{};
  Duration hold_then{};  // the first_value_hold of the process that saved them
  Duration hold{};
  bool continued = false;
  bool clock_stepped_back = false;
  uint64_t requests = 0;     // the sum of all counts so far
  uint64_t series_left = 0;  // of those that the table had, not yet read
  std::vector<Standings::Place> places{};  // of the clients, as they were saved

  Time LoadPast(ByteReader& reader) const;
  Time BirthOf(Time born) const;
};

Time ClientTable::Restoration::LoadPast(ByteReader& reader) const {
  const Time time = LoadNear(reader, saved);
  if (time > saved) reader.Fail();
  return time;
}

// A series that may have been shown must not show 0 again: Prometheus would take that for a reset
// and count all of it twice.
Time ClientTable::Restoration::BirthOf(Time born) const {
  const Time shown_from = born + hold_then;
  if (shown_from > last_shown) return continued ? born : now;
  if (now < shown_from && !clock_stepped_back) return born;
  return std::min(born, now - hold);
}

struct ClientTable::SavedAccount {
  Account account;             // without its series
  std::vector<Series> series;  // the last used first
  std::vector<StatusCount> told;
};

void ClientTable::Save(ByteWriter& writer) const {
  writer.Number(kVersion);
  SaveKeyRule(writer, options_);
  writer.Number(static_cast<uint64_t>(options_.first_value_hold.count()));
  writer.Number(options_.max_series);
  writer.Number(static_cast<uint64_t>(std::min(options_.idle, kFarthest).count()));
  time_.Save(writer);
  churn_.Save(writer);
  writer.Number(admissions_);
  writer.Number(rejections_);
  SaveEvicted(writer);
  writer.Number(series_in_use_);
  SaveAccount(writer, other_, Accounts::kNone);
  writer.Number(accounts_.size());
  std::vector<Accounts::Slot> slots;
  slots.reserve(accounts_.size());
  for (Accounts::Slot slot = accounts_.Oldest(); slot != Accounts::kNone;
       slot = accounts_.NextNewer(slot)) {
    const ClientKey& key = accounts_.KeyOf(slot);
    SaveClient(writer, key, key.named ? std::string_view(host_names_.at(slot)) : "");
    SaveAccount(writer, accounts_[slot], slot);
    slots.push_back(slot);
  }
  standings_.Save(writer, slots);
  writer.Moment(sketches_aged_);
  for (const FrequencySketch& sketch : sketches_) sketch.Save(writer);
}

void ClientTable::SaveEvicted(ByteWriter& writer) const {
  for (size_t status = 0; status < evicted_.size(); ++status) {
    if (evicted_[status] == 0) continue;
    writer.Number(status + 1);
    writer.Number(evicted_[status]);
  }
  writer.Number(kEnd);
}

void ClientTable::SaveAccount(ByteWriter& writer, const Account& account,
                              Accounts::Slot slot) const {
  writer.Number(account.response_bytes);
  SaveNear(writer, account.last_seen, time_.steady());
  for (const Series* series = &account.top; series->status != kNoStatus;
       series = &pool_[series->next]) {
    writer.Number(uint64_t{series->status} + 1);
    writer.Number(series->count);
    SaveNear(writer, series->born, time_.steady());
    writer.Number(ToldOf(slot, series->status));
    if (series->next == kNone) break;
  }
  writer.Number(kEnd);
}

bool ClientTable::Load(ByteReader& reader, const RestoreTimes& times) {
  const uint64_t version = reader.Number();
  if (version < kOldestVersion || version > kVersion) return false;
  if (!IsInRange(times.taken) || !IsInRange(times.now)) return false;
  Restoration restoration{.namer = ClientNamer(options_), .version = version};
  restoration.same_keys = LoadKeyRule(reader, options_);
  restoration.hold = options_.first_value_hold;
  ClientOptions then;
  LoadLimits(reader, version, then);
  restoration.hold_then = then.first_value_hold;
  LoadTimes(reader, times, restoration);
  churn_.Load(reader, restoration.saved);
  admissions_ = reader.NumberUpTo(kMostCounted);
  rejections_ = reader.NumberUpTo(kMostCounted);
  LoadEvicted(reader, restoration);
  LoadAccounts(reader, restoration);
  if (reader.ok()) LoadStandings(reader, restoration);
  return reader.ok();
}

// Who would have to go first, and what those did who have no place.
void ClientTable::LoadStandings(ByteReader& reader, const Restoration& restoration) {
  if (restoration.version >= 2) {
    standings_.Load(reader, restoration.places, restoration.saved);
    sketches_aged_ = LoadTime(reader);
    for (FrequencySketch& sketch : sketches_) sketch.Load(reader);
    // A table without limits had no standings.
    if (standings_.is_used()) return;
  }
  for (const Standings::Place& place : restoration.places) {
    if (place.slot == Accounts::kNone || !is_limited()) continue;
    standings_.Open(place.slot, {static_cast<double>(CountOf(place.slot)), 0}, restoration.saved);
    for (uint32_t i = 0; i < place.series; ++i) standings_.AddSeries(place.slot);
  }
}

uint64_t ClientTable::CountOf(Accounts::Slot slot) const {
  const Account& account = accounts_[slot];
  uint64_t count = account.top.count;
  for (uint32_t i = account.top.next; i != kNone; i = pool_[i].next) count += pool_[i].count;
  return count;
}

ClientOptions ClientTable::OptionsOfSaved(ByteReader& reader) {
  const uint64_t version = reader.Number();
  if (version < kOldestVersion || version > kVersion) reader.Fail();
  ClientOptions options = LoadOptionsOfRule(reader);
  LoadLimits(reader, version, options);
  return options;
}

void ClientTable::LoadTimes(ByteReader& reader, const RestoreTimes& times,
                            Restoration& restoration) {
  time_.Load(reader);
  restoration.saved = time_.steady();
  restoration.last_shown = time_.At(times.taken) + (times.continued ? Duration{0} : times.grace);
  restoration.now = times.continued ? time_.At(times.now) : time_.Advance(times.now);
  restoration.continued = times.continued;
  restoration.clock_stepped_back = times.now < times.taken;
}

void ClientTable::LoadEvicted(ByteReader& reader, Restoration& restoration) {
  std::bitset<kStatusLimit> seen;
  for (uint16_t status = 0; LoadStatus(reader, seen, status);) {
    evicted_[status] = reader.NumberUpTo(kMostCounted);
    AddChecked(reader, evicted_[status], restoration.requests);
  }
}

ClientTable::SavedAccount ClientTable::LoadAccount(ByteReader& reader, Restoration& restoration) {
  SavedAccount saved;
  saved.account.response_bytes = reader.Number();
  saved.account.last_seen = restoration.LoadPast(reader);
  std::bitset<kStatusLimit> seen;
  for (uint16_t status = 0; LoadStatus(reader, seen, status);) {
    Series& series = saved.series.emplace_back();
    series.status = status;
    series.count = reader.NumberUpTo(kMostCounted);
    series.born = restoration.BirthOf(restoration.LoadPast(reader));
    AddChecked(reader, series.count, restoration.requests);
    const uint64_t told = restoration.version >= 3 ? reader.NumberUpTo(series.count) : 0;
    if (told > 0) saved.told.push_back({status, told});
  }
  if (saved.series.size() > restoration.series_left) reader.Fail();
  restoration.series_left -= std::min<uint64_t>(saved.series.size(), restoration.series_left);
  return saved;
}

// In the order of use, so that those are evicted who would have been evicted first.
void ClientTable::LoadAccounts(ByteReader& reader, Restoration& restoration) {
  restoration.series_left = reader.NumberUpTo(std::numeric_limits<uint32_t>::max());
  const SavedAccount other = LoadAccount(reader, restoration);
  Time last_seen = Time::min();
  for (uint64_t left = reader.Count(); left > 0 && reader.ok(); --left) {
    const Client client = LoadClient(reader);
    const bool fits = restoration.series_left + other.series.size() <= options_.max_series;
    const SavedAccount saved = LoadAccount(reader, restoration);
    const bool in_order =
        saved.account.last_seen >= std::exchange(last_seen, saved.account.last_seen);
    if (saved.series.empty() || !in_order) reader.Fail();
    if (!reader.ok()) return;
    Standings::Place& place = restoration.places.emplace_back();
    if (!fits || !restoration.same_keys) {
      Evict(saved.series);
    } else if (restoration.namer.Makes(client.key) &&
               accounts_.Find(client.key) == Accounts::kNone) {
      place = {Adopt(client, saved), static_cast<uint32_t>(saved.series.size())};
    } else {
      reader.Fail();
    }
  }
  if (restoration.series_left > 0) reader.Fail();
  if (reader.ok()) AdoptOther(other);
}

ClientTable::Accounts::Slot ClientTable::Adopt(const Client& client, const SavedAccount& saved) {
  const Accounts::Slot slot = accounts_.Insert(client.key);
  if (client.key.named) host_names_.insert_or_assign(slot, std::string(client.host_name));
  accounts_[slot] = saved.account;
  AdoptSeries(accounts_[slot], saved.series);
  SetTold(slot, saved.told);
  return slot;
}

// There is no other account left if not all of its series fit.
void ClientTable::AdoptOther(const SavedAccount& saved) {
  other_ = saved.account;
  const size_t room = options_.max_series - series_in_use_;
  const size_t kept = std::min(saved.series.size(), room);
  AdoptSeries(other_, std::span(saved.series).first(kept));
  Evict(std::span(saved.series).subspan(kept));
}

void ClientTable::AdoptSeries(Account& account, std::span<const Series> series) {
  if (series.empty()) return;
  account.top = series.front();
  // From the last to the one behind the top, each in front of those before.
  for (size_t i = series.size() - 1; i > 0; --i) {
    const uint32_t at = NewInPool();
    pool_[at] = series[i];
    pool_[at].next = std::exchange(account.top.next, at);
  }
  series_in_use_ += static_cast<uint32_t>(series.size());
}

void ClientTable::Evict(std::span<const Series> series) {
  for (const Series& one : series) evicted_[one.status] += one.count;
}

}  // namespace accesslog
