// Reads a file, standard input or a gzip file from beginning to end. Used by `analyze`.
#pragma once

#include <string>

#include "base/result.h"
#include "input/line_block.h"

namespace accesslog {

// "-" is standard input. Gzip is known by its first bytes, not by its name. The last line needs no
// '\n'. An error names the path; lines read before it have been handed to `sink`.
Result<void> ReadWholeFile(const std::string& path, LineSink& sink);

}  // namespace accesslog
