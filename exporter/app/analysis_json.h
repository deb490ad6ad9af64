// An Analysis as one JSON object, for programs. Its keys are documented in docs/analyze.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/analysis.h"

namespace accesslog {

struct MatchingLine {
  std::string file;
  uint64_t number = 0;  // from 1, within the file
  std::string line;     // invalid UTF-8 becomes U+FFFD in the JSON
};

// `status`: only clients with such an answer are listed, and `lines_with_status` holds `matches`.
std::string AnalysisJson(const Analysis& analysis, size_t top, std::optional<uint16_t> status,
                         const std::vector<MatchingLine>& matches);

}  // namespace accesslog
