// How a ClientTable tells of what its clients did since it told of them last.
#include <algorithm>

#include "clients/client_table.h"

namespace accesslog {

uint64_t ClientTable::ToldOf(Accounts::Slot slot, uint16_t status) const {
  if (slot >= told_first_.size() || told_first_[slot] == kNone) return 0;
  for (uint32_t i = told_first_[slot]; told_[i].status != kNoStatus; ++i) {
    if (told_[i].status == status) return told_[i].count;
  }
  return 0;
}

void ClientTable::SetTold(Accounts::Slot slot, std::span<const StatusCount> told) {
  if (told.empty()) return ForgetTold(slot);
  if (slot >= told_first_.size()) told_first_.resize(accounts_.slots(), kNone);
  told_first_[slot] = static_cast<uint32_t>(told_.size());
  told_.insert(told_.end(), told.begin(), told.end());
  told_.push_back({kNoStatus, 0});
}

void ClientTable::Tell(Accounts::Slot slot, const Listener& listener) const {
  std::vector<StatusCount> untold;
  for (const Series* series = &accounts_[slot].top;; series = &pool_[series->next]) {
    const uint64_t count = series->count - ToldOf(slot, series->status);
    if (count > 0) untold.push_back({series->status, count});
    if (series->next == kNone) break;
  }
  if (untold.empty()) return;
  const ClientKey& key = accounts_.KeyOf(slot);
  const std::string_view name = key.named ? std::string_view(host_names_.at(slot)) : "";
  listener(key, name, untold);
}

void ClientTable::VisitUntold(const Listener& listener) const {
  for (Accounts::Slot slot = accounts_.Oldest(); slot != Accounts::kNone;
       slot = accounts_.NextNewer(slot)) {
    Tell(slot, listener);
  }
}

void ClientTable::TellAll(const Listener& listener) {
  VisitUntold(listener);
  // Written anew each time, so that what clients left behind that are gone does not pile up.
  told_first_.assign(accounts_.slots(), kNone);
  told_.clear();
  for (Accounts::Slot slot = accounts_.Oldest(); slot != Accounts::kNone;
       slot = accounts_.NextNewer(slot)) {
    told_first_[slot] = static_cast<uint32_t>(told_.size());
    for (const Series* series = &accounts_[slot].top;; series = &pool_[series->next]) {
      told_.push_back({series->status, series->count});
      if (series->next == kNone) break;
    }
    told_.push_back({kNoStatus, 0});
  }
}

}  // namespace accesslog
