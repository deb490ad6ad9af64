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

void Count(FailureTally& tally, const Record& record, const SampleLimits& limits) {
  ++tally.count;
  if (record.time) Widen(tally, *record.time, *record.time);
  if (tally.samples.size() < limits.lines) {
    tally.samples.push_back(PrintableUpTo(record.line, limits.line_bytes));
  }
}

}  // namespace

void BadRequests::Observe(const Record& record) {
  if (record.status == 400) Count(tally_, record, limits_);
}

void BadRequests::Add(const BadRequests& later) {
  const FailureTally& more = later.tally_;
  tally_.count += more.count;
  if (more.first && more.last) Widen(tally_, *more.first, *more.last);
  for (const std::string& sample : more.samples) {
    if (tally_.samples.size() < limits_.lines) tally_.samples.push_back(sample);
  }
}

void FailedRequests::Observe(const Record& record, const Client& client, const ClientNamer& namer) {
  if (!IsFailedStatus(record.status) || client.other) return;
  FailureTally& tally = clients_[client.key];
  if (tally.count == 0) {
    tally.key = client.key;
    tally.client = namer.Label(client.key, client.host_name);
  }
  Count(tally, record, limits_);
}

std::vector<FailureTally> FailedRequests::AtLeast(uint64_t least) const {
  std::vector<FailureTally> tallies;
  for (const auto& [key, tally] : clients_) {
    if (tally.count >= least) tallies.push_back(tally);
  }
  return tallies;
}

}  // namespace accesslog
