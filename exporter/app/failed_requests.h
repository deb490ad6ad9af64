// The rule of the scripts that this program replaces: failed requests (400, 401, 403, 404, 409) of a
// client over the whole file. Used by `analyze` only; live, the signal failed_requests stands for it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "clients/client_key.h"
#include "record/record.h"

namespace accesslog {

class FailedRequests {
 public:
  struct Tally {
    std::string client;  // label
    uint64_t count = 0;
    std::optional<Time> first;
    std::optional<Time> last;
    std::vector<std::string> samples;  // the first lines, escaped and cut
  };

  FailedRequests(size_t max_samples, size_t max_sample_bytes)
      : max_samples_(max_samples), max_sample_bytes_(max_sample_bytes) {}

  void Observe(const Record& record, const Client& client, const ClientNamer& namer);

  // By client; only clients with at least one failed request.
  const std::map<ClientKey, Tally>& clients() const { return clients_; }
  // Status 400 of all clients together.
  const Tally& bad_requests() const { return bad_requests_; }

 private:
  void Add(Tally& tally, const Record& record) const;

  size_t max_samples_;
  size_t max_sample_bytes_;
  std::map<ClientKey, Tally> clients_;
  Tally bad_requests_;
};

}  // namespace accesslog
