#include "app/analysis_shards.h"

namespace accesslog {
namespace {

// Nobody attacks the hash of a program that runs for a second over a file; the answer is the same
// for any secret.
constexpr uint64_t kSecret = 0x5DEECE66D;
// Another one than the tables in the shards have: there the bits that chose the shard are all
// equal.
constexpr uint64_t kShardSecret = 0x2545F4914F6CDD1D;

}  // namespace

size_t ShardOf(const ClientKey& key) { return HashKey(key, kShardSecret) % kShards; }

AnalysisShard::AnalysisShard(const ClientOptions& clients, const DetectOptions& detect,
                             const ClientNamer& namer, Time now)
    : namer_(namer),
      now_(now),
      clients_(clients, kSecret),
      detector_(detect, namer, kSecret),
      failed_(SampleLimits{detect.max_samples, detect.max_sample_bytes}) {}

void AnalysisShard::Observe(const Record& record, const Client& client) {
  traffic_.Add(record);
  clients_.Add(client, record.status, record.bytes.value_or(0), now_);
  detector_.Observe(record, client, now_);
  failed_.Observe(record, client, namer_);
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
