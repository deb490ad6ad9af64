// A gzip file as what is in it, for generations of a log that were compressed before they were
// read. Reading forward is cheap, reading back begins anew.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "input/file_system.h"

namespace accesslog {

// Errors: not gzip, or damaged. Its status has the size of the contents, which are read once for
// that; what stands behind damage, or was not written yet, is not there.
Result<std::unique_ptr<File>> OpenInflated(std::unique_ptr<File> compressed);

}  // namespace accesslog
