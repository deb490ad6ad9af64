// Reads [detect], and [site.detect], which has the same keys. Used by config.cc only.
#pragma once

#include "config/toml_section.h"
#include "detect/options.h"

namespace accesslog {

// `detect` holds what applies where the section says nothing.
void ReadDetect(TomlSection& section, DetectOptions& detect);

// Notes what is wrong with the paths of a key.
void CheckPaths(TomlSection& section, const std::string& key, const std::vector<std::string>& paths);

// Notes what is wrong with the methods of a key.
void CheckMethods(TomlSection& section, const std::string& key,
                  const std::vector<std::string>& methods);

}  // namespace accesslog
