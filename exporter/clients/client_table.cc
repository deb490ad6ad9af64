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
      index_(secret),
      churn_(options.new_series_per_hour),
      evicted_(kStatusLimit) {
  if (options.max_series <= kPreallocatedSeries) {
    index_.Reserve(options.max_series);
    accounts_.reserve(options.max_series);
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

// Null if there is no room. A new account is only made together with its first series.
ClientTable::Account* ClientTable::FindOrAdmit(const Client& client, Time now) {
  LruIndex::Slot slot = index_.Find(client.key);
  if (slot == LruIndex::kNone) {
    if (!HasRoom() || !churn_.Allow(now)) return nullptr;
    slot = index_.Insert(client.key);
    if (slot == accounts_.size()) accounts_.emplace_back();
    accounts_[slot] = Account{};
    if (client.key.named) accounts_[slot].host_name = std::make_unique<std::string>(client.host_name);
    ++admissions_;
  }
  Account& account = accounts_[slot];
  index_.Touch(slot);
  account.last_seen = now;
  return &account;
}

ClientTable::Series* ClientTable::FindSeries(Account& account, uint16_t status) {
  uint32_t* link = &account.first;
  for (uint32_t i = *link; i != kNone; link = &pool_[i].next, i = *link) {
    if (pool_[i].status != status) continue;
    // To the front: the next request will most likely have the same status.
    *link = pool_[i].next;
    pool_[i].next = account.first;
    account.first = i;
    return &pool_[i];
  }
  return nullptr;
}

ClientTable::Series& ClientTable::AddSeries(Account& account, uint16_t status, Time now) {
  if (account.first == kNone) account.born = now;
  const uint32_t i = NewSeries(status, now);
  pool_[i].next = account.first;
  account.first = i;
  return pool_[i];
}

ClientTable::Series* ClientTable::FindOrAddSeries(Account& account, uint16_t status, Time now) {
  if (Series* series = FindSeries(account, status)) return series;
  // The birth of an account has been allowed already, and its first series with it.
  const bool paid = account.first == kNone;
  if (!HasRoom() || (!paid && !churn_.Allow(now))) return nullptr;
  return &AddSeries(account, status, now);
}

void ClientTable::ChargeOther(uint16_t status, uint64_t response_bytes, Time now) {
  Series* series = FindSeries(other_, status);
  const bool can_have_room = HasRoom() || index_.size() > 0;
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

uint32_t ClientTable::NewSeries(uint16_t status, Time now) {
  uint32_t i = free_series_;
  if (i != kNone) {
    free_series_ = pool_[i].next;
  } else {
    i = static_cast<uint32_t>(pool_.size());
    pool_.emplace_back();
  }
  pool_[i] = Series{0, now, kNone, status};
  ++series_in_use_;
  return i;
}

void ClientTable::EvictOldest() {
  const LruIndex::Slot slot = index_.Oldest();
  if (slot == LruIndex::kNone) return;
  uint32_t i = accounts_[slot].first;
  while (i != kNone) {
    Series& series = pool_[i];
    evicted_[series.status] += series.count;
    const uint32_t next = std::exchange(series.next, free_series_);
    free_series_ = i;
    --series_in_use_;
    i = next;
  }
  accounts_[slot] = Account{};
  index_.Erase(slot);
}

void ClientTable::Expire(Time wall_now) {
  const Time now = time_.Advance(wall_now);
  while (index_.Oldest() != LruIndex::kNone &&
         now - accounts_[index_.Oldest()].last_seen >= options_.idle) {
    EvictOldest();
  }
}

void ClientTable::VisitAccount(const Account& account, ClientView view, Time now,
                               const std::function<void(const ClientView&)>& client,
                               const std::function<void(const SeriesView&)>& series) const {
  if (!Held(account.born, now)) view.response_bytes = account.response_bytes;
  client(view);
  for (uint32_t i = account.first; i != kNone; i = pool_[i].next) {
    const Series& s = pool_[i];
    const bool held = Held(s.born, now);
    series({s.status, held ? 0 : s.count, held ? s.count : 0});
  }
}

void ClientTable::Visit(Time wall_now, const std::function<void(const ClientView&)>& client,
                        const std::function<void(const SeriesView&)>& series) const {
  const Time now = time_.At(wall_now);
  for (LruIndex::Slot slot = index_.Oldest(); slot != LruIndex::kNone;
       slot = index_.NextNewer(slot)) {
    const Account& account = accounts_[slot];
    const std::string_view name = account.host_name ? std::string_view(*account.host_name) : "";
    VisitAccount(account, {index_.KeyOf(slot), name, false, 0}, now, client, series);
  }
  if (other_.first != kNone) VisitAccount(other_, {{}, "", true, 0}, now, client, series);
}

}  // namespace accesslog
