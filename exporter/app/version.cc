#include "app/version.h"

namespace accesslog {

std::string_view Version() { return ACCESSLOG_VERSION; }

std::string_view Revision() { return ACCESSLOG_REVISION; }

std::string_view Compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

std::string VersionLine() {
  return "accesslog_exporter " + std::string(Version()) + " (revision " + std::string(Revision()) +
         ", " + std::string(Compiler()) + ")";
}

}  // namespace accesslog
