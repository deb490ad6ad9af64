// One configuration at work: its sites, the files they are read from, and what is counted. serve
// has one, and after a reload another, which goes on where the first was. The calling thread reads;
// any thread may look, through the views, under the mutex.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/crawler_files.h"
#include "app/format_watch.h"
#include "app/site_engine.h"
#include "base/clock.h"
#include "config/config.h"
#include "expose/families.h"
#include "input/event_poll.h"
#include "input/file_system.h"
#include "input/stream_set.h"
#include "input/tail_set.h"
#include "parse/log_parser.h"
#include "report/report.h"
#include "state/snapshot.h"

namespace spdlog {
class logger;
}

namespace accesslog {

class Engine {
 public:
  // `mutex` guards all that the views show; the owner of the engine holds it while it looks.
  // A wait ends when `wake_fd` becomes readable.
  Engine(const Config& config, FileSystem& files, Clock clock, int wake_fd, std::mutex& mutex,
         spdlog::logger& log);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Before Open: goes on where another process took the snapshot, which may have read, and shown,
  // more than that tells.
  void Restore(const Snapshot& snapshot);
  // Before Open: goes on where another engine of this process is, which reads no more. Takes its
  // streams, unless the two read different ones: those are closed, and OpenStreams opens them
  // again.
  void TakeOver(Engine& before);
  // Opens the streams, finds and opens the files; from then on the counters stand where the
  // snapshot left them. The error is one of a stream.
  Result<void> Open();
  Result<void> OpenStreams();
  // Reads what is there now; ends early when `after_turn` says so.
  void CatchUp(const std::function<bool()>& after_turn);
  // The logs have been read to their present ends.
  void GoLive();
  // Waits for lines, at most so long, and counts them.
  void Step(Duration max_wait);
  // Makes the figures of the files visible.
  void Publish(Time now);

  // All that a restart needs, cut at one point of every log. Not while another call runs.
  Snapshot Save() const;
  // Something happened that the last snapshot does not tell, or a series may have been shown with its
  // first value since: who restores a snapshot takes it that the next would have come soon.
  bool has_news(Time now) const { return news_ || now < settled_ || has_urgent_news(); }
  // A file was truncated: what was read of it is nowhere else, so the snapshot should be soon.
  bool has_urgent_news() const { return tails_->truncations() != saved_truncations_; }
  void ForgetNews();

  // Under the mutex. What is due with time, then the views.
  void Advance(Time now);
  std::vector<SiteView> SiteViews() const;
  std::vector<ReportSource> ReportSources() const;
  std::vector<CrawlerView> CrawlerViews() const { return crawler_views_; }
  std::vector<FileView> FileViews() const;
  uint64_t lines_read() const;

 private:
  class Source;
  struct Site;
  // What is known of a file before it is followed.
  struct SavedFile {
    SavedTail tail;
    std::string source;
  };
  using FileKey = std::pair<std::string, std::string>;  // site, path

  using Streams = std::vector<StreamSource>;

  TailSetOptions TailOptions() const;
  Streams StreamSources() const;
  std::shared_ptr<LineSink> FollowStream(size_t site, const std::string& text);
  bool LoadSource(const std::string& bytes, Source& source) const;
  bool HasStreams(size_t site) const;
  std::shared_ptr<LineSink> Follow(size_t site, const std::string& path);
  void NoteNews(Time now);
  void LookAtCrawlers(Time now);
  void Gather() const;
  void RestoreParts(const Snapshot& snapshot);
  void RestoreFile(const PartKey& key, const std::string& bytes);
  void LoadSite(Site& site, bool lost);
  std::unique_ptr<SiteEngine> NewSiteEngine(const Site& site) const;
  std::map<std::string, std::string> SaveSite(const Site& site) const;

  const Config config_;
  FileSystem& files_;
  Clock clock_;
  int wake_fd_;
  std::mutex& mutex_;
  spdlog::logger& log_;
  uint64_t secret_;
  CrawlerFiles crawler_files_;
  std::vector<CrawlerView> crawler_views_;
  std::vector<std::unique_ptr<Site>> sites_;
  std::map<FileKey, SavedFile> saved_files_;
  std::map<FileKey, std::string> saved_streams_;
  std::unique_ptr<TailSet> tails_;
  std::unique_ptr<StreamSet> streams_;
  EventPoll wake_;                  // readable when the owner's descriptor is, or a stream
  std::vector<TailedFile> tailed_;  // copies for the views
  std::vector<StreamStatus> streamed_;
  bool exact_ = true;  // nothing was read behind the snapshot that was restored
  RestoreTimes restore_times_;
  bool news_ = false;
  // The next snapshot must leave nothing of what is not in it. Other modes than "full" begin so: the
  // file may hold what "full" wrote.
  bool purge_ = false;
  uint64_t saved_truncations_ = 0;
  Time opened_{};
  Time last_lines_{};
  Time settled_{};  // by then no series is held back any more
};

}  // namespace accesslog
