#include "app/check_config.h"

#include <ostream>

#include "base/text.h"

namespace accesslog {

std::optional<Config> LoadConfigOrComplain(const std::string& path, std::ostream& err) {
  auto loaded = LoadConfig(path);
  if (!loaded) {
    err << loaded.error().message << '\n';
    return std::nullopt;
  }
  for (const Problem& warning : loaded->problems.warnings) {
    Problem said = warning;
    said.message = "warning: " + said.message;
    err << said.At(path) << '\n';
  }
  for (const Problem& error : loaded->problems.errors) err << error.At(path) << '\n';
  if (!loaded->problems.errors.empty()) return std::nullopt;
  return std::move(loaded->config);
}

int CheckConfig(const std::string& path, std::ostream& out, std::ostream& err) {
  const auto config = LoadConfigOrComplain(path, err);
  if (!config) return 2;
  out << path << ": good, " << Plural(config->sites.size(), "site") << '\n';
  return 0;
}

}  // namespace accesslog
