#include "app/analyze.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <ostream>
#include <thread>
#include <utility>

#include "app/analysis.h"
#include "app/analysis_in_turn.h"
#include "app/analysis_json.h"
#include "app/analysis_text.h"
#include "app/chunk_pipeline.h"
#include "app/console.h"
#include "app/crawler_files.h"
#include "app/file_sequence.h"
#include "base/text.h"
#include "base/time_format.h"

namespace accesslog {
namespace {

// The site whose name, format and login settings apply: the configuration's, if it has just one.
SiteConfig SiteFor(const AnalyzeOptions& options, const Config& config) {
  SiteConfig site = config.sites.size() == 1 ? config.sites.front() : DefaultSite(config, {});
  if (options.format != "auto") site.format = options.format;
  return site;
}

// Threads are not worth their start for less.
constexpr uint64_t kSmall = uint64_t{4} << 20U;

size_t Threads(const AnalyzeOptions& options, const FileSequence& files) {
  if (options.threads > 0) return options.threads;
  if (files.total_bytes() && *files.total_bytes() < kSmall) return 1;
  return std::max(1U, std::thread::hardware_concurrency());
}

Result<void> Append(const AnalyzeOptions& options, const Analysis& analysis, Time now) {
  errno = 0;
  std::ofstream file(options.append, std::ios::app);
  file << "=== " << FormatLocal(now);
  for (const std::string& path : options.files) file << ' ' << Printable(path);
  file << " ===\n" << FindingsText(analysis) << std::flush;
  if (!file)
    return Error{"cannot append to " + Printable(options.append) + ": " + ErrnoText(errno)};
  return {};
}

void Print(const AnalyzeOptions& options, const Analysis& analysis,
           const std::vector<MatchingLine>& matches, std::ostream& out) {
  if (options.json) {
    out << AnalysisJson(analysis, options.top, options.status, matches);
  } else if (options.status) {
    out << StatusText(analysis, *options.status, options.top);
  } else {
    out << AnalysisText(analysis, options.top);
  }
  out << std::flush;
}

// What was read, and whether all went well.
struct Outcome {
  Analysis analysis;
  std::vector<MatchingLine> matches;
  bool failed = false;
};

// Each shard knows the logins of its clients.
std::vector<LoginEvent> TakeLogins(ChunkPipeline::Shards& shards) {
  std::vector<LoginEvent> events;
  for (const auto& shard : shards) {
    auto& some = shard->detector().login_events();
    std::move(some.begin(), some.end(), std::back_inserter(events));
    some.clear();
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const LoginEvent& a, const LoginEvent& b) { return a.at < b.at; });
  return events;
}

// What concerns all clients together, in the order of time.
SiteDetector WatchSite(const DetectOptions& detect, const std::vector<SiteDetector::Answers>& answers,
                       ChunkPipeline::Shards& shards) {
  SiteDetector site(detect);
  const std::vector<LoginEvent> events = TakeLogins(shards);
  auto event = events.begin();
  for (const SiteDetector::Answers& some : answers) {
    for (; event != events.end() && event->at < some.at; ++event) site.Count(*event);
    site.Count(some);
  }
  for (; event != events.end(); ++event) site.Count(*event);
  site.Finish();
  return site;
}

Outcome ReadAll(const AnalyzeOptions& options, const SiteConfig& site, const ClientOptions& clients,
                const LogParser& parser, const Clock& clock, Console& console) {
  const ClientNamer namer(clients);
  ChunkPipeline::Shards shards = MakeShards(clients, site.detect, namer, clock());
  const ChunkRules rules{namer,
                         options.status,
                         {site.detect.max_samples, site.detect.max_sample_bytes},
                         site.detect,
                         SignaturesOf(site.detect)};
  FileSequence files(OldestFirst(options.files, parser));
  AnalysisInTurn in_turn(options, site.format, parser, files.paths(), rules.samples, clock(),
                         console);
  ChunkPipeline pipeline(files, parser, rules, in_turn, shards);
  pipeline.Run(Threads(options, files), [&] {
    console.ShowProgress({files.bytes_read(), files.total_bytes(), pipeline.lines()}, clock());
  });
  console.EndProgress();
  const SiteDetector of_site = WatchSite(site.detect, in_turn.answers(), shards);
  for (const auto& shard : shards) shard->Finish();
  const AnalyzedChunk::Counts& counts = in_turn.counts();
  const AnalysisTotals totals{site.name,       counts.lines,     counts.parsed,
                              counts.unparsed, counts.by_status, in_turn.bad_requests().tally(),
                              of_site.episodes()};
  Analysis analysis = Summarize(totals, site.detect, namer, shards);
  analysis.files = in_turn.TakeFiles();
  return {std::move(analysis), in_turn.TakeMatches(), in_turn.failed()};
}

}  // namespace

int Analyze(const AnalyzeOptions& options, const Config& config, const Clock& clock,
            std::ostream& out, std::ostream& err) {
  SiteConfig site = SiteFor(options, config);
  const auto parser = LogParser::Create(site.format);
  if (!parser) {
    err << parser.error().message << '\n';
    return 2;
  }
  CrawlerFiles crawlers(config.crawlers, [&](const std::string& text) { err << text << '\n'; });
  crawlers.Update();
  site.detect.crawlers = crawlers.crawlers();
  Console console(out, err, clock());
  auto [analysis, matches, failed] =
      ReadAll(options, site, config.clients, *parser, clock, console);
  // Where nothing could be read, "no unusual login attempts" would be a lie.
  if (failed && analysis.lines_parsed == 0) return 2;
  Print(options, analysis, matches, out);
  if (!out) {
    err << "cannot write the result\n";
    failed = true;
  }
  if (!options.append.empty()) {
    const auto appended = Append(options, analysis, clock());
    if (!appended) {
      err << appended.error().message << '\n';
      failed = true;
    }
  }
  if (failed) return 2;
  return options.fail_on_findings && !analysis.findings.empty() ? 1 : 0;
}

}  // namespace accesslog
