// Where the state is kept, and how often it is written. config fills this, finished and in range.
#pragma once

#include <string>

#include "base/clock.h"

namespace accesslog {

struct StateOptions {
  // "": nothing is kept. Who starts the program by hand, perhaps without the right to write below
  // /var/lib, gets what he asked for and no error.
  std::string file;
  Duration interval = std::chrono::seconds{5};
};

}  // namespace accesslog
