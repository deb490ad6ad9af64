#include "app/analysis_shards.h"

#include <algorithm>

namespace accesslog {
namespace {

// Nobody attacks the hash of a program that runs for a second over a file; the answer is the same
// for any secret.
constexpr uint64_t kSecret = 0x5DEECE66D;
// Another one than the tables in the shards have: there the bits that chose the shard are all
// equal.
constexpr uint64_t kShardSecret = 0x2545F4914F6CDD1D;

// So many requests are looked up at a time, so that they wait for memory together and not one by
// one.
constexpr size_t kBatch = 32;

template <typename Item, typename Use>
void ForEachBatch(const std::vector<Item>& items, Use use) {
  for (std::span<const Item> rest(items); !rest.empty();) {
    const size_t count = std::min(kBatch, rest.size());
    use(rest.first(count));
    rest = rest.subspan(count);
  }
}

}  // namespace

size_t ShardOf(const ClientKey& key) { return HashKey(key, kShardSecret) % kShards; }

AnalysisShard::AnalysisShard(const ClientOptions& clients, const DetectOptions& detect,
                             const ClientNamer& namer, Time now)
    : namer_(namer),
      now_(now),
      clients_(clients, kSecret),
      detector_(detect, namer, kSecret),
      failed_(SampleLimits{detect.max_samples, detect.max_sample_bytes}, kSecret) {}

void AnalysisShard::Observe(const ShardRequests& requests) {
  ForEachBatch(requests, [this](auto batch) { Count(batch); });
}

void AnalysisShard::Count(std::span<const Request> requests) {
  for (const Request& request : requests) {
    clients_.FetchPlace(request.client.key);
    detector_.FetchPlace(request.client.key);
  }
  for (const Request& request : requests) clients_.FetchAccount(request.client.key);
  for (const Request& request : requests) {
    clients_.FetchSeries(request.client.key, request.facts.status);
  }
  for (const Request& request : requests) {
    // Nobody asks `analyze` for bytes.
    clients_.Add(request.client, request.facts.status, 0, now_);
    detector_.Observe(request.facts, request.client, now_);
    failed_.Observe(request.facts, request.client, namer_);
  }
}

std::vector<std::unique_ptr<AnalysisShard>> MakeShards(const ClientOptions& clients,
                                                       const DetectOptions& detect,
                                                       const ClientNamer& namer, Time now) {
  DetectOptions part = Unbounded(detect);
  part.max_clients /= kShards;
  part.max_episodes /= kShards;
  std::vector<std::unique_ptr<AnalysisShard>> shards;
  for (size_t i = 0; i < kShards; ++i) {
    shards.push_back(std::make_unique<AnalysisShard>(Unbounded(clients), part, namer, now));
  }
  return shards;
}

}  // namespace accesslog
