#include "traffic/traffic.h"

#include <algorithm>

namespace accesslog {
namespace {

constexpr uint64_t kVersion = 1;

// Behind the last item of a list of statuses, each written as one more than its slot.
constexpr uint64_t kEnd = 0;

// Nobody counts further, so the sum of two does not overflow.
constexpr uint64_t kMost = uint64_t{1} << 62U;

}  // namespace

uint64_t Traffic::Requests(uint16_t status) const {
  uint64_t sum = 0;
  for (const auto& by_status : requests_) sum += by_status[StatusSlot(status)];
  return sum;
}

// Methods by their names; most methods and statuses never come.
void Traffic::Save(ByteWriter& writer) const {
  writer.Number(kVersion);
  writer.Number(response_bytes_);
  durations_.Save(writer);
  writer.Number(kMethodCount);
  for (size_t method = 0; method < kMethodCount; ++method) {
    writer.Text(kMethodNames[method]);
    for (size_t slot = 0; slot < kStatusSlots; ++slot) {
      if (requests_[method][slot] == 0) continue;
      writer.Number(slot + 1);
      writer.Number(requests_[method][slot]);
    }
    writer.Number(kEnd);
  }
}

bool Traffic::Load(ByteReader& reader) {
  if (reader.Number() != kVersion) return false;
  response_bytes_ = reader.Number();
  durations_.Load(reader);
  for (uint64_t left = reader.NumberUpTo(kMethodCount); left > 0 && reader.ok(); --left) {
    const std::string_view name = reader.Text();
    const auto* known = std::find(kMethodNames.begin(), kMethodNames.end(), name);
    if (known == kMethodNames.end()) return false;
    LoadStatuses(reader, requests_[static_cast<size_t>(known - kMethodNames.begin())]);
  }
  return reader.ok();
}

void Traffic::LoadStatuses(ByteReader& reader, ByStatus& requests) {
  while (const uint64_t code = reader.NumberUpTo(kStatusSlots)) {
    uint64_t& count = requests[code - 1];
    if (count != 0) return reader.Fail();  // the same once more
    count = reader.NumberUpTo(kMost - total_);
    if (count == 0) return reader.Fail();
    total_ += count;
  }
}

}  // namespace accesslog
