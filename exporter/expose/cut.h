// One consistent cut through all that a scrape shows: plain data, taken under the mutex, written as
// text outside by whoever asked for it. Small families are MetricFamily; the three that have a series
// for each client are compact copies, because building 10,000 ClientMetric takes longer than all else.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <vector>

#include "clients/client_copy.h"
#include "clients/client_key.h"
#include "detect/options.h"
#include "detect/signal_copy.h"

namespace accesslog {

// The families whose series stand in the copies.
enum class Large : uint8_t { kNone, kClientRequests, kClientResponseBytes, kClientSignals };

struct SiteCut {
  std::string name;
  ClientNamer namer;
  std::vector<Threshold> thresholds;
  ClientCopy clients;
  SignalCopy signals;
};

struct Cut {
  struct Block {
    std::vector<prometheus::MetricFamily> families;
    Large large = Large::kNone;  // whose series follow; the last of `families` is its head
  };

  std::vector<Block> blocks{1};
  std::vector<SiteCut> sites;
  bool with_created = false;  // OpenMetrics tells the births of clients' series

  void Add(prometheus::MetricFamily family) {
    blocks.back().families.push_back(std::move(family));
  }
  void AddLarge(prometheus::MetricFamily head, Large large) {
    Add(std::move(head));
    blocks.back().large = large;
    blocks.emplace_back();
  }
};

}  // namespace accesslog
