#include "traffic/traffic.h"

namespace accesslog {

void Traffic::Add(const Record& record) {
  ++requests_[static_cast<size_t>(record.method)][StatusSlot(record.status)];
  ++total_;
  response_bytes_ += record.bytes.value_or(0);
  if (record.duration) durations_.Observe(*record.duration);
}

uint64_t Traffic::Requests(uint16_t status) const {
  uint64_t sum = 0;
  for (const auto& by_status : requests_) sum += by_status[StatusSlot(status)];
  return sum;
}

}  // namespace accesslog
