#include "app/visit_scopes.h"

#include <algorithm>
#include <utility>

namespace accesslog {
namespace {

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
      protected_(std::move(protected_paths)),
      any_(!login_paths_.empty() || !protected_.empty()) {}

Visitors::Rules VisitScopes::rules() const {
  Visitors::Rules rules;
  if (!login_paths_.empty()) {
    Append(rules[static_cast<size_t>(Scope::kLogin)], login_paths_);
    Append(rules[static_cast<size_t>(Scope::kLogin)], login_methods_);
  }
  Append(rules[static_cast<size_t>(Scope::kProtected)], protected_.prefixes());
  return rules;
}

bool VisitScopes::IsLogin(const Record& record) const {
  return Contains(login_paths_, record.path) &&
         (login_methods_.empty() || Contains(login_methods_, record.method_text));
}

}  // namespace accesslog
