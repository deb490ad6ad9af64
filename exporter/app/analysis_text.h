// An Analysis as people read it: the answers of the scripts that this program replaces, in their own
// sentences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "app/analysis.h"

namespace accesslog {

// `top` bounds the lists of clients; 0 is all.
std::string AnalysisText(const Analysis& analysis, size_t top);

// The clients that were answered with `status`, most answers first; what follows the lines of
// `--status`.
std::string StatusText(const Analysis& analysis, uint16_t status, size_t top);

// "access.log: read as combined; all of the first 100 lines fit", a line. For a file that has a
// format.
std::string FormatText(const AnalyzedFile& file);

// "Unusual login attempts detected: …" to "Detection complete.": the record that --append keeps.
std::string FindingsText(const Analysis& analysis);

}  // namespace accesslog
