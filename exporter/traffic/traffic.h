// The site's totals: requests by method and status, bytes, durations. Everything here is a plain
// sum over Records in fixed memory. Single-threaded.
#pragma once

#include <array>
#include <cstdint>

#include "base/byte_codec.h"
#include "record/record.h"
#include "traffic/histogram.h"

namespace accesslog {

// Status codes as array indices: 0 is `invalid`, then 100…599.
inline constexpr size_t kStatusSlots = 501;
inline size_t StatusSlot(uint16_t status) {
  return status == kInvalidStatus ? 0 : static_cast<size_t>(status) - 99U;
}
inline uint16_t StatusOfSlot(size_t slot) {
  return slot == 0 ? kInvalidStatus : static_cast<uint16_t>(slot + 99U);
}

class Traffic {
 public:
  void Add(const Record& record) {
    ++requests_[static_cast<size_t>(record.method)][StatusSlot(record.status)];
    ++total_;
    response_bytes_ += record.bytes.value_or(0);
    if (record.duration) durations_.Observe(*record.duration);
  }

  uint64_t total() const { return total_; }
  uint64_t Requests(Method method, uint16_t status) const {
    return requests_[static_cast<size_t>(method)][StatusSlot(status)];
  }
  // Over all methods.
  uint64_t Requests(uint16_t status) const;
  uint64_t response_bytes() const { return response_bytes_; }
  // Empty where the format carries no duration.
  const DurationHistogram& durations() const { return durations_; }

  void Save(ByteWriter& writer) const;
  // For an object that was just made; false, and it is to be thrown away, where the bytes are
  // damaged.
  bool Load(ByteReader& reader);

 private:
  using ByStatus = std::array<uint64_t, kStatusSlots>;

  void LoadStatuses(ByteReader& reader, ByStatus& requests);

  std::array<ByStatus, kMethodCount> requests_{};
  uint64_t total_ = 0;
  uint64_t response_bytes_ = 0;
  DurationHistogram durations_;
};

}  // namespace accesslog
