#include "app/analyzed_chunk.h"

#include <utility>

#include "input/line_block.h"

namespace accesslog {

void AnalyzedChunk::Clear(const ChunkRules& rules) {
  counts_ = {};
  counts_.lines = counts_.physical = lines.oversized_lines;
  counts_.unparsed[static_cast<size_t>(UnparsedReason::kTooLong)] = lines.oversized_lines;
  bad_requests_.emplace(rules.samples);
  matches_.clear();
  clients_.clear();
  for (auto& numbers : by_shard_) numbers.clear();
}

void AnalyzedChunk::Parse(LogParser parser, const ChunkRules& rules) {
  parser_ = std::move(parser);
  // The records of all lines are alive at once.
  parser_->HoldTexts();
  Clear(rules);
  ForEachLine(lines.text, [&](std::string_view line) { ParseLine(line, rules); });
}

void AnalyzedChunk::ParseLine(std::string_view line, const ChunkRules& rules) {
  if (counts_.parsed == records_.size()) records_.resize(records_.size() * 2 + 64);
  Record& record = records_[counts_.parsed];
  const ParseOutcome outcome = parser_->Parse(line, record);
  ++counts_.physical;
  if (outcome == ParseOutcome::kFragment) return;
  ++counts_.lines;
  if (!HasRecord(outcome)) {
    ++counts_.unparsed[static_cast<size_t>(ReasonOf(outcome))];
    return;
  }
  const Client& client = clients_.emplace_back(rules.namer.Identify(record));
  by_shard_[ShardOf(client.key)].push_back(static_cast<uint32_t>(counts_.parsed));
  ++counts_.parsed;
  bad_requests_->Observe(record);
  if (rules.status == record.status) matches_.push_back({counts_.physical, record.line});
}

void AnalyzedChunk::Apply(size_t shard_number, AnalysisShard& shard) const {
  for (const uint32_t number : by_shard_[shard_number]) {
    shard.Observe(records_[number], clients_[number]);
  }
}

}  // namespace accesslog
