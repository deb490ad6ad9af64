// Tells a parser what stands at the head of a file that is followed from its end: the #Fields line of
// IIS and the like, without which nobody knows what the lines to come hold.
#pragma once

#include <string>

#include "input/file_system.h"
#include "parse/log_parser.h"

namespace accesslog {

// Looks for directives in the first 64 KiB of `path` and, as IIS writes them again when it starts, in
// the last 256 KiB. A file that cannot be read is left to the tailer to complain of.
void PrimeParser(FileSystem& files, const std::string& path, LogParser& parser);

}  // namespace accesslog
