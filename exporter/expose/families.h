// State to a Cut: every metric of the exporter, with its name, help and labels, in one place. Called
// by app under its mutex; what it gives is plain data, written as text outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "clients/client_key.h"
#include "clients/client_table.h"
#include "clients/proxy_share.h"
#include "clients/visitors.h"
#include "detect/detector.h"
#include "detect/site_detector.h"
#include "expose/cut.h"
#include "expose/process_stats.h"
#include "traffic/traffic.h"

namespace accesslog {

// References into the engine's state of one site.
struct SiteView {
  std::string_view name;
  uint64_t lines_read = 0;
  uint64_t names_refused = 0;
  std::vector<std::pair<std::string_view, uint64_t>> unparsed;  // by reason, also those at 0
  const Traffic& traffic;
  const ClientTable& clients;
  const ClientNamer& namer;
  const Detector& detector;
  const SiteDetector* site_detector = nullptr;
  const Visitors* visitors = nullptr;
  const ProxyShare* proxy_share = nullptr;  // null where nobody watches it
};

struct FileView {
  std::string_view site;
  std::string_view path;
  bool open = false;
  uint64_t open_errors = 0;
  uint64_t bytes_behind = 0;
  uint64_t rotations = 0;
  uint64_t truncations = 0;
  uint64_t lost_bytes = 0;
  uint64_t lost_files = 0;
  std::optional<uint64_t> dropped_messages{};  // by the kernel; of streams
  std::optional<Time> last_line;  // the time in the newest line
  std::string format{};  // in which it is read, for people
};

struct CrawlerView {
  struct File {
    std::string path;
    bool good = false;  // could be used when it was last read
  };
  std::string crawler;
  uint64_t ranges = 0;
  std::vector<File> files{};
};

struct ReloadView {
  bool successful = true;  // the last time the configuration was read
  Time last_success{};
};

struct StateView {
  double last_write_seconds = 0;
  Time last_success{};  // the epoch before the first
  uint64_t writes = 0;
  uint64_t errors = 0;
  bool set_aside = false;  // what the file held at the start could not be used
};

// Reports handed to Alertmanager by this process.
struct ReportView {
  std::array<uint64_t, 3> sent{};  // by kReportPeriods
  uint64_t errors = 0;
  Time last_success{};  // the epoch before the first
};
inline constexpr std::array<const char*, 3> kReportPeriods = {"day", "week", "month"};

struct SelfView {
  std::string_view version;
  std::string_view revision;
  std::string_view compiler;
  double last_scrape_seconds = 0;  // how long the scrape before took
  ProcessStats process;
  ReloadView reload{};
  std::optional<StateView> state{};  // nothing where none is kept
  std::vector<CrawlerView> crawlers{};
  ReportView reports{};
};

// `with_created`: with the births of the clients' series.
Cut TakeCut(const std::vector<SiteView>& sites, const std::vector<FileView>& files,
            const SelfView& self, Time now, bool with_created);

}  // namespace accesslog
