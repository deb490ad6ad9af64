#include "traffic/traffic.h"

namespace accesslog {

uint64_t Traffic::Requests(uint16_t status) const {
  uint64_t sum = 0;
  for (const auto& by_status : requests_) sum += by_status[StatusSlot(status)];
  return sum;
}

}  // namespace accesslog
