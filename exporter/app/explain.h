// The subcommand `explain`: which field of a line went where, or where reading stopped and why.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace accesslog {

struct ExplainOptions {
  std::string format = "auto";
  bool json = false;                // one object for each line
  std::vector<std::string> lines;  // none: those of standard input
};

// The exit code: 0, 1 if a line could not be read and the answer is for a person, 2 for a wrong format
// or an unreadable input.
int Explain(const ExplainOptions& options, std::ostream& out, std::ostream& err);

}  // namespace accesslog
