// The part of `analyze` that goes line by line through the files in their order: which parser a
// chunk has, totals, numbers of lines, what is printed meanwhile. Everything else is the shards'.
// One thread at a time, but not always the same one.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "app/analysis.h"
#include "app/analysis_json.h"
#include "app/analyze.h"
#include "app/analyzed_chunk.h"
#include "app/console.h"
#include "app/failed_requests.h"
#include "detect/page_sizes.h"
#include "detect/site_detector.h"

namespace accesslog {

class AnalysisInTurn {
 public:
  // `format` is what was asked for, and `fresh_parser` how each file's parser begins.
  AnalysisInTurn(const AnalyzeOptions& options, std::string format, const LogParser& fresh_parser,
                 const std::vector<std::string>& paths, SampleLimits samples, Time now,
                 Console& console)
      : options_(options),
        format_(std::move(format)),
        fresh_name_(fresh_parser.format_name()),
        paths_(paths),
        console_(console),
        now_(now),
        sample_limits_(samples),
        bad_requests_(samples) {}

  // `chunk` has been parsed as its turn wants it.
  void Take(AnalyzedChunk& chunk);

  const AnalyzedChunk::Counts& counts() const { return counts_; }
  const BadRequests& bad_requests() const { return bad_requests_; }
  // The requests by ten seconds of their time, in the order of the lines.
  const std::vector<SiteDetector::Answers>& answers() const { return answers_; }
  std::vector<MatchingLine> TakeMatches() { return std::move(matches_); }
  std::vector<AnalyzedFile> TakeFiles() { return std::move(files_); }
  // A file could not be read, or not as a log.
  bool failed() const { return failed_; }

 private:
  void Keep(const AnalyzedChunk::Match& match, const std::string& path);
  void EndFile(const AnalyzedChunk& chunk);
  void KeepFormat(const AnalyzedChunk& chunk);

  const AnalyzeOptions& options_;
  std::string format_;
  std::string fresh_name_;  // of the format, before any line was seen
  const std::vector<std::string>& paths_;
  Console& console_;
  AnalyzedChunk::Counts counts_;
  AnalyzedChunk::Counts file_;  // of the present file; no more than is asked for
  Time now_;  // for lines without a time of their own
  SampleLimits sample_limits_;
  BadRequests bad_requests_;
  void Add(const SiteDetector::Answers& answers);

  std::vector<SiteDetector::Answers> answers_;
  std::deque<std::string> error_lines_;  // that they show
  PageSizes pages_;
  std::vector<MatchingLine> matches_;
  std::vector<AnalyzedFile> files_;
  std::string text_;  // to be printed
  bool failed_ = false;
};

}  // namespace accesslog
