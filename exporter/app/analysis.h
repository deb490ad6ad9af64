// What `analyze` found, as plain data: made once, written as text or as JSON.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/failed_requests.h"
#include "app/site_engine.h"
#include "base/clock.h"

namespace accesslog {

struct ClientCount {
  std::string client;  // label
  ClientKey key;
  bool other = false;
  uint64_t requests = 0;
  std::map<uint16_t, uint64_t> by_status;
};

struct Finding {
  std::string detection;
  std::string severity;
  std::string client;  // empty: the site as a whole
  std::optional<Time> first;
  std::optional<Time> last;
  uint64_t value = 0;
  uint64_t threshold = 0;
  std::string window;  // "1m", or "all" for the whole input
  std::vector<std::string> samples;
};

struct Analysis {
  std::string site;
  uint64_t lines_read = 0;
  uint64_t lines_parsed = 0;
  std::map<std::string, uint64_t> unparsed;       // by reason, only those above 0
  std::map<uint16_t, uint64_t> requests_by_status;  // only those above 0
  std::vector<ClientCount> clients;               // by requests, then by address
  std::vector<Finding> findings;                  // the old rule first, then by time
  // The old rule, as its sentences need it: clients at or over the threshold, most failures first.
  std::vector<Finding> failed_clients;
  std::optional<Finding> bad_requests;
  bool old_rule_is_off = false;  // by configuration
};

// `engine` must have had Detector::Finish called.
Analysis Summarize(const SiteEngine& engine, const FailedRequests& failed);

// Sorts addresses by number (IPv4 before IPv6), host names behind them, `other` last.
bool AddressLess(const ClientCount& a, const ClientCount& b);

}  // namespace accesslog
