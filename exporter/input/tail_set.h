// All files of all sites, followed by one thread: expands globs, waits for changes and polls the
// tailers concerned. Used by `serve`.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
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
  // Patterns that were followed before the restart: what they match now and did not then is new.
  std::set<std::string> known_patterns{};
};

struct TailSetOptions {
  std::vector<TailSource> sources;
  // Files whose changes nobody reports, as on a network share, are looked at so often; the others
  // too, but seldom, in case that a report went astray.
  Duration poll_interval = std::chrono::milliseconds{250};
  Duration sweep_interval = std::chrono::seconds{5};
  Duration glob_interval = std::chrono::seconds{5};
  size_t max_files = 10000;
  uint64_t bytes_per_turn = 4U << 20U;
};

struct TailedFile {
  size_t site = 0;
  std::string path;
  TailStats stats;
  std::shared_ptr<LineSink> sink;  // null for a glob that matches nothing
};

class TailSet {
 public:
  // Makes the sink of a file that was not followed before.
  using MakeSink = std::function<std::shared_ptr<LineSink>(size_t site, const std::string& path)>;

  // `watcher` may be null: then files are polled.
  TailSet(TailSetOptions options, FileSystem& files, std::unique_ptr<Watcher> watcher,
          MakeSink make_sink, spdlog::logger& log);

  // Before Open: the file is gone on with where it was saved, if a pattern of its site matches it.
  void Restore(size_t site, const std::string& path, SavedTail tail);

  // Finds and opens the files, and reads nothing. Returns the sites of which a file that was being
  // read is not there any more.
  std::set<size_t> Open(const Clock& clock);

  // Reads what is there now, from every file, to its end; calls `after_turn` between, and ends when
  // that says so.
  void CatchUp(const Clock& clock, const std::function<bool()>& after_turn);

  // Waits for changes, at most `max_wait` and until the next sweep is due, and reads them.
  // `wake_fd` ends the wait.
  void Step(const Clock& clock, int wake_fd, Duration max_wait);

  // More can be read at once.
  bool has_more() const { return !due_.empty(); }

  // Of all files, since this object was made.
  uint64_t truncations() const { return truncations_; }

  // In the order in which they were found; behind them the globs that match nothing yet, not open.
  std::vector<TailedFile> Files() const;

  struct SavedFile {
    size_t site;
    std::string path;
    SavedTail tail;
    std::shared_ptr<LineSink> sink;
  };
  // Between two turns: all lines up to these places were handed to the sinks, and none behind them.
  std::vector<SavedFile> Save() const;

 private:
  struct Entry {
    size_t site;
    std::string path;
    bool from_glob;
    std::shared_ptr<LineSink> sink;
    std::unique_ptr<Tailer> tailer;
    // Under which it is reported: of the path and, behind symbolic links, of the file itself.
    std::vector<std::pair<std::string, std::string>> names{};
    bool reported = false;  // its changes are
    bool due = false;  // and so in due_
  };
  using Directory = std::unordered_multimap<std::string, Entry*>;  // by file name
  using FileKey = std::pair<size_t, std::string>;                  // site, path

  void Expand(Time now);
  void ExpandGlob(const TailSource& source, const std::string& pattern, bool found_later);
  void AddSaved(const TailSource& source);
  bool IsFollowed(size_t site, const std::string& path) const;
  void AddFile(const TailSource& source, const std::string& pattern, const std::string& path,
               bool found_later);
  void Watch(Entry& entry);
  void Unwatch(const Entry& entry);
  void WatchDirectories();
  void DropVanished();
  void MarkDue(Entry& entry);
  void MarkOverdue(Time now, bool all);
  void MarkChanged(const std::vector<FileChange>& changes);
  bool PollDue(Time now);
  Duration NextLook(Time now) const;

  TailSetOptions options_;
  FileSystem& files_;
  std::unique_ptr<Watcher> watcher_;
  MakeSink make_sink_;
  spdlog::logger& log_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<Entry*> due_;  // to be looked at in this turn
  std::set<FileKey> followed_;
  std::map<FileKey, SavedTail> saved_;
  std::map<size_t, FileRegistry> registries_;  // by site
  std::set<FileKey> unmatched_;                // globs of sites
  std::map<std::string, Directory> directories_;
  std::vector<char> buffer_;
  Time last_sweep_{};
  Time last_poll_{};
  Time last_expand_{};
  uint64_t truncations_ = 0;
  bool any_unreported_ = false;
  bool expanded_ = false;
  bool said_too_many_ = false;
};

}  // namespace accesslog
