// Who does something here for the first time in weeks: logs in, reads a protected path. Nobody is new
// while the site is being learned. At most 2^14 clients in 64 KiB; see KnownClients.
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/known_clients.h"

namespace accesslog {

class Newcomers {
 public:
  // `secret` is used until other bytes are loaded.
  Newcomers(int64_t known_days, Duration learning, uint64_t secret)
      : known_(known_days, uint32_t{1} << 14U), learning_(learning), secret_(secret) {}

  // Whether the client is new. `at` is event time; what is older than all of the days is not looked at.
  bool Visit(const ClientKey& key, Time at);
  bool Knows(const ClientKey& key) const { return known_.Knows(HashKey(key, secret_)); }

  bool Forget(const ClientKey& key) { return known_.Forget(HashKey(key, secret_)); }
  // And begins to learn anew: the keys are others from now on.
  void ForgetAll();

  void Save(ByteWriter& writer) const;
  bool Load(ByteReader& reader);

 private:
  KnownClients known_;
  Duration learning_;
  uint64_t secret_;
  std::optional<Time> began_;
};

}  // namespace accesslog
