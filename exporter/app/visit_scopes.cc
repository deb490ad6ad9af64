#include "app/visit_scopes.h"

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

bool Contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

void Append(std::string& text, const std::vector<std::string>& list) {
  for (const std::string& item : list) text += item + "\n";
}

}  // namespace

VisitScopes::VisitScopes(const LoginOptions& login, std::vector<std::string> protected_paths)
    : login_paths_(login.paths),
      login_methods_(login.methods),
      protected_paths_(std::move(protected_paths)),
      any_(!login_paths_.empty() || !protected_paths_.empty()) {
  for (std::string& path : protected_paths_) {
    while (path.ends_with('/')) path.pop_back();
  }
}

Visitors::Rules VisitScopes::rules() const {
  Visitors::Rules rules;
  if (!login_paths_.empty()) {
    Append(rules[static_cast<size_t>(Scope::kLogin)], login_paths_);
    Append(rules[static_cast<size_t>(Scope::kLogin)], login_methods_);
  }
  Append(rules[static_cast<size_t>(Scope::kProtected)], protected_paths_);
  return rules;
}

bool VisitScopes::IsLogin(const Record& record) const {
  return Contains(login_paths_, record.path) &&
         (login_methods_.empty() || Contains(login_methods_, record.method_text));
}

bool VisitScopes::IsProtected(std::string_view path) const {
  if (protected_paths_.empty()) return false;
  path = path.substr(0, kLongestPath);
  if (!IsOdd(path)) return HasProtectedPrefix(path);
  return HasProtectedPrefix(NormalPath(path));
}

bool VisitScopes::HasProtectedPrefix(std::string_view path) const {
  return std::any_of(
      protected_paths_.begin(), protected_paths_.end(), [path](const std::string& prefix) {
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
