// The rule of the scripts that this program replaces: failed requests (400, 401, 403, 404, 409) of a
// client over the whole file. Used by `analyze` only; live, the signal failed_requests stands for it.
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

class FailedRequests {
 public:
  struct Tally {
    ClientKey key;
    std::string client;  // label
    uint64_t count = 0;
    std::optional<Time> first;
    std::optional<Time> last;
    std::vector<std::string> samples;  // the first lines, escaped and cut
  };

  FailedRequests(size_t max_samples, size_t max_sample_bytes)
      : max_samples_(max_samples), max_sample_bytes_(max_sample_bytes) {}

  void Observe(const Record& record, const Client& client, const ClientNamer& namer);

  // The clients with at least `least` failed requests, in no order.
  std::vector<Tally> AtLeast(uint64_t least) const;
  // Status 400 of all clients together.
  const Tally& bad_requests() const { return bad_requests_; }

 private:
  struct Hash {
    size_t operator()(const ClientKey& key) const { return HashKey(key, 0); }
  };

  void Add(Tally& tally, const Record& record) const;

  size_t max_samples_;
  size_t max_sample_bytes_;
  std::unordered_map<ClientKey, Tally, Hash> clients_;
  Tally bad_requests_;
};

}  // namespace accesslog
