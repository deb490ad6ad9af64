// The configuration file, turned into *finished* options: whoever holds a Config need not check it.
// The file holds what differs from the defaults; every error is reported with its place, not only the
// first.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time_zone.h"
#include "clients/options.h"
#include "config/problem.h"
#include "detect/options.h"
#include "http/listen_address.h"
#include "input/tailer.h"
#include "report/options.h"
#include "state/options.h"

namespace accesslog {

struct SiteConfig {
  std::string name;
  std::vector<std::string> files;  // paths, globs and streams (input/stream_address.h)
  std::string format = "auto";
  StartAt start = StartAt::kEnd;
  TimeZone time_zone;    // of its days, login days and hours; the machine's where none is named
  DetectOptions detect;  // with the site's own [site.login]
  std::vector<std::string> protected_paths;  // begin with '/'
};

struct Config {
  TimeZone time_zone = TimeZone::Local();
  std::vector<ListenAddress> listen_addresses = {{"127.0.0.1", 9517}};
  bool created_timestamps = false;  // OpenMetrics tells when clients' series were born
  StateOptions state;
  ClientOptions clients;
  std::vector<CrawlerOptions> crawlers;
  DetectOptions detect;  // what a site without settings of its own has
  std::vector<SiteConfig> sites;
  ReportOptions report;
};

struct LoadedConfig {
  Config config;  // meaningless if there are errors
  Problems problems;
};

LoadedConfig ParseConfig(std::string_view toml);

// Error only if the file cannot be read.
Result<LoadedConfig> LoadConfig(const std::string& path);

// Why `file`, a path, a glob or a stream, can never be followed, or nothing. Whether it is there is not
// looked at.
std::optional<std::string> WhyNotFollowable(const std::string& file);

// The site that FILE arguments without a configuration make up.
SiteConfig DefaultSite(const Config& config, std::vector<std::string> files);

}  // namespace accesslog
