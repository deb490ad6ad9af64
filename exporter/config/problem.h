// One complaint about a configuration file, placed so that an editor can jump to it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace accesslog {

struct Problem {
  uint32_t line = 0;  // from 1; 0 where the file as a whole is meant
  uint32_t column = 0;
  std::string message;  // a sentence with the fix in it

  // "file:line:column: message"
  std::string At(const std::string& file) const;
};

struct Problems {
  std::vector<Problem> errors;
  std::vector<Problem> warnings;
};

}  // namespace accesslog
