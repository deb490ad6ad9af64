// What `analyze` knows of all clients, cut into shards by client: each has observers of its own, so
// that threads can work on several at once. Their number is fixed, so the bounds inside a shard,
// and with them the answer, do not depend on the number of threads.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "app/failed_requests.h"
#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/client_table.h"
#include "clients/options.h"
#include "detect/detector.h"
#include "detect/options.h"
#include "detect/request_facts.h"

namespace accesslog {

// A power of two. More than the cores of most machines, so that a heavy client leaves work for all.
inline constexpr size_t kShards = 16;

// All requests of a client belong to one shard.
size_t ShardOf(const ClientKey& key);

// Of a request what every shard needs to know.
struct Request {
  Client client;
  RequestFacts facts;
};

// Of some lines the requests of one shard, in the order of the lines.
using ShardRequests = std::vector<Request>;

// The observers of a part of the clients. Single-threaded; takes the requests in their order.
class AnalysisShard {
 public:
  // `namer` must outlive the shard; `now` is for lines without a time of their own.
  AnalysisShard(const ClientOptions& clients, const DetectOptions& detect, const ClientNamer& namer,
                Time now);

  void Observe(const ShardRequests& requests);
  void Finish() { detector_.Finish(); }

  const ClientTable& clients() const { return clients_; }
  Detector& detector() { return detector_; }
  const Detector& detector() const { return detector_; }
  const FailedRequests& failed() const { return failed_; }

 private:
  void Count(std::span<const Request> requests);

  const ClientNamer& namer_;
  Time now_;
  ClientTable clients_;
  Detector detector_;
  FailedRequests failed_;
};

// kShards of them, without the bounds that only a program that runs for ever needs.
std::vector<std::unique_ptr<AnalysisShard>> MakeShards(const ClientOptions& clients,
                                                       const DetectOptions& detect,
                                                       const ClientNamer& namer, Time now);

}  // namespace accesslog
