#include "app/serve.h"

#include <malloc.h>
#include <spdlog/logger.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

#include "app/format_watch.h"
#include "app/landing_page.h"
#include "app/prime_parser.h"
#include "app/site_engine.h"
#include "app/stop_signal.h"
#include "app/version.h"
#include "base/text.h"
#include "expose/families.h"
#include "expose/text.h"
#include "http/http_server.h"
#include "input/inotify_watcher.h"
#include "input/posix_file_system.h"
#include "input/tail_set.h"

namespace accesslog {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// How long the last lines may take to be read after the signal to stop.
constexpr Duration kLastRead = seconds{1};
// Tail figures are copied for the scrapers so often at most.
constexpr Duration kPublishInterval = milliseconds{100};

uint64_t RandomSecret() {
  std::random_device device;
  return (uint64_t{device()} << 32U) | device();
}

class Server {
 public:
  Server(const Config& config, const Clock& clock, spdlog::logger& log);
  Result<void> Run();

 private:
  struct FollowedFile {
    std::string path;
    SiteEngine& site;
    LogParser parser;
    std::optional<Time> last_line{};
    FormatWatch format_watch{};
  };
  // Charges the blocks of one file to its site.
  class Sink final : public LineSink {
   public:
    Sink(Server& server, FollowedFile& file) : server_(server), file_(file) {}
    void Take(const LineBlock& block) override { server_.Count(file_, block); }

   private:
    Server& server_;
    FollowedFile& file_;
  };

  std::unique_ptr<LineSink> Follow(size_t site, const std::string& path);
  void Count(FollowedFile& file, const LineBlock& block);
  // Copies the tail figures for the scrapers. False if that was not due yet.
  bool Publish(Time now, bool force);
  std::vector<SiteView> SiteViews() const;
  std::vector<FileView> FileViews() const;
  HttpResponse Metrics();
  HttpResponse Ready() const;
  HttpResponse Page();
  std::map<std::string, HttpHandler> Handlers();
  TailSetOptions TailOptions() const;
  void LogStart(const HttpServer& http) const;

  const Config& config_;
  Clock clock_;
  spdlog::logger& log_;
  PosixFileSystem files_;
  TailSet tails_;
  std::atomic<bool> ready_ = false;
  std::atomic<double> last_scrape_seconds_ = 0;
  std::mutex building_;  // guards nothing but memory

  std::mutex mutex_;  // the one mutex: guards everything below
  std::deque<SiteEngine> sites_;
  std::deque<FollowedFile> followed_;  // in the order of the tails
  std::vector<TailedFile> tailed_;
  Time last_publish_{};
};

Server::Server(const Config& config, const Clock& clock, spdlog::logger& log)
    : config_(config),
      clock_(clock),
      log_(log),
      tails_(TailOptions(), files_, InotifyWatcher::Create(),
             [this](size_t site, const std::string& path) { return Follow(site, path); }, log) {
  const uint64_t secret = RandomSecret();
  for (const SiteConfig& site : config.sites) {
    sites_.emplace_back(site.name, config.clients, site.detect, secret);
  }
}

TailSetOptions Server::TailOptions() const {
  TailSetOptions options;
  for (size_t i = 0; i < config_.sites.size(); ++i) {
    TailSource source;
    source.site = i;
    source.patterns = config_.sites[i].files;
    source.tailer.start = config_.sites[i].start;
    options.sources.push_back(std::move(source));
  }
  return options;
}

std::unique_ptr<LineSink> Server::Follow(size_t site, const std::string& path) {
  // The format was checked with the configuration.
  LogParser parser = *LogParser::Create(config_.sites[site].format);
  if (config_.sites[site].start == StartAt::kEnd) PrimeParser(files_, path, parser);
  const std::lock_guard lock(mutex_);
  followed_.push_back({path, sites_[site], std::move(parser)});
  return std::make_unique<Sink>(*this, followed_.back());
}

void Server::Count(FollowedFile& file, const LineBlock& block) {
  const std::lock_guard lock(mutex_);
  // Under the lock, so that the sites see time go forward only.
  const Time now = clock_();
  ForEachLine(block.text, [&](std::string_view line) {
    const Record* record = file.site.Count(line, file.parser, now).record;
    if (record != nullptr && record->time) file.last_line = record->time;
  });
  file.site.CountOversized(block.oversized_lines);
  if (const auto notice = file.format_watch.Look(file.parser, now)) {
    log_.log(notice->is_warning ? spdlog::level::warn : spdlog::level::info, "{}: {}",
             Printable(file.path), notice->text);
  }
}

bool Server::Publish(Time now, bool force) {
  if (!force && now - last_publish_ < kPublishInterval && now >= last_publish_) return false;
  last_publish_ = now;
  std::vector<TailedFile> tailed = tails_.Files();
  const std::lock_guard lock(mutex_);
  tailed_ = std::move(tailed);
  for (SiteEngine& site : sites_) site.Advance(now);
  return true;
}

std::vector<SiteView> Server::SiteViews() const {
  std::vector<SiteView> views;
  for (const SiteEngine& site : sites_) views.push_back(site.View());
  return views;
}

std::vector<FileView> Server::FileViews() const {
  std::vector<FileView> views;
  for (size_t i = 0; i < tailed_.size(); ++i) {
    const TailedFile& file = tailed_[i];
    views.push_back({.site = sites_[file.site].name(),
                     .path = file.path,
                     .open = file.stats.open,
                     .open_errors = file.stats.open_errors,
                     .bytes_behind = file.stats.bytes_behind,
                     .rotations = file.stats.rotations,
                     .truncations = file.stats.truncations,
                     .lost_bytes = file.stats.lost_bytes,
                     // A glob that matches nothing is told of, but followed by nobody.
                     .last_line = i < followed_.size() ? followed_[i].last_line : std::nullopt,
                     .format = i < followed_.size() ? followed_[i].parser.format_name() : ""});
  }
  return views;
}

HttpResponse Server::Metrics() {
  // A first scrape before all logs were read would show counters on their way up as a burst.
  if (!ready_) return Ready();
  const auto start = std::chrono::steady_clock::now();
  // One exposition is built at a time, whoever asks: each takes megabytes while it is made.
  const std::lock_guard building(building_);
  SelfView self{.version = Version(),
                .revision = Revision(),
                .compiler = Compiler(),
                .last_scrape_seconds = last_scrape_seconds_,
                .process = ReadProcessStats()};
  const Collector collector([&] {
    const std::lock_guard lock(mutex_);
    const Time now = clock_();
    // What this scrape shows is not taken back later, even if somebody sets the clock.
    for (SiteEngine& site : sites_) site.Advance(now);
    return BuildFamilies(SiteViews(), FileViews(), self, now);
  });
  HttpResponse response{200, kTextContentType, SerializeText(collector)};
  last_scrape_seconds_ =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return response;
}

HttpResponse Server::Ready() const {
  if (ready_) return {.body = "ready\n"};
  return {.status = 503, .body = "not ready: still reading what the logs hold\n"};
}

HttpResponse Server::Page() {
  const std::lock_guard lock(mutex_);
  return {.content_type = "text/html; charset=utf-8",
          .body = LandingPage(SiteViews(), FileViews())};
}

std::map<std::string, HttpHandler> Server::Handlers() {
  return {{"/", [this] { return Page(); }},
          {"/metrics", [this] { return Metrics(); }},
          {"/-/healthy", [] { return HttpResponse{.body = "healthy\n"}; }},
          {"/-/ready", [this] { return Ready(); }}};
}

void Server::LogStart(const HttpServer& http) const {
  log_.info("{} starts", VersionLine());
  for (const ListenAddress& address : http.addresses()) {
    log_.info("listening on http://{}/", address.ToString());
  }
}

Result<void> Server::Run() {
  const StopSignal stop;
  auto http = HttpServer::Start({.addresses = config_.listen_addresses}, Handlers());
  if (!http) return http.error();
  LogStart(**http);

  tails_.CatchUp(clock_, [&] { return stop.Arrived(); });
  for (SiteEngine& site : sites_) {
    const std::lock_guard lock(mutex_);
    site.detector().GoLive();
  }
  Publish(clock_(), true);
  ready_ = true;
  log_.info("ready");

  bool published = true;
  while (!stop.Arrived()) {
    tails_.Step(clock_, stop.fd(), published ? Duration::max() : kPublishInterval);
    published = Publish(clock_(), false);
  }
  const Time deadline = clock_() + kLastRead;
  tails_.CatchUp(clock_, [&] { return clock_() >= deadline; });
  uint64_t lines = 0;
  for (const SiteEngine& site : sites_) lines += site.lines_read();
  log_.info("stopping; {} read", Plural(lines, "line"));
  return {};
}

// glibc gives each thread a heap of its own and keeps what was freed in it: with one heap for each web
// server thread, sixty scrapes of 12,000 clients left 114 MiB behind; so there is one heap, and large
// pieces go back to the system at once.
void KeepMemorySmall() {
  // No other thread runs yet.
  // NOLINTBEGIN(concurrency-mt-unsafe)
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  mallopt(M_TRIM_THRESHOLD, 256 * 1024);
  // NOLINTEND(concurrency-mt-unsafe)
}

}  // namespace

Result<void> Serve(const Config& config, const Clock& clock, spdlog::logger& log) {
  KeepMemorySmall();
  // On the heap: it holds the tables.
  return std::make_unique<Server>(config, clock, log)->Run();
}

}  // namespace accesslog
