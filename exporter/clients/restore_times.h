// When something was saved and when it is loaded again: what a table must know to go on as if
// nothing had happened in between.
#pragma once

#include "base/clock.h"

namespace accesslog {

struct RestoreTimes {
  Time taken{};  // wall clock when the bytes were saved
  Time now{};    // and when they are loaded
  // The process that saved them may have gone on for so long behind `taken`.
  Duration grace{};
  // The same process goes on at once, under a new configuration: scrapers missed nothing.
  bool continued = false;
};

}  // namespace accesslog
