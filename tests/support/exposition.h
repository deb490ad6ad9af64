// Reads the Prometheus text format 0.0.4 strictly, and with nothing of prometheus-cpp or of ours,
// to check what we write. Source: the section "Text-based format" of Prometheus' page "Exposition
// formats".
#pragma once

#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace accesslog {

struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;

  bool operator==(const Sample&) const = default;
};

struct Exposition {
  std::string error;  // "" if the text is well-formed; else the line and what is wrong with it
  std::map<std::string, std::string> types;  // by family
  std::map<std::string, std::string> help;
  std::vector<Sample> samples;
};

Exposition ParseExposition(const std::string& text);

// The samples of this name, each written as `label="value",… value` with its labels sorted.
std::vector<std::string> SamplesOf(const Exposition& exposition, std::string_view name);
std::vector<std::string> SamplesOf(const std::string& text, std::string_view name);

}  // namespace accesslog
