// What `analyze` found, as plain data: made once, written as text or as JSON.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/analysis_shards.h"
#include "app/failed_requests.h"
#include "base/clock.h"
#include "clients/client_key.h"
#include "detect/options.h"
#include "parse/outcome.h"
#include "traffic/traffic.h"

namespace accesslog {

// How one file was read.
struct AnalyzedFile {
  std::string path;    // "-" is standard input
  std::string format;  // "combined in docker"; empty: no line told
  std::string fit;     // as ConfidenceText says it
  double confidence = 0;
  bool sure = false;
  bool told = false;  // by the lines, not by an option
  uint64_t format_changes = 0;
  uint64_t lines = 0;
};

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
  std::string signal;  // "login_failures"; of the old rule "failed_requests"
  double value = 0;
  double threshold = 0;
  std::string window;  // "1m", or "all" for the whole input
  std::string noun;    // what was counted, as in "failed logins"
  uint64_t count = 0;  // events from the first to the last
  std::vector<std::string> samples;
};

struct Analysis {
  std::string site;
  std::vector<AnalyzedFile> files;  // in the order in which they were read
  uint64_t lines_read = 0;
  uint64_t lines_parsed = 0;
  std::map<std::string, uint64_t> unparsed;         // by reason, only those above 0
  std::map<uint16_t, uint64_t> requests_by_status;  // only those above 0
  std::vector<ClientCount> clients;                 // by requests, then by address
  std::vector<Finding> findings;                    // the old rule first, then by time and client
  // The old rule, as its sentences need it: clients at or over the threshold, most failures first.
  std::vector<Finding> failed_clients;
  std::optional<Finding> bad_requests;
  bool old_rule_is_off = false;  // by configuration
};

// What belongs to the files rather than to their clients.
struct AnalysisTotals {
  std::string site;
  uint64_t lines_read = 0;
  uint64_t lines_parsed = 0;
  std::array<uint64_t, kUnparsedReasonCount> unparsed{};
  std::array<uint64_t, kStatusSlots> by_status{};
  FailureTally bad_requests;
  std::deque<Episode> site_episodes{};
};

// `shards` are all there are, and have had Finish called.
Analysis Summarize(const AnalysisTotals& totals, const DetectOptions& detect,
                   const ClientNamer& namer,
                   const std::vector<std::unique_ptr<AnalysisShard>>& shards);

// Sorts addresses by number (IPv4 before IPv6), host names behind them, `other` last.
bool AddressLess(const ClientCount& a, const ClientCount& b);

}  // namespace accesslog
