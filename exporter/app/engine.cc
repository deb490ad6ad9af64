#include "app/engine.h"

#include <spdlog/logger.h>

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "app/prime_parser.h"
#include "app/report_source.h"
#include "base/byte_codec.h"
#include "base/text.h"
#include "input/inotify_watcher.h"

namespace accesslog {
namespace {

// How long lines may wait for those behind them.
constexpr Duration kGather = std::chrono::milliseconds{20};

// Kinds of parts of a snapshot, beside those of SiteEngine.
constexpr const char* kFile = "file";
constexpr const char* kStream = "stream";
constexpr const char* kPatterns = "patterns";

uint64_t RandomSecret() {
  std::random_device device;
  return (uint64_t{device()} << 32U) | device();
}

bool IsStream(const std::string& file) { return NamesStream(file) || IsFifo(file); }

std::string SavePatterns(const std::vector<std::string>& patterns) {
  ByteWriter writer;
  writer.Number(patterns.size());
  for (const std::string& pattern : patterns) writer.Text(pattern);
  return writer.Take();
}

std::set<std::string> LoadPatterns(const std::string& bytes) {
  ByteReader reader(bytes);
  std::set<std::string> patterns;
  for (uint64_t left = reader.Count(); left > 0; --left) patterns.emplace(reader.Text());
  return patterns;
}

}  // namespace

struct Engine::Site {
  const SiteConfig& config;
  std::string name;
  std::unique_ptr<SiteEngine> engine{};
  std::map<std::string, std::string> saved{};  // parts, until they are loaded
  std::set<std::string> known_patterns{};
};

// Charges the lines of one file to its site.
class Engine::Source final : public LineSink {
 public:
  Source(Engine& engine, Site& site, std::string path, LogParser parser)
      : engine_(engine), site_(site), path_(std::move(path)), parser_(std::move(parser)) {}

  void Take(const LineBlock& block) override {
    const std::lock_guard lock(engine_.mutex_);
    // Under the lock, so that the sites see time go forward only.
    const Time now = engine_.clock_();
    SiteEngine& site = *site_.engine;
    ForEachLine(block.text, [&](std::string_view line) {
      const Record* record = site.Count(line, parser_, now).record;
      if (record != nullptr && record->time) last_line_ = record->time;
    });
    site.CountOversized(block.oversized_lines);
    engine_.NoteNews(now);
    if (const auto notice = format_watch_.Look(parser_, now)) {
      engine_.log_.log(notice->is_warning ? spdlog::level::warn : spdlog::level::info, "{}: {}",
                       Printable(path_), notice->text);
    }
  }

  void Save(ByteWriter& writer) const {
    writer.Flag(last_line_.has_value());
    writer.Moment(last_line_.value_or(Time{}));
    parser_.Save(writer);
  }
  bool Load(ByteReader& reader) {
    const bool has_last = reader.Flag();
    const Time last = reader.Moment();
    if (has_last) last_line_ = last;
    return parser_.Load(reader);
  }

  LogParser& parser() { return parser_; }
  std::optional<Time> last_line() const { return last_line_; }
  std::string format_name() const { return parser_.format_name(); }

 private:
  Engine& engine_;
  Site& site_;
  std::string path_;
  LogParser parser_;
  std::optional<Time> last_line_;
  FormatWatch format_watch_;
};

Engine::Engine(const Config& config, FileSystem& files, Clock clock, int wake_fd, std::mutex& mutex,
               spdlog::logger& log)
    : config_(config),
      files_(files),
      clock_(std::move(clock)),
      wake_fd_(wake_fd),
      mutex_(mutex),
      log_(log),
      secret_(RandomSecret()),
      crawler_files_(config_.crawlers, [this](const std::string& text) { log_.warn("{}", text); }),
      purge_(config.clients.privacy != Privacy::kFull) {
  crawler_files_.Update();
  crawler_views_ = crawler_files_.Views();
  for (const SiteConfig& site_config : config_.sites) {
    auto site = std::make_unique<Site>(Site{.config = site_config, .name = site_config.name});
    site->engine = NewSiteEngine(*site);
    sites_.push_back(std::move(site));
  }
}

std::unique_ptr<SiteEngine> Engine::NewSiteEngine(const Site& site) const {
  DetectOptions detect = site.config.detect;
  detect.crawlers = crawler_files_.crawlers();
  auto engine = std::make_unique<SiteEngine>(site.name, config_.clients, detect, secret_,
                                             site.config.protected_paths);
  engine->KeepDays(site.config.time_zone);
  return engine;
}

Engine::~Engine() = default;

void Engine::Restore(const Snapshot& snapshot) {
  exact_ = snapshot.clean;
  // Two snapshots may have been missed before somebody looked.
  restore_times_ = {snapshot.taken, clock_(), 2 * config_.state.interval, false};
  RestoreParts(snapshot);
}

void Engine::TakeOver(Engine& before) {
  const Snapshot snapshot = before.Save();
  restore_times_ = {snapshot.taken, clock_(), Duration{0}, true};
  crawler_files_.TakeOver(before.crawler_files_);
  for (auto& site : sites_) site->engine->SetCrawlers(crawler_files_.crawlers());
  RestoreParts(snapshot);
  purge_ = purge_ || before.purge_ || before.config_.clients.privacy != config_.clients.privacy;
  // With the open files, which may have no name any more.
  for (TailSet::SavedFile& file : before.tails_->Save()) {
    saved_files_[{before.sites_[file.site]->name, file.path}].tail = std::move(file.tail);
  }
  if (before.streams_ && before.streams_->MoveTo(StreamSources())) {
    streams_ = std::move(before.streams_);
  } else {
    before.streams_.reset();
  }
}

void Engine::RestoreParts(const Snapshot& snapshot) {
  for (const auto& [key, bytes] : snapshot.parts) {
    const auto site =
        std::find_if(sites_.begin(), sites_.end(),
                     [&name = key.site](const auto& other) { return other->name == name; });
    if (site == sites_.end()) continue;
    // A key that is out of use must not wait in some corner of the file.
    if (key.kind == "key" && config_.clients.privacy != Privacy::kHashed) purge_ = true;
    if (key.kind == kFile) {
      RestoreFile(key, bytes);
    } else if (key.kind == kStream) {
      saved_streams_[{key.site, key.name}] = bytes;
    } else if (key.kind == kPatterns) {
      (*site)->known_patterns = LoadPatterns(bytes);
    } else {
      (*site)->saved[key.kind] = bytes;
    }
  }
}

void Engine::RestoreFile(const PartKey& key, const std::string& bytes) {
  SavedFile file;
  ByteReader reader(bytes);
  if (Load(reader, file.tail)) {
    file.source = reader.Text();
    if (reader.IsDone()) {
      saved_files_[{key.site, key.name}] = std::move(file);
      return;
    }
  }
  log_.error("the state does not say how far {} was read; it is followed as a new file", key.name);
}

TailSetOptions Engine::TailOptions() const {
  TailSetOptions options;
  for (size_t i = 0; i < config_.sites.size(); ++i) {
    TailSource source;
    source.site = i;
    for (const std::string& file : config_.sites[i].files) {
      if (!IsStream(file)) source.patterns.push_back(file);
    }
    source.tailer.start = config_.sites[i].start;
    source.known_patterns = sites_[i]->known_patterns;
    options.sources.push_back(std::move(source));
  }
  return options;
}

Engine::Streams Engine::StreamSources() const {
  Streams sources;
  for (size_t i = 0; i < config_.sites.size(); ++i) {
    for (const std::string& file : config_.sites[i].files) {
      if (IsStream(file)) sources.push_back({i, file});
    }
  }
  return sources;
}

bool Engine::HasStreams(size_t site) const {
  const auto& sources = streams_->sources();
  return std::any_of(sources.begin(), sources.end(),
                     [&](const StreamSource& source) { return source.site == site; });
}

Result<void> Engine::OpenStreams() {
  const auto make_sink = [this](size_t site, const std::string& text) {
    return FollowStream(site, text);
  };
  if (streams_) {
    streams_->ChangeSinks(make_sink);
  } else {
    StreamSetOptions options;
    options.sources = StreamSources();
    streams_ = std::make_unique<StreamSet>(std::move(options), make_sink, log_);
    if (auto opened = streams_->Open(); !opened) return opened;
  }
  if (auto created = wake_.Create(); !created) return created;
  wake_.Add(wake_fd_, 0);
  wake_.Add(streams_->fd(), 1);
  return {};
}

Result<void> Engine::Open() {
  if (auto opened = OpenStreams(); !opened) return opened;
  tails_ = std::make_unique<TailSet>(
      TailOptions(), files_, InotifyWatcher::Create(),
      [this](size_t site, const std::string& path) { return Follow(site, path); }, log_);
  for (size_t i = 0; i < sites_.size(); ++i) {
    for (const auto& [key, file] : saved_files_) {
      if (key.first == sites_[i]->name) tails_->Restore(i, key.second, file.tail);
    }
  }
  const std::set<size_t> lost = tails_->Open(clock_);
  for (size_t i = 0; i < sites_.size(); ++i)
    LoadSite(*sites_[i], lost.contains(i) || HasStreams(i));
  saved_files_.clear();
  saved_truncations_ = tails_->truncations();
  opened_ = clock_();
  Publish(clock_());
  return {};
}

std::shared_ptr<LineSink> Engine::Follow(size_t site, const std::string& path) {
  // The format was checked with the configuration.
  auto source = std::make_shared<Source>(*this, *sites_[site], path,
                                         *LogParser::Create(config_.sites[site].format));
  const auto saved = saved_files_.find({sites_[site]->name, path});
  if (saved != saved_files_.end()) {
    if (LoadSource(saved->second.source, *source)) return source;
    log_.warn("what is known of the format of {} cannot be read; it is learned anew", path);
    source = std::make_shared<Source>(*this, *sites_[site], path,
                                      *LogParser::Create(config_.sites[site].format));
  }
  if (config_.sites[site].start == StartAt::kEnd) PrimeParser(files_, path, source->parser());
  return source;
}

std::shared_ptr<LineSink> Engine::FollowStream(size_t site, const std::string& text) {
  LogParser parser = *LogParser::Create(config_.sites[site].format);
  if (NamesSyslog(text)) parser.ExpectFraming(Framing::kSyslog);
  auto source = std::make_shared<Source>(*this, *sites_[site], text, parser);
  const auto saved = saved_streams_.find({sites_[site]->name, text});
  if (saved == saved_streams_.end() || LoadSource(saved->second, *source)) return source;
  return std::make_shared<Source>(*this, *sites_[site], text, std::move(parser));
}

bool Engine::LoadSource(const std::string& bytes, Source& source) const {
  ByteReader reader(bytes);
  return source.Load(reader) && reader.IsDone();
}

// Where lines may have been counted and shown that nobody can read again, the old sums would be
// less than those shown; Prometheus would take that for a new start at nought and the whole sum for
// an increase. So then it is a new start at nought.
void Engine::LoadSite(Site& site, bool lost) {
  const auto saved = std::exchange(site.saved, {});
  if (saved.empty()) return;
  const std::lock_guard lock(mutex_);
  if (lost && !exact_) {
    log_.warn("the counters of {} begin at 0: lines that were counted already may be gone",
              site.name);
    return;
  }
  if (site.engine->LoadParts(saved, restore_times_)) return;
  log_.error("the state of {} cannot be read; its counters begin at 0", site.name);
  site.engine = NewSiteEngine(site);
}

void Engine::CatchUp(const std::function<bool()>& after_turn) {
  tails_->CatchUp(clock_, [&] {
    streams_->Read(clock_());
    return after_turn();
  });
}

// A server that writes each line by itself would wake us for each: 10,000 lines a second cost 14 % of
// a core so, and 1 % when they are read together.
void Engine::Gather() const {
  const Duration since = clock_() - last_lines_;
  if (since < Duration{0} || since >= kGather || tails_->has_more()) return;
  std::this_thread::sleep_for(kGather - since);
}

void Engine::Step(Duration max_wait) {
  Gather();
  tails_->Step(clock_, wake_.fd(), max_wait);
  streams_->Read(clock_());
}

void Engine::NoteNews(Time now) {
  last_lines_ = now;
  news_ = true;
  settled_ = now + config_.clients.first_value_hold + 2 * config_.state.interval;
}

void Engine::ForgetNews() {
  news_ = false;
  purge_ = false;
  saved_truncations_ = tails_->truncations();
}

// Read without the mutex: only the exchange is done under it.
void Engine::LookAtCrawlers(Time now) {
  if (!crawler_files_.UpdateIfDue(now)) return;
  const std::lock_guard lock(mutex_);
  for (auto& site : sites_) site->engine->SetCrawlers(crawler_files_.crawlers());
}

void Engine::Publish(Time now) {
  LookAtCrawlers(now);
  std::vector<CrawlerView> crawlers = crawler_files_.Views();
  std::vector<TailedFile> tailed = tails_->Files();
  std::vector<StreamStatus> streamed = streams_->Streams();
  const std::lock_guard lock(mutex_);
  tailed_ = std::move(tailed);
  streamed_ = std::move(streamed);
  crawler_views_ = std::move(crawlers);
  Advance(now);
  for (auto& site : sites_) {
    if (!site->engine->RotateKeyIfDue(now)) continue;
    // An old key must not wait on the disk for the next line.
    news_ = true;
    purge_ = true;
  }
}

void Engine::Advance(Time now) {
  for (auto& site : sites_) site->engine->Advance(now);
}

void Engine::GoLive() {
  const Time now = clock_();
  // What an old log tells that is read for the first time is no news for anybody.
  const bool resumed = restore_times_.taken != Time{};
  NoteNews(now);
  const std::lock_guard lock(mutex_);
  for (auto& site : sites_) site->engine->GoLive(resumed ? opened_ : now, now);
}

Snapshot Engine::Save() const {
  Snapshot snapshot;
  snapshot.taken = clock_();
  snapshot.purge = purge_;
  for (size_t i = 0; i < sites_.size(); ++i) {
    const std::string& name = sites_[i]->name;
    for (auto& [kind, bytes] : SaveSite(*sites_[i])) {
      snapshot.parts[{name, kind, ""}] = std::move(bytes);
    }
    snapshot.parts[{name, kPatterns, ""}] = SavePatterns(config_.sites[i].files);
  }
  for (const TailSet::SavedFile& file : tails_->Save()) {
    ByteWriter source;
    static_cast<const Source&>(*file.sink).Save(source);
    ByteWriter writer;
    accesslog::Save(config_.clients.privacy == Privacy::kFull ? file.tail : WithoutHeads(file.tail),
                    writer);
    writer.Text(source.bytes());
    snapshot.parts[{sites_[file.site]->name, kFile, file.path}] = writer.Take();
  }
  for (const StreamStatus& stream : streams_->Streams()) {
    ByteWriter writer;
    static_cast<const Source&>(*stream.sink).Save(writer);
    snapshot.parts[{sites_[stream.site]->name, kStream, stream.source}] = writer.Take();
  }
  return snapshot;
}

// One site at a time, so that nobody who looks waits for all of them.
std::map<std::string, std::string> Engine::SaveSite(const Site& site) const {
  const std::lock_guard lock(mutex_);
  return site.engine->SaveParts();
}

std::vector<SiteView> Engine::SiteViews() const {
  std::vector<SiteView> views;
  for (const auto& site : sites_) views.push_back(site->engine->View());
  return views;
}

std::vector<ReportSource> Engine::ReportSources() const {
  std::vector<ReportSource> sources;
  for (const auto& site : sites_) sources.push_back(SourceOf(*site->engine));
  return sources;
}

std::vector<FileView> Engine::FileViews() const {
  std::vector<FileView> views;
  for (const TailedFile& file : tailed_) {
    FileView view{.site = sites_[file.site]->name,
                  .path = file.path,
                  .open = file.stats.open,
                  .open_errors = file.stats.open_errors,
                  .bytes_behind = file.stats.bytes_behind,
                  .rotations = file.stats.rotations,
                  .truncations = file.stats.truncations,
                  .lost_bytes = file.stats.lost_bytes,
                  .lost_files = file.stats.lost_files,
                  .last_line = {}};
    // A glob that matches nothing is told of, but followed by nobody.
    if (file.sink) {
      const auto& source = static_cast<const Source&>(*file.sink);
      view.last_line = source.last_line();
      view.format = source.format_name();
    }
    views.push_back(std::move(view));
  }
  for (const StreamStatus& stream : streamed_) {
    const auto& source = static_cast<const Source&>(*stream.sink);
    views.push_back({.site = sites_[stream.site]->name,
                     .path = stream.source,
                     .open = stream.stats.open,
                     .dropped_messages = stream.stats.dropped,
                     .last_line = source.last_line(),
                     .format = source.format_name()});
  }
  return views;
}

uint64_t Engine::lines_read() const {
  uint64_t lines = 0;
  for (const auto& site : sites_) lines += site->engine->lines_read();
  return lines;
}

}  // namespace accesslog
