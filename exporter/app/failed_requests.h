// The rule of the scripts that this program replaces: failed requests (400, 401, 403, 404, 409) of
// a client over the whole file. Used by `analyze` only; live, the signal failed_requests stands for
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/lru_table.h"
#include "detect/request_facts.h"
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
  // `secret` as in ClientTable.
  FailedRequests(SampleLimits limits, uint64_t secret) : limits_(limits), counts_(secret) {}

  void Observe(const RequestFacts& request, const Client& client, const ClientNamer& namer);
  // As LruTable's, for an Observe to come.
  void FetchPlace(const ClientKey& key) const { counts_.FetchPlace(key); }
  void FetchSlot(const ClientKey& key) const { counts_.FetchSlot(key); }

  // The clients with at least `least` failed requests, in no order.
  std::vector<FailureTally> AtLeast(uint64_t least) const;

 private:
  // With its key one cache line, which is all that most failures need.
  struct Count {
    uint64_t count = 0;
    std::optional<Time> first;
    Time last{};  // where there is a first
  };
  struct Details {
    std::string client;
    std::vector<std::string> samples;
  };

  SampleLimits limits_;
  LruTable<Count> counts_;
  std::vector<Details> details_;  // by slot
};

}  // namespace accesslog
