// What was built. Set by CMake.
#pragma once

#include <string>
#include <string_view>

namespace accesslog {

std::string_view Version();   // "0.1.0"
std::string_view Revision();  // of the source, "unknown" outside a checkout
std::string_view Compiler();  // "gcc 12.2.0"
std::string VersionLine();    // all of it, for --version

}  // namespace accesslog
