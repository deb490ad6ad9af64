// Times as people read them, for logs, `analyze` and its dated records.
#pragma once

#include <string>

#include "base/clock.h"

namespace accesslog {

// "2023-09-08T16:26:56Z", with ".123" before the Z where `milliseconds` asks for it.
std::string FormatUtc(Time time, bool milliseconds = false);

// "2023-09-08 12:26:56 -0400" in the machine's time zone.
std::string FormatLocal(Time time);

}  // namespace accesslog
