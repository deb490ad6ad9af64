#include "clients/client_table.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace accesslog {
namespace {

// Tables up to this size are allocated at once, so that no line ever pays for it.
constexpr uint32_t kPreallocatedSeries = 200000;
constexpr uint32_t kMostSketched = 1000000;
constexpr Duration kShortestHalfLife = std::chrono::minutes{1};
constexpr Duration kLongestHalfLife = std::chrono::hours{24};
constexpr double kMostRemembered = 1e6;
// Looks at holders for one newcomer.
constexpr int kTries = 8;
constexpr uint64_t kTrafficSalt = 0x9E3779B97F4A7C15U;
constexpr uint64_t kSuspicionSalt = 0xC2B2AE3D27D4EB4FU;

// What somebody did loses half its weight in the time after which an idle client is given up, so that
// who would stay by one is not pushed out for long by the other.
Duration HalfLife(const ClientOptions& options) {
  return std::clamp<Duration>(options.idle, kShortestHalfLife, kLongestHalfLife);
}

// Wide enough for the part of the newcomers' requests that a client needs to get in to be small:
// about three times the requests of the coldest holder, by the width.
uint32_t SketchWidth(const ClientOptions& options, Budget budget) {
  if (options.max_series >= kUnlimitedSeries) return 0;
  return std::min(options.max_series, kMostSketched) * (budget == Budget::kTraffic ? 4 : 2);
}

// The part of the hour's new series that is open to a client of this worth: half to those of whom
// nothing is known, nearly all to who came often.
double ShareOfChurn(const Worth& worth) {
  const double most = *std::max_element(worth.begin(), worth.end());
  return 1 - 1 / std::sqrt(most + 3);
}

Budget TheOther(Budget budget) {
  return budget == Budget::kTraffic ? Budget::kSuspicion : Budget::kTraffic;
}

size_t Index(Budget budget) { return static_cast<size_t>(budget); }

}  // namespace

ClientTable::ClientTable(const ClientOptions& options, uint64_t secret)
    : options_(options),
      accounts_(secret),
      churn_(options.new_series_per_hour),
      half_life_(HalfLife(options)),
      standings_(half_life_),
      // Other hashes than that of the accounts, and than each other's.
      sketches_{FrequencySketch(SketchWidth(options, Budget::kTraffic), MixWords(secret, kTrafficSalt)),
                FrequencySketch(SketchWidth(options, Budget::kSuspicion),
                                MixWords(secret, kSuspicionSalt))},
      evicted_(kStatusLimit) {
  if (options.max_series <= kPreallocatedSeries) {
    accounts_.Reserve(options.max_series);
    standings_.Reserve(options.max_series);
    pool_.reserve(options.max_series);
  }
}

void ClientTable::Add(const Client& client, uint16_t status, uint64_t response_bytes,
                      Time wall_now, Suspicion suspicion) {
  const Time now = time_.Advance(wall_now);
  const Accounts::Slot slot =
      client.other ? Accounts::kNone : FindOrAdmit(client, suspicion, now);
  Series* series = slot != Accounts::kNone ? FindOrAddSeries(slot, status, now) : nullptr;
  if (series == nullptr) {
    if (!client.other) ++rejections_;
    ChargeOther(status, response_bytes, now);
    return;
  }
  ++series->count;
  accounts_[slot].response_bytes += response_bytes;
}

void ClientTable::FetchSeries(const ClientKey& key, uint16_t status) const {
  const Accounts::Slot slot = accounts_.Find(key);
  if (slot == Accounts::kNone) return;
  const Series& top = accounts_[slot].top;
  if (top.status != status && top.next != kNone) Prefetch(&pool_[top.next]);
}

// kNone if there is no room. A new account is only made together with its first series.
ClientTable::Accounts::Slot ClientTable::FindOrAdmit(const Client& client, Suspicion suspicion,
                                                     Time now) {
  Accounts::Slot slot = accounts_.Find(client.key);
  if (slot == Accounts::kNone) {
    const auto worth = Apply(client.key, suspicion, now);
    if (!worth) return slot;
    slot = accounts_.Insert(client.key);
    accounts_[slot] = Account{};
    if (client.key.named) host_names_.insert_or_assign(slot, std::string(client.host_name));
    Open(slot, *worth, now);
    ++admissions_;
  }
  accounts_.Touch(slot);
  accounts_[slot].last_seen = now;
  if (is_limited()) {
    standings_.Add(slot, Budget::kTraffic, 1, now);
    if (suspicion != Suspicion::kNone) {
      standings_.Add(slot, Budget::kSuspicion, WeightOf(suspicion), now);
    }
  }
  return slot;
}

void ClientTable::Open(Accounts::Slot slot, const Worth& worth, Time then) {
  if (is_limited()) standings_.Open(slot, worth, then);
}

// A client without a place asks for one. What it did before this request, if it gets one: there is room
// for a series then, and the hour's allowance has been charged for it.
std::optional<Worth> ClientTable::Apply(const ClientKey& key, Suspicion suspicion, Time now) {
  const uint32_t weight = WeightOf(suspicion);
  const Worth first = {1, static_cast<double>(weight)};
  if (HasRoom() && churn_.Allow(now, ShareOfChurn(first))) return Worth{};
  if (!is_limited()) return std::nullopt;
  AgeSketches(now);
  FrequencySketch& suspicions = sketches_[Index(Budget::kSuspicion)];
  if (weight > 0) suspicions.Fetch(key);
  Worth worth = {static_cast<double>(sketches_[Index(Budget::kTraffic)].Add(key, 1)), 0};
  if (weight > 0) worth[Index(Budget::kSuspicion)] = suspicions.Add(key, weight);
  const double share = ShareOfChurn(worth);
  if (!churn_.WouldAllow(now, share) || !MakeRoom(worth, Accounts::kNone, now)) return std::nullopt;
  churn_.Allow(now, share);
  if (weight == 0) worth[Index(Budget::kSuspicion)] = suspicions.Estimate(key);
  return Worth{worth[0] - first[0], worth[1] - first[1]};
}

void ClientTable::AgeSketches(Time now) {
  // After sixteen halvings nothing is left.
  const auto halvings = std::min<int64_t>((now - sketches_aged_) / half_life_, 16);
  if (halvings < 1) return;
  sketches_aged_ = now;
  for (int64_t i = 0; i < halvings; ++i) {
    for (FrequencySketch& sketch : sketches_) sketch.Halve();
  }
}

// Whether a series is free, after somebody was displaced if need be. The claimant does not displace
// itself.
bool ClientTable::MakeRoom(const Worth& worth, Accounts::Slot claimant, Time now) {
  for (int tries = 0; tries < kTries && !HasRoom(); ++tries) {
    const double suspicion = worth[Index(Budget::kSuspicion)];
    const bool claimed = (suspicion > 0 && Claim(Budget::kSuspicion, suspicion, claimant, now)) ||
                         Claim(Budget::kTraffic, worth[Index(Budget::kTraffic)], claimant, now);
    if (!claimed) return false;
  }
  return HasRoom();
}

bool ClientTable::IsOverShare(Budget budget) const {
  const auto suspicion = static_cast<uint64_t>(options_.suspicion_share * options_.max_series);
  const uint64_t share = budget == Budget::kSuspicion ? suspicion : options_.max_series - suspicion;
  return standings_.series(budget) > share;
}

// A budget that has less than its share takes from the other, which must have more; otherwise the claim
// is held against the coldest member of its own. False if it came to nothing; true means progress, not
// that a series is free: the member may belong to both.
bool ClientTable::Claim(Budget budget, double value, Accounts::Slot claimant, Time now) {
  const bool entitled = !IsOverShare(budget) && IsOverShare(TheOther(budget));
  const Budget from = entitled ? TheOther(budget) : budget;
  const auto coldest = standings_.Coldest(from, now);
  if (!coldest || *coldest == claimant) return false;
  if (!entitled && value < standings_.ValueOf(*coldest, from, now) + 1) return false;
  Dismiss(*coldest, from, now);
  return true;
}

// Who belongs to no budget any more is evicted; the sketches remember what it did, should it return.
void ClientTable::Dismiss(Accounts::Slot slot, Budget budget, Time now) {
  standings_.Leave(slot, budget);
  if (standings_.IsMemberOfAny(slot)) return;
  for (const Budget each : kBudgets) {
    const double value = standings_.ValueOf(slot, each, now);
    sketches_[Index(each)].Raise(accounts_.KeyOf(slot),
                                 static_cast<uint32_t>(std::min(value, kMostRemembered)));
  }
  Evict(slot);
}

ClientTable::Series* ClientTable::FindSeries(Account& account, uint16_t status) {
  Series& top = account.top;
  if (top.status == status) return &top;
  uint32_t* link = &top.next;
  for (uint32_t i = *link; i != kNone; link = &pool_[i].next, i = *link) {
    Series& series = pool_[i];
    if (series.status != status) continue;
    // To the top: the next request will most likely have the same status.
    *link = series.next;
    series.next = top.next;
    top.next = i;
    std::swap(top, series);
    std::swap(top.next, series.next);
    return &top;
  }
  return nullptr;
}

ClientTable::Series& ClientTable::AddSeries(Account& account, uint16_t status, Time now) {
  ++series_in_use_;
  Series& top = account.top;
  if (top.status == kNoStatus) {
    top = {0, now, kNone, status};
    return top;
  }
  const uint32_t i = NewInPool();
  pool_[i] = top;
  top = {0, now, i, status};
  return top;
}

ClientTable::Series* ClientTable::FindOrAddSeries(Accounts::Slot slot, uint16_t status, Time now) {
  Account& account = accounts_[slot];
  if (Series* series = FindSeries(account, status)) return series;
  // The birth of an account has been allowed already, and its first series with it.
  const bool paid = account.top.status == kNoStatus;
  if (!paid && !MayAddSeries(slot, now)) return nullptr;
  if (is_limited()) standings_.AddSeries(slot);
  return &AddSeries(account, status, now);
}

bool ClientTable::MayAddSeries(Accounts::Slot slot, Time now) {
  if (!is_limited()) return HasRoom() && churn_.Allow(now);
  const Worth worth = {standings_.ValueOf(slot, Budget::kTraffic, now),
                       standings_.ValueOf(slot, Budget::kSuspicion, now)};
  const double share = ShareOfChurn(worth);
  if (!churn_.WouldAllow(now, share) || !MakeRoom(worth, slot, now)) return false;
  return churn_.Allow(now, share);
}

void ClientTable::ChargeOther(uint16_t status, uint64_t response_bytes, Time now) {
  Series* series = FindSeries(other_, status);
  const bool can_have_room = HasRoom() || accounts_.size() > 0;
  if (series == nullptr && can_have_room && churn_.Allow(now)) {
    if (!HasRoom()) GiveUpTheColdest(now);
    series = &AddSeries(other_, status, now);
  }
  if (series == nullptr) {
    ++evicted_[status];
    return;
  }
  ++series->count;
  other_.response_bytes += response_bytes;
}

// Happens once for each status of `other`, so it may look for as long as it takes.
void ClientTable::GiveUpTheColdest(Time now) {
  while (!HasRoom()) {
    const bool from_traffic = IsOverShare(Budget::kTraffic) ||
                              standings_.series(Budget::kSuspicion) == 0;
    const Budget budget = from_traffic ? Budget::kTraffic : Budget::kSuspicion;
    if (const auto coldest = standings_.Coldest(budget, now)) Dismiss(*coldest, budget, now);
  }
}

uint32_t ClientTable::NewInPool() {
  if (free_series_ != kNone) return std::exchange(free_series_, pool_[free_series_].next);
  pool_.emplace_back();
  return static_cast<uint32_t>(pool_.size() - 1);
}

void ClientTable::Evict(Accounts::Slot slot) {
  if (listener_) Tell(slot, listener_);
  ForgetTold(slot);
  const Series& top = accounts_[slot].top;
  evicted_[top.status] += top.count;
  --series_in_use_;
  for (uint32_t i = top.next; i != kNone;) {
    Series& series = pool_[i];
    evicted_[series.status] += series.count;
    --series_in_use_;
    const uint32_t next = std::exchange(series.next, free_series_);
    free_series_ = i;
    i = next;
  }
  if (accounts_.KeyOf(slot).named) host_names_.erase(slot);
  if (is_limited()) standings_.Close(slot);
  accounts_.Erase(slot);
}

void ClientTable::Expire(Time wall_now) {
  const Time now = time_.Advance(wall_now);
  while (accounts_.Oldest() != Accounts::kNone &&
         now - accounts_[accounts_.Oldest()].last_seen >= options_.idle) {
    Evict(accounts_.Oldest());
  }
}

bool ClientTable::Forget(const ClientKey& key) {
  for (FrequencySketch& sketch : sketches_) sketch.Forget(key);
  const Accounts::Slot slot = accounts_.Find(key);
  if (slot == Accounts::kNone) return false;
  Evict(slot);
  return true;
}

void ClientTable::ForgetAll() {
  while (accounts_.Oldest() != Accounts::kNone) Evict(accounts_.Oldest());
}

void ClientTable::HoldAnew(Time began, Time wall_now) {
  const Time now = time_.Advance(wall_now);
  const Time since = now - std::max(wall_now - began, Duration{0});
  const auto hold = [&](Account& account) {
    if (account.top.status == kNoStatus) return;
    for (Series* series = &account.top;; series = &pool_[series->next]) {
      if (series->born >= since) series->born = now;
      if (series->next == kNone) return;
    }
  };
  for (Accounts::Slot slot = accounts_.Oldest(); slot != Accounts::kNone;
       slot = accounts_.NextNewer(slot)) {
    hold(accounts_[slot]);
  }
  hold(other_);
}

Time ClientTable::BirthOf(const Account& account) const {
  Time born = account.top.born;
  for (uint32_t i = account.top.next; i != kNone; i = pool_[i].next) {
    born = std::min(born, pool_[i].born);
  }
  return born;
}

void ClientTable::VisitAccount(const Account& account, ClientView view, Time now,
                               const std::function<void(const ClientView&)>& client,
                               const std::function<void(const SeriesView&)>& series) const {
  if (!Held(BirthOf(account), now)) view.response_bytes = account.response_bytes;
  client(view);
  for (const Series* s = &account.top;; s = &pool_[s->next]) {
    const bool held = Held(s->born, now);
    series({s->status, held ? 0 : s->count, held ? s->count : 0});
    if (s->next == kNone) break;
  }
}

void ClientTable::Visit(Time wall_now, const std::function<void(const ClientView&)>& client,
                        const std::function<void(const SeriesView&)>& series) const {
  const Time now = time_.At(wall_now);
  for (Accounts::Slot slot = accounts_.Oldest(); slot != Accounts::kNone;
       slot = accounts_.NextNewer(slot)) {
    const ClientKey& key = accounts_.KeyOf(slot);
    const std::string_view name = key.named ? std::string_view(host_names_.at(slot)) : "";
    VisitAccount(accounts_[slot], {key, name, false, 0}, now, client, series);
  }
  if (other_.top.status != kNoStatus) VisitAccount(other_, {{}, "", true, 0}, now, client, series);
}

}  // namespace accesslog
