#include <algorithm>

#include "base/text.h"
#include "config/config.h"
#include "fuzz/check.h"
#include "parse/log_parser.h"

namespace accesslog {
namespace {

void CheckProblems(const std::vector<Problem>& problems, size_t lines) {
  for (const Problem& problem : problems) {
    Check(!problem.message.empty(), "a problem has a message");
    Check(IsValidUtf8(problem.message), "a message is valid UTF-8");
    Check(problem.message.find('\n') == std::string::npos, "a message is one line");
    Check(problem.line <= lines, "a problem lies within the file");
  }
}

void CheckFinished(const Config& config) {
  Check(!config.listen_addresses.empty(), "there is an address to listen on");
  Check(config.clients.max_series > 0, "there is room for a series");
  for (const SiteConfig& site : config.sites) {
    Check(!site.name.empty() && Printable(site.name) == site.name, "a site has a printable name");
    Check(!site.files.empty(), "a site has files");
    Check(LogParser::Create(site.format).ok(), "a site has a known format");
  }
}

void ReadConfig(std::string_view toml) {
  const LoadedConfig loaded = ParseConfig(toml);
  const auto lines = static_cast<size_t>(std::count(toml.begin(), toml.end(), '\n')) + 1;
  CheckProblems(loaded.problems.errors, lines);
  CheckProblems(loaded.problems.warnings, lines);
  if (loaded.problems.errors.empty()) CheckFinished(loaded.config);
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  accesslog::ReadConfig(accesslog::AsText(data, size));
  return 0;
}
