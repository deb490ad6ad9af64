// What the client table and detect write alike when they are saved: the rule that makes keys,
// clients, moments. Reading trusts nothing: what is out of range counts as damage.
#pragma once

#include <cstdint>
#include <limits>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/options.h"

namespace accesslog {

// No clock and no log is further from 1970 (285,000 years), so sums of a few times cannot overflow.
inline constexpr Duration kFarthest{int64_t{1} << 53U};
// Nobody counts further; sums of such counts are checked.
inline constexpr uint64_t kMostCounted = uint64_t{1} << 62U;

inline bool IsInRange(Time time) {
  return time.time_since_epoch() >= -kFarthest && time.time_since_epoch() <= kFarthest;
}

// A moment, or damage where it is too far away.
Time LoadTime(ByteReader& reader);

// `time` as its distance from `base`, which is mostly near.
void SaveNear(ByteWriter& writer, Time time, Time base);
Time LoadNear(ByteReader& reader, Time base);

// The options that decide which key a client has.
void SaveKeyRule(ByteWriter& writer, const ClientOptions& options);
// Whether the saved rule is that of `options`.
bool LoadKeyRule(ByteReader& reader, const ClientOptions& options);

// The rule itself, in options that bound nothing.
ClientOptions LoadOptionsOfRule(ByteReader& reader);

void SaveClient(ByteWriter& writer, const ClientKey& key, std::string_view host_name);
// The host name is a view into the bytes.
Client LoadClient(ByteReader& reader);

// Adds what may have been damaged to a sum that must not overflow.
void AddChecked(ByteReader& reader, uint64_t count, uint64_t& sum);

}  // namespace accesslog
