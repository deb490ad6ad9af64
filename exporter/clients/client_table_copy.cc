// How a scrape gets hold of a ClientTable.
#include "clients/client_table.h"

namespace accesslog {
namespace {

// The series behind a client's first stand anywhere, and the memory is waited for; so they are
// fetched some clients ahead.
constexpr uint32_t kAhead = 8;

// So much room for each host name that the text never moves; what is not used costs no memory.
constexpr size_t kLongestName = 256;

}  // namespace

void ClientTable::CopyAccount(const Account& account, ClientCopy::Client client, Time now,
                              Duration ahead, ClientCopy& copy) const {
  bool all_held = true;
  for (const Series* series = &account.top;; series = &pool_[series->next]) {
    const bool held = Held(series->born, now);
    all_held = all_held && held;
    if (held) copy.pending[series->status] += series->count;
    copy.series.push_back({held ? 0 : series->count, series->status});
    if (copy.with_births) copy.births.push_back(series->born - ahead);
    if (series->next == kNone) break;
  }
  // It was born with the first of its series.
  if (!all_held) client.response_bytes = account.response_bytes;
  client.series_end = static_cast<uint32_t>(copy.series.size());
  client.name_end = static_cast<uint32_t>(copy.names.size());
  copy.clients.push_back(client);
}

void ClientTable::CopyTo(Time wall_now, ClientCopy& copy) const {
  copy.clients.reserve(accounts_.size() + 1);
  copy.series.reserve(series_in_use_);
  copy.names.reserve(host_names_.size() * kLongestName);
  if (copy.with_births) copy.births.reserve(series_in_use_);
  const Time now = time_.At(wall_now);
  const Accounts::Slot end = accounts_.slots();
  for (Accounts::Slot slot = 0; slot < end; ++slot) {
    if (slot + kAhead < end && !accounts_.IsFree(slot + kAhead)) {
      const uint32_t next = accounts_[slot + kAhead].top.next;
      if (next != kNone) Prefetch(&pool_[next]);
    }
    if (accounts_.IsFree(slot)) continue;
    const ClientKey& key = accounts_.KeyOf(slot);
    if (key.named) copy.names += host_names_.at(slot);
    CopyAccount(accounts_[slot], {.high = key.high, .low = key.low}, now, now - wall_now, copy);
  }
  copy.has_other = other_.top.status != kNoStatus;
  if (copy.has_other) CopyAccount(other_, {}, now, now - wall_now, copy);
}

}  // namespace accesslog
