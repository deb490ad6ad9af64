// `analyze` over text, with what it wrote.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "app/analyze.h"
#include "app/log_lines.h"
#include "support/temp_directory.h"

namespace accesslog {

struct Analyzed {
  int exit_code = -1;
  std::string out;
  std::string err;
};

inline Config DefaultConfig() { return ParseConfig("").config; }

inline Analyzed AnalyzeFiles(AnalyzeOptions options, std::vector<std::string> files,
                             const Config& config = DefaultConfig()) {
  options.files = std::move(files);
  ManualClock clock;
  std::ostringstream out;
  std::ostringstream err;
  Analyzed analyzed;
  analyzed.exit_code = Analyze(options, config, clock.AsClock(), out, err);
  analyzed.out = out.str();
  analyzed.err = err.str();
  return analyzed;
}

// `text` with the directory taken off from the names of files.
inline std::string Without(const std::string& directory, std::string text) {
  for (size_t at = text.find(directory); at != std::string::npos; at = text.find(directory, at)) {
    text.erase(at, directory.size());
  }
  return text;
}

// One file with this content, access.log in what is said of it.
inline Analyzed AnalyzeText(const std::string& content, const AnalyzeOptions& options = {},
                            const Config& config = DefaultConfig()) {
  const TempDirectory directory;
  Analyzed analyzed = AnalyzeFiles(options, {directory.Write("access.log", content)}, config);
  analyzed.out = Without(directory.PathOf(""), analyzed.out);
  analyzed.err = Without(directory.PathOf(""), analyzed.err);
  return analyzed;
}

}  // namespace accesslog
