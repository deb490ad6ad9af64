// What a scrape shows of a Detector, as plain numbers in one piece: made under the mutex and turned
// into text outside, as ClientCopy is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clients/client_key.h"
#include "clients/network.h"

namespace accesslog {

struct SignalCopy {
  struct Client {
    ClientKey key;
    Network network = Network::kExternal;
    // Where its own end in `values` and `names`; they begin where those of the client before end.
    uint32_t values_end = 0;
    uint32_t name_end = 0;
  };
  struct Value {
    uint32_t threshold = 0;  // its index in DetectOptions
    uint32_t value = 0;      // > 0
  };

  std::vector<Client> clients;
  std::vector<Value> values;
  std::string names;
};

}  // namespace accesslog
