// The subcommand `healthcheck`: asks a running exporter /-/ready, so that a container needs no curl.
#pragma once

#include <iosfwd>

#include "http/listen_address.h"

namespace accesslog {

// The exit code: 0 if it is ready, 1 if it answers otherwise or not at all.
int Healthcheck(ListenAddress address, std::ostream& out, std::ostream& err);

}  // namespace accesslog
