// What a scrape shows of a ClientTable, as plain numbers in one piece: made under the mutex, where
// each microsecond counts, and turned into text outside.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "clients/client_key.h"

namespace accesslog {

struct ClientCopy {
  struct Client {
    uint64_t high = 0;  // of the key
    uint64_t low = 0;
    uint64_t response_bytes = 0;  // 0 while its first value is held back
    // Where its own end in `series` and `names`; they begin where those of the client before end.
    uint32_t series_end = 0;
    uint32_t name_end = 0;  // only host names have one
  };
  struct Series {
    uint64_t shown = 0;
    uint16_t status = 0;
  };

  bool with_births = false;  // set by who asks for the copy

  std::vector<Client> clients;  // in an order that changes little from scrape to scrape
  std::vector<Series> series;
  std::vector<Time> births;  // of the series, by the wall clock; if asked for
  std::string names;
  bool has_other = false;  // the last of the clients is `other`
  std::array<uint64_t, 600> pending{};  // by status
};

}  // namespace accesslog
