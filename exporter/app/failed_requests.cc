#include "app/failed_requests.h"

#include <algorithm>

#include "base/text.h"
#include "detect/detection.h"

namespace accesslog {
namespace {

void Widen(FailureTally& tally, Time first, Time last) {
  tally.first = std::min(tally.first.value_or(first), first);
  tally.last = std::max(tally.last.value_or(last), last);
}

}  // namespace

void BadRequests::Observe(const Record& record) {
  if (record.status != 400) return;
  ++tally_.count;
  if (record.time) Widen(tally_, *record.time, *record.time);
  if (tally_.samples.size() < limits_.lines) {
    tally_.samples.push_back(PrintableUpTo(record.line, limits_.line_bytes));
  }
}

void BadRequests::Add(const BadRequests& later) {
  const FailureTally& more = later.tally_;
  tally_.count += more.count;
  if (more.first && more.last) Widen(tally_, *more.first, *more.last);
  for (const std::string& sample : more.samples) {
    if (tally_.samples.size() < limits_.lines) tally_.samples.push_back(sample);
  }
}

void FailedRequests::Observe(const RequestFacts& request, const Client& client, const ClientNamer& namer) {
  if (!IsFailedStatus(request.status) || client.other) return;
  auto slot = counts_.Find(client.key);
  if (slot == LruTable<Count>::kNone) {
    slot = counts_.Insert(client.key);
    details_.push_back({namer.Label(client.key, client.host_name), {}});
  }
  Count& count = counts_[slot];
  if (count.count < limits_.lines) {
    details_[slot].samples.push_back(PrintableUpTo(request.line, limits_.line_bytes));
  }
  ++count.count;
  if (!request.time) return;
  count.last = count.first ? std::max(count.last, *request.time) : *request.time;
  count.first = std::min(count.first.value_or(*request.time), *request.time);
}

std::vector<FailureTally> FailedRequests::AtLeast(uint64_t least) const {
  std::vector<FailureTally> tallies;
  for (LruTable<Count>::Slot slot = 0; slot < counts_.slots(); ++slot) {
    const Count& count = counts_[slot];
    if (count.count < least) continue;
    FailureTally& tally = tallies.emplace_back();
    tally.key = counts_.KeyOf(slot);
    tally.client = details_[slot].client;
    tally.count = count.count;
    tally.first = count.first;
    if (count.first) tally.last = count.last;
    tally.samples = details_[slot].samples;
  }
  return tallies;
}

}  // namespace accesslog
