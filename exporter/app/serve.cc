#include "app/serve.h"

#include <malloc.h>
#include <spdlog/logger.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>

#include "app/engine.h"
#include "app/landing_page.h"
#include "app/process_signals.h"
#include "app/reporter.h"
#include "app/version.h"
#include "base/text.h"
#include "expose/families.h"
#include "expose/format.h"
#include "http/batch.h"
#include "http/http_server.h"
#include "input/posix_file_system.h"
#include "state/state_store.h"
#include "state/state_writer.h"

namespace accesslog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// How long the last lines may take to be read after the signal to stop, and the state to be
// written.
constexpr Duration kLastRead = seconds{1};
constexpr Duration kLastWrite = seconds{5};
// How long somebody who asked for a reload waits for the answer.
constexpr Duration kLongestReload = seconds{10};
// Tail figures are copied for the scrapers so often at most.
constexpr Duration kPublishInterval = milliseconds{100};
// However many scrape, making what they get takes a quarter of a core at most.
constexpr int kScrapePause = 3;
constexpr Duration kScrapeBurst = milliseconds{150};
// That a report was sent is saved within so long, also while the log is silent.
constexpr Duration kReportInterval = seconds{1};
// Part of the state that belongs to no site.
const PartKey kReportsPart{"", "reports", ""};

// One cut, and its text in the forms that somebody wanted.
class Exposition {
 public:
  explicit Exposition(Cut cut) : cut_(std::move(cut)) {}
  Exposition(const Exposition&) = delete;
  Exposition& operator=(const Exposition&) = delete;

  const SharedBody& Body(Format format) const {
    return format == Format::kText ? text_ : open_metrics_;
  }

 private:
  const Cut cut_;
  const SharedBody text_{
      [this](const SharedBody::Sink& sink) { Write(cut_, Format::kText, sink); }};
  const SharedBody open_metrics_{
      [this](const SharedBody::Sink& sink) { Write(cut_, Format::kOpenMetrics1, sink); }};
};

class Server {
 public:
  Server(const ServeOptions& options, const Clock& clock, spdlog::logger& log);
  Result<void> Run();

 private:
  Result<void> OpenState();
  Result<void> CatchUp();
  void Loop();
  void Stop();
  // Copies the tail figures for the scrapers. False if that was not due yet.
  bool Publish(Time now);
  // Hands a snapshot to the writer if one is due. False if there is news that was not due yet.
  bool SaveIfDue(Time now);
  Snapshot Save();
  std::vector<ReportSource> ReportSources();
  void Reload();
  Result<void> ReadAgain();
  Result<void> Replace(const Config& config);
  void NoteStateEvent(StateWriter::Severity severity, const std::string& text);
  std::optional<StateView> StateNow() const;
  Cut CutNow();
  std::shared_ptr<const Exposition> Expose(Format format, bool gzip);
  HttpResponse Metrics(const HttpRequest& request);
  HttpResponse Ready() const;
  HttpResponse Page();
  HttpResponse ReloadNow();
  std::map<std::string, HttpHandler> Handlers();
  void LogStart(const HttpServer& http) const;

  const ServeOptions& options_;
  Config config_;  // the one in use
  std::atomic<bool> with_created_;
  Clock clock_;
  spdlog::logger& log_;
  ProcessSignals signals_;
  PosixFileSystem files_;
  std::unique_ptr<StateWriter> state_;  // null if nothing is kept
  bool state_set_aside_ = false;
  Time last_publish_{};
  Time last_save_{};
  std::atomic<bool> ready_ = false;
  std::atomic<double> last_scrape_seconds_ = 0;
  Batch<Exposition> expositions_{kScrapePause, kScrapeBurst};

  std::mutex mutex_;  // the one mutex: guards everything below
  std::unique_ptr<Engine> engine_;
  ReloadView reload_;
  uint64_t reloads_ = 0;  // tried
  std::condition_variable reloaded_;

  Reporter reporter_;  // its thread looks at the engine, so it ends first
};

Server::Server(const ServeOptions& options, const Clock& clock, spdlog::logger& log)
    : options_(options),
      config_(options.config),
      with_created_(options.config.created_timestamps),
      clock_(clock),
      log_(log),
      engine_(std::make_unique<Engine>(config_, files_, clock_, signals_.fd(), mutex_, log_)),
      reporter_(config_.report, [this] { return ReportSources(); }, PostAlerts, clock_, log_) {
  reload_.last_success = clock_();
}

Result<void> Server::OpenState() {
  if (config_.state.file.empty()) return {};
  auto opened = StateStore::Open(config_.state.file, clock_);
  if (!opened) return opened.error();
  if (!opened->notice.empty()) log_.warn("{}", opened->notice);
  state_set_aside_ = opened->set_aside;
  if (!opened->snapshot.parts.empty()) engine_->Restore(opened->snapshot);
  const auto reports = opened->snapshot.parts.find(kReportsPart);
  if (reports != opened->snapshot.parts.end()) reporter_.Restore(reports->second);
  state_ = std::make_unique<StateWriter>(
      std::move(opened->store),
      [this](StateWriter::Severity severity, const std::string& text) {
        NoteStateEvent(severity, text);
      },
      clock_);
  return {};
}

void Server::NoteStateEvent(StateWriter::Severity severity, const std::string& text) {
  const bool is_warning = severity == StateWriter::Severity::kWarning;
  log_.log(is_warning ? spdlog::level::warn : spdlog::level::info, "{}", text);
}

Result<void> Server::CatchUp() {
  if (auto opened = engine_->Open(); !opened) return opened.error();
  // From here on lines are counted that a clean snapshot does not know of.
  if (state_) state_->Offer(Save());
  engine_->CatchUp([&] {
    SaveIfDue(clock_());
    return signals_.Stopped();
  });
  engine_->GoLive();
  if (state_) state_->Offer(Save());
  return {};
}

bool Server::Publish(Time now) {
  if (now - last_publish_ < kPublishInterval && now >= last_publish_) return false;
  last_publish_ = now;
  engine_->Publish(now);
  return true;
}

bool Server::SaveIfDue(Time now) {
  if (!state_) return true;
  const bool reported = reporter_.has_news();
  if (!reported && !engine_->has_news(now) && !state_->stats().failing) return true;
  const bool due = now - last_save_ >= config_.state.interval || now < last_save_;
  if (!due && !reported && !engine_->has_urgent_news()) return false;
  last_save_ = now;
  // Still writing the one before: then the next time.
  if (!state_->Offer(Save())) {
    if (reported) reporter_.NoteNews();
    return false;
  }
  engine_->ForgetNews();
  return true;
}

Snapshot Server::Save() {
  Snapshot snapshot = engine_->Save();
  snapshot.parts[kReportsPart] = reporter_.Save();
  return snapshot;
}

std::vector<ReportSource> Server::ReportSources() {
  const std::lock_guard lock(mutex_);
  return engine_->ReportSources();
}

void Server::Loop() {
  bool published = true;
  bool saved = true;
  while (!signals_.Stopped()) {
    const Duration until_save =
        saved ? (reporter_.is_running() ? kReportInterval : Duration::max()) : config_.state.interval;
    engine_->Step(published ? until_save : std::min(until_save, kPublishInterval));
    const Time now = clock_();
    published = Publish(now);
    saved = SaveIfDue(now);
    if (signals_.TakeReload()) Reload();
  }
}

// What was read stays read, and nobody waits: the new engine is made beside the old one.
void Server::Reload() {
  const Result<void> replaced = ReadAgain();
  const std::lock_guard lock(mutex_);
  ++reloads_;
  reloaded_.notify_all();
  reload_.successful = replaced.ok();
  if (replaced) {
    reload_.last_success = clock_();
    log_.info(options_.reload ? "the configuration was read again"
                              : "there is no configuration file to read again");
  } else {
    log_.error("the configuration was not taken over: {}; going on with the one before",
               replaced.error().message);
  }
}

Result<void> Server::ReadAgain() {
  if (!options_.reload) return {};
  const auto config = options_.reload();
  return config ? Replace(*config) : Error{"it has errors"};
}

Result<void> Server::Replace(const Config& config) {
  if (config.listen_addresses != config_.listen_addresses) {
    log_.warn("another listen_address takes effect when the exporter is started anew");
  }
  if (config.state.file != config_.state.file) {
    log_.warn("another state file takes effect when the exporter is started anew");
  }
  auto engine = std::make_unique<Engine>(config, files_, clock_, signals_.fd(), mutex_, log_);
  engine->TakeOver(*engine_);
  if (auto opened = engine->Open(); !opened) {
    if (auto again = engine_->OpenStreams(); !again) log_.error("{}", again.error().message);
    return opened.error();
  }
  engine->GoLive();
  std::string state_file = std::move(config_.state.file);
  config_ = config;
  with_created_ = config.created_timestamps;
  reporter_.Change(config.report);
  config_.state.file = std::move(state_file);
  {
    const std::lock_guard lock(mutex_);
    engine_.swap(engine);
  }
  // The old one goes without the lock: it has large tables.
  return {};
}

std::optional<StateView> Server::StateNow() const {
  if (!state_) return std::nullopt;
  const StateWriterStats stats = state_->stats();
  return StateView{.last_write_seconds = stats.last_write_seconds,
                   .last_success = stats.last_success,
                   .writes = stats.writes,
                   .errors = stats.errors,
                   .set_aside = state_set_aside_ || stats.set_aside};
}

Cut Server::CutNow() {
  SelfView self{.version = Version(),
                .revision = Revision(),
                .compiler = Compiler(),
                .last_scrape_seconds = last_scrape_seconds_,
                .process = ReadProcessStats(),
                .reload = {},
                .state = StateNow(),
                .crawlers = {},
                .reports = reporter_.view()};
  const std::lock_guard lock(mutex_);
  const Time now = clock_();
  // What this scrape shows is not taken back later, even if somebody sets the clock.
  engine_->Advance(now);
  self.reload = reload_;
  self.crawlers = engine_->CrawlerViews();
  return TakeCut(engine_->SiteViews(), engine_->FileViews(), self, now, with_created_);
}

// Written here already as the first of those who wait wants it, so that Batch knows what it costs.
std::shared_ptr<const Exposition> Server::Expose(Format format, bool gzip) {
  const auto start = std::chrono::steady_clock::now();
  auto exposition = std::make_shared<Exposition>(CutNow());
  const SharedBody& body = exposition->Body(format);
  gzip ? body.Gzip() : body.Text();
  last_scrape_seconds_ =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return exposition;
}

HttpResponse Server::Metrics(const HttpRequest& request) {
  // A first scrape before all logs were read would show counters on their way up as a burst.
  if (!ready_) return Ready();
  const Format format = ChooseFormat(request.accept);
  const auto exposition = expositions_.Get([&] { return Expose(format, request.gzip); });
  return {.content_type = ContentType(format),
          .body = {},
          .shared = {exposition, &exposition->Body(format)},
          .varies_by_accept = true};
}

HttpResponse Server::Ready() const {
  if (ready_) return {.body = "ready\n"};
  return {.status = 503, .body = "not ready: still reading what the logs hold\n"};
}

HttpResponse Server::Page() {
  const std::lock_guard lock(mutex_);
  return {.content_type = "text/html; charset=utf-8",
          .body = LandingPage(engine_->SiteViews(), engine_->FileViews())};
}

// Waits for the reading thread, which does it.
HttpResponse Server::ReloadNow() {
  std::unique_lock lock(mutex_);
  const uint64_t before = reloads_;
  ::kill(::getpid(), SIGHUP);
  if (!reloaded_.wait_for(lock, kLongestReload, [&] { return reloads_ > before; })) {
    return {.status = 503, .body = "not yet read again: still busy with the logs\n"};
  }
  if (reload_.successful) return {.body = "the configuration was read again\n"};
  return {.status = 500, .body = "the configuration was not taken over; the exporter's log says why\n"};
}

std::map<std::string, HttpHandler> Server::Handlers() {
  return {{"/", [this](const HttpRequest&) { return Page(); }},
          {"/metrics", [this](const HttpRequest& request) { return Metrics(request); }},
          {"/-/healthy", [](const HttpRequest&) { return HttpResponse{.body = "healthy\n"}; }},
          {"/-/ready", [this](const HttpRequest&) { return Ready(); }}};
}

void Server::LogStart(const HttpServer& http) const {
  log_.info("{} starts", VersionLine());
  for (const ListenAddress& address : http.addresses()) {
    log_.info("listening on http://{}/", address.ToString());
  }
}

Result<void> Server::Run() {
  std::map<std::string, HttpHandler> actions;
  if (options_.lifecycle) actions["/-/reload"] = [this](const HttpRequest&) { return ReloadNow(); };
  auto http = HttpServer::Start({.addresses = config_.listen_addresses}, Handlers(), actions);
  if (!http) return http.error();
  LogStart(**http);
  if (auto state = OpenState(); !state) return state.error();
  if (auto caught_up = CatchUp(); !caught_up) return caught_up.error();
  Publish(clock_());
  ready_ = true;
  reporter_.Start();
  log_.info("ready");
  Loop();
  Stop();
  return {};
}

void Server::Stop() {
  const Time deadline = clock_() + kLastRead;
  engine_->CatchUp([&] { return clock_() >= deadline; });
  reporter_.Stop();
  const std::string read = Plural(engine_->lines_read(), "line");
  if (state_ && !state_->Finish(Save(), kLastWrite)) {
    log_.warn("the last lines were counted, but not written to the state");
  }
  log_.info("stopping; {} read", read);
}

// glibc gives each thread a heap of its own and keeps what was freed in it: with one heap for each
// web server thread, sixty scrapes of 12,000 clients left 114 MiB behind; so there is one heap, and
// large pieces go back to the system at once.
void KeepMemorySmall() {
  // No other thread runs yet.
  // NOLINTBEGIN(concurrency-mt-unsafe)
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  mallopt(M_TRIM_THRESHOLD, 256 * 1024);
  // NOLINTEND(concurrency-mt-unsafe)
}

// A log may need a file descriptor for each of its generations.
void AllowManyFiles() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Result<void> Serve(const ServeOptions& options, const Clock& clock, spdlog::logger& log) {
  KeepMemorySmall();
  AllowManyFiles();
  return Server(options, clock, log).Run();
}

}  // namespace accesslog
