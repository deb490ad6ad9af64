#include "expose/process_stats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace accesslog {
namespace {

// Seconds since the epoch at which the machine was started.
double BootTime() {
  std::ifstream stat("/proc/stat");
  std::string word;
  while (stat >> word) {
    double seconds = 0;
    if (word == "btime" && stat >> seconds) return seconds;
  }
  return 0;
}

}  // namespace

ProcessStats ReadProcessStats() {
  ProcessStats stats;
  std::ifstream file("/proc/self/stat");
  std::string line(std::istreambuf_iterator<char>(file), {});
  // The second field, the program's name in parentheses, may hold blanks; the third stands behind it.
  const size_t name_end = line.rfind(')');
  if (name_end != std::string::npos) {
    std::istringstream fields(line.substr(name_end + 1));
    std::string skipped;
    double user = 0, system = 0, start = 0, resident_pages = 0;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    fields >> user >> system;
    for (int field = 16; field < 22; ++field) fields >> skipped;
    fields >> start >> stats.virtual_bytes >> resident_pages;
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    stats.cpu_seconds = (user + system) / ticks;
    stats.start_time_seconds = BootTime() + start / ticks;
    stats.resident_bytes =
        static_cast<uint64_t>(resident_pages) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  }
  std::error_code error;
  const std::filesystem::directory_iterator fds("/proc/self/fd", error);
  // Without the one through which the directory is read.
  if (!error) stats.open_fds = static_cast<uint64_t>(std::distance(begin(fds), end(fds))) - 1;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) stats.max_fds = limit.rlim_cur;
  return stats;
}

}  // namespace accesslog
