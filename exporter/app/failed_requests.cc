#include "app/failed_requests.h"

#include <algorithm>

#include "base/text.h"
#include "detect/detection.h"

namespace accesslog {

void FailedRequests::Observe(const Record& record, const Client& client, const ClientNamer& namer) {
  if (!IsFailedStatus(record.status)) return;
  if (record.status == 400) Add(bad_requests_, record);
  if (client.other) return;
  Tally& tally = clients_[client.key];
  if (tally.count == 0) {
    tally.key = client.key;
    tally.client = namer.Label(client.key, client.host_name);
  }
  Add(tally, record);
}

std::vector<FailedRequests::Tally> FailedRequests::AtLeast(uint64_t least) const {
  std::vector<Tally> tallies;
  for (const auto& [key, tally] : clients_) {
    if (tally.count >= least) tallies.push_back(tally);
  }
  return tallies;
}

void FailedRequests::Add(Tally& tally, const Record& record) const {
  ++tally.count;
  if (record.time) {
    tally.first = std::min(tally.first.value_or(*record.time), *record.time);
    tally.last = std::max(tally.last.value_or(*record.time), *record.time);
  }
  if (tally.samples.size() < max_samples_) {
    tally.samples.push_back(PrintableUpTo(record.line, max_sample_bytes_));
  }
}

}  // namespace accesslog
