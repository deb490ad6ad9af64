// All files of all sites, followed by one thread: expands globs, waits for changes and polls the
// tailers concerned. Used by `serve`.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "input/file_registry.h"
#include "input/file_system.h"
#include "input/line_block.h"
#include "input/tailer.h"
#include "input/watcher.h"

namespace accesslog {

struct TailSource {
  size_t site = 0;                    // index of the site, handed back with every file
  std::vector<std::string> patterns;  // paths or globs
  TailerOptions tailer;
};

struct TailSetOptions {
  std::vector<TailSource> sources;
  // Without inotify every file is looked at so often; with it, only those that gave no sign, because
  // a network file system stays silent.
  Duration poll_interval = std::chrono::milliseconds{250};
  Duration sweep_interval = std::chrono::seconds{1};
  Duration glob_interval = std::chrono::seconds{5};
  size_t max_files = 10000;
  uint64_t bytes_per_turn = 4U << 20U;
};

struct TailedFile {
  size_t site = 0;
  std::string path;
  TailStats stats;
};

class TailSet {
 public:
  // Makes the sink of a file that was not followed before.
  using MakeSink = std::function<std::unique_ptr<LineSink>(size_t site, const std::string& path)>;

  // `watcher` may be null: then files are polled.
  TailSet(TailSetOptions options, FileSystem& files, std::unique_ptr<Watcher> watcher,
          MakeSink make_sink, spdlog::logger& log);

  // Reads all that is there now, from every file, to its end.
  void CatchUp(const Clock& clock, const std::function<bool()>& stop);

  // Waits for changes, at most `max_wait` and until the next sweep is due, and reads them. `wake_fd`
  // ends the wait.
  void Step(const Clock& clock, int wake_fd, Duration max_wait);

  // In the order in which they were found; behind them the globs that match nothing yet, not open.
  std::vector<TailedFile> Files() const;

 private:
  struct Entry {
    size_t site;
    std::string directory;
    std::string name;
    std::unique_ptr<LineSink> sink;
    std::unique_ptr<Tailer> tailer;
    bool due = true;
  };

  void Expand(Time now);
  void ExpandGlob(const TailSource& source, const std::string& pattern, bool found_later);
  bool IsFollowed(size_t site, const std::string& path) const;
  void AddFile(const TailSource& source, const std::string& path, bool found_later);
  void MarkAll();
  void MarkChanged(const std::vector<FileChange>& changes);
  bool PollDue(Time now);
  Duration interval() const;

  TailSetOptions options_;
  FileSystem& files_;
  std::unique_ptr<Watcher> watcher_;
  MakeSink make_sink_;
  spdlog::logger& log_;
  std::vector<Entry> entries_;
  std::multimap<std::string, size_t> by_path_;
  std::map<size_t, FileRegistry> registries_;  // by site
  std::set<std::pair<size_t, std::string>> unmatched_;  // globs of sites
  std::set<std::string> directories_;
  std::vector<char> buffer_;
  Time last_sweep_{};
  Time last_expand_{};
  bool expanded_ = false;
  bool said_too_many_ = false;
};

}  // namespace accesslog
