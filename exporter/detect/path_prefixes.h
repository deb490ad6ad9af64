// Prefixes of paths by whole segments: "/admin" is for "/admin", "/admin/" and "/admin/x", but not for
// "/administrator". A path is looked at as a web server would look for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace accesslog {

class PathPrefixes {
 public:
  // Each begins with '/'.
  explicit PathPrefixes(std::vector<std::string> prefixes);

  bool Hold(std::string_view path) const;
  bool empty() const { return prefixes_.empty(); }
  const std::vector<std::string>& prefixes() const { return prefixes_; }

 private:
  bool HoldNormal(std::string_view path) const;

  std::vector<std::string> prefixes_;  // without '/' at their ends
};

// The path as a web server looks for it: escapes (%2e) decoded once, empty and "." segments left out,
// ".." taken with the segment in front of it. "//a/./%62/../c" is "/a/c".
std::string NormalPath(std::string_view path);

}  // namespace accesslog
