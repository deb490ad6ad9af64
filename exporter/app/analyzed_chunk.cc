#include "app/analyzed_chunk.h"

#include <utility>

#include "base/text_hash.h"
#include "detect/breach.h"
#include "input/line_block.h"

namespace accesslog {
namespace {

// Nobody attacks the hash of a program that runs for a second over a file.
constexpr uint64_t kFactsSecret = 0x6C62272E07BB0142U;
constexpr size_t kRecentPages = 1024;  // a power of two

}  // namespace

void AnalyzedChunk::Clear(const ChunkRules& rules) {
  counts_ = {};
  counts_.lines = counts_.physical = lines.oversized_lines;
  counts_.unparsed[static_cast<size_t>(UnparsedReason::kTooLong)] = lines.oversized_lines;
  bad_requests_.emplace(rules.samples);
  matches_.clear();
  for (ShardRequests& requests : by_shard_) requests.clear();
  if (!classifier_) classifier_.emplace(rules.detect, rules.signatures, kFactsSecret);
  pages_.clear();
  recent_pages_.assign(kRecentPages, 0);
  answers_.clear();
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
  const size_t shard = ShardOf(client.key);
  by_shard_[shard].push_back({client, classifier_->Classify(record_)});
  const RequestFacts& facts = by_shard_[shard].back().facts;
  NoteAnswer(facts);
  if (facts.has_body) NotePage(facts, shard);
  bad_requests_->Observe(record_);
  if (rules.status == record_.status) matches_.push_back({counts_.physical, record_.line});
}

void AnalyzedChunk::NoteAnswer(const RequestFacts& facts) {
  constexpr auto kTogether = std::chrono::seconds{10};
  const Time at = facts.time.value_or(Time{});
  if (answers_.empty() || at.time_since_epoch() / kTogether != answers_.back().at.time_since_epoch() / kTogether) {
    answers_.push_back({.at = at, .requests = 0, .line = {}});
  }
  SiteDetector::Answers& answers = answers_.back();
  ++answers.requests;
  const bool server_error = facts.status >= 500;
  const bool bad_request = facts.status == 400;
  answers.server_errors += server_error ? 1 : 0;
  answers.bad_requests += bad_request ? 1 : 0;
  if (answers.line.empty() && (server_error || bad_request)) answers.line = facts.line;
}

void AnalyzedChunk::NotePage(const RequestFacts& facts, size_t shard) {
  const uint64_t page = MixWords(facts.path_hash ^ 0x9FB21C651E98DF25U, facts.bytes ^ kFactsSecret);
  uint64_t& recent = recent_pages_[page % kRecentPages];
  if (recent == page && !facts.leaks) return;
  recent = page;
  Page noted{facts.path_hash, facts.bytes, facts.time.value_or(Time{}),
             static_cast<uint32_t>(shard), kNoAttack};
  if (facts.leaks) noted.attack = static_cast<uint32_t>(by_shard_[shard].size() - 1);
  pages_.push_back(noted);
}

// All pages of the chunk are known before the first attack is judged: a scanner may be the first to find
// out what the site shows to everybody.
void AnalyzedChunk::JudgeAnswers(PageSizes& pages) {
  const auto learn = [&](const Page& page) {
    if (page.bytes > 0) pages.Observe(page.path_hash, page.bytes, page.at);
  };
  for (const Page& page : pages_) {
    if (page.attack == kNoAttack) learn(page);
  }
  const uint64_t root = classifier_->HashOfPath("/");
  for (const Page& page : pages_) {
    if (page.attack == kNoAttack) continue;
    JudgeAnswer(by_shard_[page.shard][page.attack].facts, root, page.at, pages);
    learn(page);
  }
}

}  // namespace accesslog
