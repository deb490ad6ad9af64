#include "app/analysis_in_turn.h"

#include "app/analysis_text.h"
#include "app/format_watch.h"
#include "base/text.h"

namespace accesslog {

void AnalysisInTurn::Take(AnalyzedChunk& chunk) {
  if (chunk.begins_file) file_ = {};
  text_.clear();
  for (const AnalyzedChunk::Match& match : chunk.matches()) Keep(match, paths_[chunk.file]);
  if (!text_.empty()) console_.Print(text_);
  const AnalyzedChunk::Counts& counts = chunk.counts();
  file_.lines += counts.lines;
  file_.physical += counts.physical;
  file_.parsed += counts.parsed;
  counts_.lines += counts.lines;
  counts_.parsed += counts.parsed;
  for (size_t i = 0; i < kUnparsedReasonCount; ++i) counts_.unparsed[i] += counts.unparsed[i];
  for (size_t i = 0; i < kStatusSlots; ++i) counts_.by_status[i] += counts.by_status[i];
  bad_requests_.Add(chunk.bad_requests());
  chunk.JudgeAnswers(pages_);
  for (const SiteDetector::Answers& answers : chunk.answers()) Add(answers);
  if (chunk.ends_file) EndFile(chunk);
}

// Error lines are kept for the first stretches only: episodes show few, and a log of nothing but errors
// must not be held in memory.
void AnalysisInTurn::Add(const SiteDetector::Answers& answers) {
  constexpr auto kTogether = std::chrono::seconds{10};
  constexpr size_t kMostLines = 100000;
  const Time at = answers.at == Time{} ? now_ : answers.at;
  const bool goes_on = !answers_.empty() && answers_.back().at.time_since_epoch() / kTogether ==
                                                at.time_since_epoch() / kTogether;
  if (!goes_on) answers_.push_back({.at = at, .requests = 0, .line = {}});
  SiteDetector::Answers& last = answers_.back();
  last.requests += answers.requests;
  last.server_errors += answers.server_errors;
  last.bad_requests += answers.bad_requests;
  if (!last.line.empty() || answers.line.empty() || error_lines_.size() == kMostLines) return;
  last.line = error_lines_.emplace_back(PrintableUpTo(answers.line, sample_limits_.line_bytes));
}

void AnalysisInTurn::Keep(const AnalyzedChunk::Match& match, const std::string& path) {
  const uint64_t number = file_.physical + match.number;
  if (options_.json) {
    matches_.push_back({path, number, std::string(match.line)});
    return;
  }
  // As `grep -n` writes it, but nothing in it can command the terminal.
  if (paths_.size() > 1) text_ += Printable(path) + ':';
  text_ += std::to_string(number) + ':' + Printable(match.line) + '\n';
}

void AnalysisInTurn::KeepFormat(const AnalyzedChunk& chunk) {
  const LogParser& parser = chunk.parser();
  AnalyzedFile& file = files_.emplace_back();
  file.path = paths_[chunk.file];
  file.lines = file_.lines;
  file.format_changes = parser.format_changes();
  if (parser.learned_lines() == 0) return;
  file.format = parser.format_name();
  file.fit = ConfidenceText(parser);
  file.confidence = parser.confidence();
  file.sure = IsSure(parser);
  file.told = file.format != fresh_name_;
  // Between lines as `grep -n` prints them this stands only where something may be wrong.
  if (options_.status && !options_.json && file.told && !(file.sure && file.format_changes == 0)) {
    console_.Complain(FormatText(file));
  }
}

void AnalysisInTurn::EndFile(const AnalyzedChunk& chunk) {
  KeepFormat(chunk);
  if (chunk.error) {
    console_.Complain(chunk.error->message + '\n');
    failed_ = true;
  }
  // A file that is no access log is a mistake worth a word. An empty one is a quiet day.
  if (file_.lines == 0 || file_.parsed > 0) return;
  failed_ = true;
  const std::string none =
      Printable(paths_[chunk.file]) + ": none of " + Plural(file_.lines, "line") + " could be read";
  console_.Complain(format_ == "auto"
                        ? none + " in a known format; name the right one with --format\n"
                        : none + " as " + format_ + "; is that the format of this log?\n");
}

}  // namespace accesslog
