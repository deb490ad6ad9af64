// Some whole lines of one file and the Records in them, sorted by shard: what a thread can make of
// them on its own. Used again and again, so that nothing is allocated once it has its size.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/analysis_shards.h"
#include "app/failed_requests.h"
#include "base/result.h"
#include "clients/client_key.h"
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
  StatusSet failures;  // that Detector::Concerns
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

 private:
  void Clear(const ChunkRules& rules);
  void ParseLine(std::string_view line, const ChunkRules& rules);

  std::optional<LogParser> parser_;
  Counts counts_;
  std::optional<BadRequests> bad_requests_;
  std::vector<Match> matches_;
  Record record_;  // of the present line
  std::array<ShardRequests, kShards> by_shard_;
};

}  // namespace accesslog
