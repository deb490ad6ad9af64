#include "app/analyze.h"

#include <cerrno>
#include <fstream>
#include <ostream>

#include "app/analysis.h"
#include "app/analysis_json.h"
#include "app/analysis_text.h"
#include "app/failed_requests.h"
#include "app/progress.h"
#include "app/site_engine.h"
#include "app/terminal.h"
#include "base/text.h"
#include "base/time_format.h"
#include "input/line_block.h"
#include "input/whole_file.h"

namespace accesslog {
namespace {

// Nobody attacks the hash of a program that runs for a second over a file; the answer is the same for
// any secret.
constexpr uint64_t kSecret = 0x5DEECE66D;

class Analyzer {
 public:
  Analyzer(const AnalyzeOptions& options, const SiteConfig& site, const ClientOptions& clients,
           const Clock& clock, std::ostream& out, Progress& progress)
      : options_(options),
        engine_(site.name, Unbounded(clients), Unbounded(site.detect), kSecret),
        failed_(site.detect.max_samples, site.detect.max_sample_bytes),
        now_(clock()),
        out_(out),
        progress_(progress) {}

  void BeginFile(const std::string& path, LogParser& parser) {
    path_ = path;
    parser_ = &parser;
    number_ = 0;
  }

  void Take(const LineChunk& chunk) {
    engine_.CountOversized(chunk.oversized_lines);
    number_ += chunk.oversized_lines;
    ForEachLine(chunk.text, [this](std::string_view line) { TakeLine(line); });
    // Of a line that waits in the stream, half could stand before the progress and half behind it.
    if (progress_.shown_at_all()) out_ << std::flush;
  }

  Analysis Finish() {
    engine_.detector().Finish();
    return Summarize(engine_, failed_);
  }

  const SiteEngine& engine() const { return engine_; }
  const std::vector<MatchingLine>& matches() const { return matches_; }

 private:
  void TakeLine(std::string_view line) {
    ++number_;
    const SiteEngine::Counted counted = engine_.Count(line, *parser_, now_);
    if (counted.record == nullptr) return;
    failed_.Observe(*counted.record, counted.client, engine_.namer());
    if (options_.status == counted.record->status) Match(*counted.record);
  }

  void Match(const Record& record) {
    if (options_.json) {
      matches_.push_back({path_, number_, std::string(record.line)});
      return;
    }
    progress_.Erase();
    // As `grep -n` writes it, but nothing in it can command the terminal.
    if (options_.files.size() > 1) out_ << Printable(path_) << ':';
    out_ << number_ << ':' << Printable(record.line) << '\n';
  }

  const AnalyzeOptions& options_;
  SiteEngine engine_;
  FailedRequests failed_;
  Time now_;
  std::ostream& out_;
  Progress& progress_;
  std::string path_;
  LogParser* parser_ = nullptr;
  uint64_t number_ = 0;
  std::vector<MatchingLine> matches_;
};

// The site whose name, format and login settings apply: the configuration's, if it has just one.
SiteConfig SiteFor(const AnalyzeOptions& options, const Config& config) {
  SiteConfig site = config.sites.size() == 1 ? config.sites.front() : DefaultSite(config, {});
  if (options.format != "auto") site.format = options.format;
  return site;
}

// Nothing if one of them has no size.
std::optional<uint64_t> TotalBytes(const std::vector<std::string>& files) {
  uint64_t total = 0;
  for (const std::string& path : files) {
    const auto size = SizeOf(path);
    if (!size) return std::nullopt;
    total += *size;
  }
  return total;
}

// Reads one file, and tells how far that is. `work` holds what was done before, and then this too.
Result<void> ReadThrough(const std::string& path, const Clock& clock, Analyzer& analyzer,
                         Progress& progress, Progress::Work& work) {
  auto file = WholeFile::Open(path);
  if (!file) return file.error();
  const uint64_t bytes_before = work.bytes;
  LineChunk chunk;
  auto more = file->Read(chunk);
  for (; more && *more; more = file->Read(chunk)) {
    analyzer.Take(chunk);
    work.bytes = bytes_before + file->position();
    work.lines = analyzer.engine().lines_read();
    progress.Update(work, clock());
  }
  if (!more) return more.error();
  return {};
}

// A file that is no access log is a mistake worth a word. An empty one is a quiet day.
bool ComplainIfUnreadable(const SiteEngine& engine, uint64_t lines_before, uint64_t requests_before,
                      const std::string& path, std::string_view format, std::ostream& err) {
  const uint64_t lines = engine.lines_read() - lines_before;
  if (lines == 0 || engine.traffic().total() > requests_before) return false;
  err << Printable(path) << ": none of " << Plural(lines, "line") << " could be read";
  if (format == "auto") {
    err << " in a known format; name the right one with --format\n";
  } else {
    err << " as " << format << "; is that the format of this log?\n";
  }
  return true;
}

Result<void> Append(const AnalyzeOptions& options, const Analysis& analysis, Time now) {
  errno = 0;
  std::ofstream file(options.append, std::ios::app);
  file << "=== " << FormatLocal(now);
  for (const std::string& path : options.files) file << ' ' << Printable(path);
  file << " ===\n" << FindingsText(analysis) << std::flush;
  if (!file) return Error{"cannot append to " + Printable(options.append) + ": " + ErrnoText(errno)};
  return {};
}

void Print(const AnalyzeOptions& options, const Analysis& analysis, const Analyzer& analyzer,
           std::ostream& out) {
  if (options.json) {
    out << AnalysisJson(analysis, options.top, options.status, analyzer.matches());
  } else if (options.status) {
    out << StatusText(analysis, *options.status, options.top);
  } else {
    out << AnalysisText(analysis, options.top);
  }
  out << std::flush;
}

}  // namespace

int Analyze(const AnalyzeOptions& options, const Config& config, const Clock& clock,
            std::ostream& out, std::ostream& err) {
  const SiteConfig site = SiteFor(options, config);
  Progress progress(TerminalOf(err), clock());
  Progress::Work work{0, TotalBytes(options.files), 0};
  Analyzer analyzer(options, site, config.clients, clock, out, progress);
  bool failed = false;
  for (const std::string& path : options.files) {
    auto parser = LogParser::Create(site.format);
    if (!parser) {
      err << parser.error().message << '\n';
      return 2;
    }
    const uint64_t lines_before = analyzer.engine().lines_read();
    const uint64_t requests_before = analyzer.engine().traffic().total();
    analyzer.BeginFile(path, *parser);
    const auto read = ReadThrough(path, clock, analyzer, progress, work);
    progress.Erase();
    if (!read) {
      err << read.error().message << '\n';
      failed = true;
    }
    failed = ComplainIfUnreadable(analyzer.engine(), lines_before, requests_before, path,
                                  site.format, err) ||
             failed;
  }
  const Analysis analysis = analyzer.Finish();
  // Where nothing could be read, "no unusual login attempts" would be a lie.
  if (failed && analysis.lines_parsed == 0) return 2;
  Print(options, analysis, analyzer, out);
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
