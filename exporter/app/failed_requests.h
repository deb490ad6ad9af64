// The rule of the scripts that this program replaces: failed requests (400, 401, 403, 404, 409) of
// a client over the whole file. Used by `analyze` only; live, the signal failed_requests stands for
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "clients/client_key.h"
#include "record/record.h"

namespace accesslog {

// So many failed requests, when, and the first of them.
struct FailureTally {
  ClientKey key;
  std::string client;  // label; empty: all clients
  uint64_t count = 0;
  std::optional<Time> first;
  std::optional<Time> last;
  std::vector<std::string> samples;  // the first lines, escaped and cut
};

struct SampleLimits {
  size_t lines = 3;
  size_t line_bytes = 400;
};

// Status 400 of all clients together.
class BadRequests {
 public:
  explicit BadRequests(SampleLimits limits) : limits_(limits) {}

  void Observe(const Record& record);
  // Adds what was observed in lines behind these.
  void Add(const BadRequests& later);
  const FailureTally& tally() const { return tally_; }

 private:
  SampleLimits limits_;
  FailureTally tally_;
};

class FailedRequests {
 public:
  explicit FailedRequests(SampleLimits limits) : limits_(limits) {}

  void Observe(const Record& record, const Client& client, const ClientNamer& namer);

  // The clients with at least `least` failed requests, in no order.
  std::vector<FailureTally> AtLeast(uint64_t least) const;

 private:
  struct Hash {
    size_t operator()(const ClientKey& key) const { return HashKey(key, 0); }
  };

  SampleLimits limits_;
  std::unordered_map<ClientKey, FailureTally, Hash> clients_;
};

}  // namespace accesslog
