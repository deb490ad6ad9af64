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
  for (ShardRequests& requests : by_shard_) {
    requests.all.clear();
    requests.failed.clear();
  }
}

void AnalyzedChunk::Parse(LogParser parser, const ChunkRules& rules) {
  parser_ = std::move(parser);
  // The records of all lines are alive at once.
  parser_->HoldTexts();
  Clear(rules);
  ForEachLine(lines.text, [&](std::string_view line) { ParseLine(line, rules); });
}

void AnalyzedChunk::ParseLine(std::string_view line, const ChunkRules& rules) {
  const ParseOutcome outcome = parser_->Parse(line, record_);
  ++counts_.physical;
  if (outcome == ParseOutcome::kFragment) return;
  ++counts_.lines;
  if (!HasRecord(outcome) && !parser_->IsUnnamedRequest(outcome, record_)) {
    ++counts_.unparsed[static_cast<size_t>(ReasonOf(outcome))];
    return;
  }
  ++counts_.parsed;
  ++counts_.by_status[StatusSlot(record_.status)];
  const Client client = rules.namer.Identify(record_);
  ShardRequests& requests = by_shard_[ShardOf(client.key)];
  requests.all.push_back({client, record_.status});
  if (rules.failures[record_.status]) requests.failed.push_back({client, record_});
  bad_requests_->Observe(record_);
  if (rules.status == record_.status) matches_.push_back({counts_.physical, record_.line});
}

}  // namespace accesslog
