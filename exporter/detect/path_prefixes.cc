#include "detect/path_prefixes.h"

#include <algorithm>
#include <utility>

namespace accesslog {
namespace {

// Nothing that a server would look for is longer; the rest of a path cannot make it less protected.
constexpr size_t kLongestPath = 4096;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Unescaped(std::string_view path) {
  std::string text;
  for (size_t i = 0; i < path.size(); ++i) {
    const bool escape = path[i] == '%' && i + 2 < path.size();
    const int high = escape ? HexDigit(path[i + 1]) : -1;
    const int low = escape ? HexDigit(path[i + 2]) : -1;
    if (high < 0 || low < 0) {
      text += path[i];
      continue;
    }
    text += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return text;
}

// Whether NormalPath may give another path.
bool IsOdd(std::string_view path) {
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%') return true;
    if (path[i] == '/' && i + 1 < path.size() && (path[i + 1] == '/' || path[i + 1] == '.')) {
      return true;
    }
  }
  return false;
}

}  // namespace

PathPrefixes::PathPrefixes(std::vector<std::string> prefixes) : prefixes_(std::move(prefixes)) {
  for (std::string& prefix : prefixes_) {
    while (prefix.ends_with('/')) prefix.pop_back();
  }
}

bool PathPrefixes::Hold(std::string_view path) const {
  if (prefixes_.empty()) return false;
  path = path.substr(0, kLongestPath);
  if (!IsOdd(path)) return HoldNormal(path);
  return HoldNormal(NormalPath(path));
}

bool PathPrefixes::HoldNormal(std::string_view path) const {
  return std::any_of(prefixes_.begin(), prefixes_.end(), [path](const std::string& prefix) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
  });
}

std::string NormalPath(std::string_view path) {
  const std::string text = Unescaped(path);
  std::string normal;
  std::string_view rest = text;
  while (!rest.empty()) {
    if (rest.front() == '/') rest.remove_prefix(1);
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    if (segment == "..") {
      normal.erase(std::min(normal.rfind('/'), normal.size()));
    } else if (!segment.empty() && segment != ".") {
      normal += '/';
      normal += segment;
    }
  }
  return normal.empty() ? "/" : normal;
}

}  // namespace accesslog
