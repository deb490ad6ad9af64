#include "clients/client_table.h"

#include <algorithm>
#include <utility>

namespace accesslog {
namespace {

// Tables up to this size are allocated at once, so that no line ever pays for it.
constexpr uint32_t kPreallocatedSeries = 200000;

}  // namespace

ClientTable::ClientTable(const ClientOptions& options, uint64_t secret)
    : options_(options),
      accounts_(secret),
      churn_(options.new_series_per_hour),
      evicted_(kStatusLimit) {
  if (options.max_series <= kPreallocatedSeries) {
    accounts_.Reserve(options.max_series);
    pool_.reserve(options.max_series);
  }
}

void ClientTable::Add(const Client& client, uint16_t status, uint64_t response_bytes,
                      Time wall_now) {
  const Time now = time_.Advance(wall_now);
  Account* account = client.other ? nullptr : FindOrAdmit(client, now);
  Series* series = account != nullptr ? FindOrAddSeries(*account, status, now) : nullptr;
  if (series == nullptr) {
    if (!client.other) ++rejections_;
    ChargeOther(status, response_bytes, now);
    return;
  }
  ++series->count;
  account->response_bytes += response_bytes;
}

void ClientTable::FetchSeries(const ClientKey& key, uint16_t status) const {
  const Accounts::Slot slot = accounts_.Find(key);
  if (slot == Accounts::kNone) return;
  const Series& top = accounts_[slot].top;
  if (top.status != status && top.next != kNone) Prefetch(&pool_[top.next]);
}

// Null if there is no room. A new account is only made together with its first series.
ClientTable::Account* ClientTable::FindOrAdmit(const Client& client, Time now) {
  Accounts::Slot slot = accounts_.Find(client.key);
  if (slot == Accounts::kNone) {
    if (!HasRoom() || !churn_.Allow(now)) return nullptr;
    slot = accounts_.Insert(client.key);
    accounts_[slot] = Account{};
    if (client.key.named) host_names_.insert_or_assign(slot, std::string(client.host_name));
    ++admissions_;
  }
  accounts_.Touch(slot);
  Account& account = accounts_[slot];
  account.last_seen = now;
  return &account;
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

ClientTable::Series* ClientTable::FindOrAddSeries(Account& account, uint16_t status, Time now) {
  if (Series* series = FindSeries(account, status)) return series;
  // The birth of an account has been allowed already, and its first series with it.
  const bool paid = account.top.status == kNoStatus;
  if (!HasRoom() || (!paid && !churn_.Allow(now))) return nullptr;
  return &AddSeries(account, status, now);
}

void ClientTable::ChargeOther(uint16_t status, uint64_t response_bytes, Time now) {
  Series* series = FindSeries(other_, status);
  const bool can_have_room = HasRoom() || accounts_.size() > 0;
  if (series == nullptr && can_have_room && churn_.Allow(now)) {
    if (!HasRoom()) EvictOldest();
    series = &AddSeries(other_, status, now);
  }
  if (series == nullptr) {
    ++evicted_[status];
    return;
  }
  ++series->count;
  other_.response_bytes += response_bytes;
}

uint32_t ClientTable::NewInPool() {
  if (free_series_ != kNone) return std::exchange(free_series_, pool_[free_series_].next);
  pool_.emplace_back();
  return static_cast<uint32_t>(pool_.size() - 1);
}

void ClientTable::EvictOldest() {
  const Accounts::Slot slot = accounts_.Oldest();
  if (slot != Accounts::kNone) EvictSlot(slot);
}

void ClientTable::EvictSlot(Accounts::Slot slot) {
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
  accounts_.Erase(slot);
}

void ClientTable::Expire(Time wall_now) {
  const Time now = time_.Advance(wall_now);
  while (accounts_.Oldest() != Accounts::kNone &&
         now - accounts_[accounts_.Oldest()].last_seen >= options_.idle) {
    EvictOldest();
  }
}

bool ClientTable::Forget(const ClientKey& key) {
  const Accounts::Slot slot = accounts_.Find(key);
  if (slot == Accounts::kNone) return false;
  EvictSlot(slot);
  return true;
}

void ClientTable::ForgetAll() {
  while (accounts_.Oldest() != Accounts::kNone) EvictOldest();
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
