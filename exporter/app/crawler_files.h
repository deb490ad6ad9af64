// The address ranges that operators of crawlers publish, read from files that the administrator keeps
// up to date, and read again when they change. A file that is gone or broken changes nothing: the
// ranges read before stay. Used by Engine and analyze; single-threaded.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "clients/network.h"
#include "clients/options.h"
#include "expose/families.h"

namespace accesslog {

// Google's and Bing's {"prefixes": [{"ipv4Prefix": "…"}, {"ipv6Prefix": "…"}]}, AWS's ip_prefix and
// ipv6_prefix in the same place, or plain text with one range a line and '#' before comments. Errors:
// anything else in it, no range at all, a range so large (IPv4 below /8, IPv6 below /16) that it would
// make crawlers of everybody.
Result<std::vector<IpPrefix>> ParseCrawlerRanges(std::string_view text);

class CrawlerFiles {
 public:
  using Say = std::function<void(const std::string&)>;

  // `say` is told of each file that becomes unusable, and of each that is good again.
  CrawlerFiles(const std::vector<CrawlerOptions>& options, Say say);

  // Reads what changed since the last time. True if the ranges are others now.
  bool Update();
  // The same, unless that was done within the last few seconds.
  bool UpdateIfDue(Time now);

  // Where a file cannot be used, the ranges that `before` had read from it for the same crawler.
  void TakeOver(const CrawlerFiles& before);

  std::shared_ptr<const Crawlers> crawlers() const { return crawlers_; }
  std::vector<CrawlerView> Views() const;

 private:
  // What tells that a file was written or exchanged.
  struct Mark {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    int64_t modified = 0;  // nanoseconds

    bool operator==(const Mark&) const = default;
  };
  struct File {
    std::string path;
    std::optional<Mark> mark{};  // when it was last read
    bool looked = false;
    bool good = false;
    std::vector<IpPrefix> prefixes{};
  };
  struct Entry {
    CrawlerOptions options;
    std::vector<File> files;
  };

  static std::optional<Mark> MarkOf(const std::string& path);
  static Result<std::vector<IpPrefix>> Read(const File& file);
  bool Refresh(const std::string& crawler, File& file) const;
  void Publish();

  std::vector<Entry> entries_;
  Say say_;
  Time last_{};
  std::shared_ptr<const Crawlers> crawlers_;
};

}  // namespace accesslog
