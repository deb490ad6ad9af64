// Some whole lines of one file and the Records in them, sorted by shard: what a thread can make of
// them on its own. Used again and again, so that nothing is allocated once it has its size.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "app/analysis_shards.h"
#include "app/failed_requests.h"
#include "base/result.h"
#include "clients/client_key.h"
#include "detect/options.h"
#include "detect/page_sizes.h"
#include "detect/request_classifier.h"
#include "detect/site_detector.h"
#include "input/whole_file.h"
#include "parse/log_parser.h"
#include "parse/outcome.h"
#include "record/record.h"
#include "traffic/traffic.h"

namespace accesslog {

// What applies to all chunks.
struct ChunkRules {
  const ClientNamer& namer;
  std::optional<uint16_t> status;  // of the lines to keep as matches
  SampleLimits samples;
  const DetectOptions& detect;
  std::shared_ptr<const AttackSignatures> signatures;
};

class AnalyzedChunk {
 public:
  struct Match {
    uint64_t number = 0;  // as `grep -n` counts, from 1, within the chunk
    std::string_view line;
  };
  struct Counts {
    uint64_t lines = 0;     // of the server's
    uint64_t physical = 0;  // of the file's; a line that a container runtime cut is several
    uint64_t parsed = 0;
    std::array<uint64_t, kUnparsedReasonCount> unparsed{};
    std::array<uint64_t, kStatusSlots> by_status{};  // of the parsed ones
  };

  // Filled by the reader.
  LineChunk lines;
  size_t file = 0;  // which of the files
  bool begins_file = false;
  bool ends_file = false;      // nothing follows; `lines` is empty
  std::optional<Error> error;  // why the file ended too early

  // May be called again, with another parser.
  void Parse(LogParser parser, const ChunkRules& rules);

  // As it stands behind the last line.
  const LogParser& parser() const { return *parser_; }

  const Counts& counts() const { return counts_; }
  const BadRequests& bad_requests() const { return *bad_requests_; }
  const std::vector<Match>& matches() const { return matches_; }
  const ShardRequests& requests(size_t shard) const { return by_shard_[shard]; }
  // The requests by ten seconds of their time, in the order of the lines.
  const std::vector<SiteDetector::Answers>& answers() const { return answers_; }
  // Decides which attacks of this chunk were answered, and learns what pages it shows. In turn.
  void JudgeAnswers(PageSizes& pages);

 private:
  void Clear(const ChunkRules& rules);
  void ParseLine(std::string_view line, const ChunkRules& rules);
  void NoteAnswer(const RequestFacts& facts);
  void NotePage(const RequestFacts& facts, size_t shard);

  std::optional<LogParser> parser_;
  Counts counts_;
  std::optional<BadRequests> bad_requests_;
  std::vector<Match> matches_;
  Record record_;  // of the present line
  std::array<ShardRequests, kShards> by_shard_;
  std::optional<RequestClassifier> classifier_;
  // An answer with a body, and where the request stands if it was an attack.
  struct Page {
    uint64_t path_hash = 0;
    uint32_t bytes = 0;
    Time at{};
    uint32_t shard = 0;
    uint32_t attack = kNoAttack;
  };
  static constexpr uint32_t kNoAttack = 0xFFFFFFFFU;
  std::vector<Page> pages_;
  std::vector<uint64_t> recent_pages_;  // of this chunk, so that each is learned once
  std::vector<SiteDetector::Answers> answers_;
};

}  // namespace accesslog
