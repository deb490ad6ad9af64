#include "detect/login_rules.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.h"

namespace accesslog {
namespace {

// No login has a longer path.
constexpr size_t kLongestPath = 256;

template <typename List, typename Item>
bool Holds(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Last parts of paths, without extension, to which forms with a name and a password are sent. As the
// frameworks' documentation gives them: Django, Rails (Devise), Laravel, Spring, ASP.NET, Java EE,
// Symfony, Drupal, Plone and many more that call it simply "login".
constexpr std::array<std::string_view, 29> kFormNames = {
    "login",          "log-in",        "log_in",      "logon",        "log-on",
    "signin",         "sign-in",       "sign_in",     "login_form",   "loginform",
    "login_check",    "check_login",   "checklogin",  "logincheck",   "login-check",
    "dologin",        "do_login",      "do-login",    "userlogin",    "user_login",
    "user-login",     "adminlogin",    "admin_login", "admin-login",  "authenticate",
    "j_security_check", "j_spring_security_check", "j_acegi_security_check", "weblogin"};

// Of programs that answer what they execute.
constexpr std::array<std::string_view, 12> kExtensions = {"php", "asp", "aspx",   "jsp",  "jspx", "do",
                                                          "action", "html", "htm", "cgi", "pl", "cfm"};

struct Split {
  std::string_view directory;  // up to the last '/', without it
  std::string_view name;       // behind it, without a known extension
  bool json = false;
};

Split SplitPath(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  Split split;
  split.directory = slash == std::string_view::npos ? "" : path.substr(0, slash);
  split.name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const size_t dot = split.name.rfind('.');
  if (dot == std::string_view::npos) return split;
  const std::string_view extension = split.name.substr(dot + 1);
  split.json = extension == "json";
  if (split.json || Holds(kExtensions, extension)) split.name = split.name.substr(0, dot);
  return split;
}

bool IsForPrograms(std::string_view path) {
  return path.find("/api/") != std::string_view::npos ||
         path.find("/rest/") != std::string_view::npos || path.find("/v1/") != std::string_view::npos ||
         path.find("/v2/") != std::string_view::npos || path.find("/oauth") != std::string_view::npos;
}

// wp-login.php does more than that: forgotten passwords, pages with a password of their own.
bool IsOtherAction(std::string_view query) {
  const size_t at = query.find("action=");
  return at != std::string_view::npos && !query.substr(at + 7).starts_with("login");
}

bool IsAdministration(std::string_view directory) {
  const std::string_view last = directory.substr(directory.rfind('/') + 1);
  return last.starts_with("phpmyadmin") || last == "pma" || last == "myadmin" || last == "dbadmin" ||
         last == "administrator";
}

LoginKind KindOfLower(std::string_view path, std::string_view query) {
  const Split split = SplitPath(path);
  if (split.name == "wp-login") return IsOtherAction(query) ? LoginKind::kNone : LoginKind::kWordPress;
  if (split.name == "xmlrpc") return LoginKind::kXmlRpc;
  // Behind the login everything of theirs has a query.
  if (query.empty() && ((split.name == "index" && IsAdministration(split.directory)) ||
                        IsAdministration(path.substr(0, path.find_last_not_of('/') + 1)))) {
    return LoginKind::kPhpMyAdmin;
  }
  if (!Holds(kFormNames, split.name)) return LoginKind::kNone;
  return split.json || IsForPrograms(path) ? LoginKind::kApi : LoginKind::kForm;
}

bool SendsForm(std::string_view method) { return method == "POST" || method == "PUT"; }

bool IsDenied(uint16_t status) {
  return status == 400 || status == 401 || status == 403 || status == 422 || status == 429;
}

LoginAnswer JudgeForm(uint16_t status) {
  if (IsDenied(status)) return LoginAnswer::kFailure;
  if (IsRedirect(status)) return LoginAnswer::kUndecided;
  if (status == 200) return LoginAnswer::kShown;
  return status == 201 || status == 204 ? LoginAnswer::kSuccess : LoginAnswer::kNone;
}

LoginAnswer JudgeKnown(LoginKind kind, uint16_t status) {
  switch (kind) {
    case LoginKind::kApi:
      if (status >= 200 && status < 300) return LoginAnswer::kSuccess;
      return IsDenied(status) ? LoginAnswer::kFailure : LoginAnswer::kNone;
    case LoginKind::kXmlRpc:
      // What it answers stands in the body; who logs in there seldom does so more than a few times.
      return status == 200 || IsDenied(status) ? LoginAnswer::kFailure : LoginAnswer::kNone;
    case LoginKind::kWordPress:
    case LoginKind::kPhpMyAdmin:
      if (status == 200 || IsDenied(status)) return LoginAnswer::kFailure;
      return IsRedirect(status) ? LoginAnswer::kSuccess : LoginAnswer::kNone;
    case LoginKind::kForm:
    case LoginKind::kNone:
      break;
  }
  return JudgeForm(status);
}

}  // namespace

bool IsWebDav(std::string_view method) {
  constexpr std::array<std::string_view, 9> kMethods = {
      "OPTIONS", "PROPFIND", "REPORT", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK", "PROPPATCH"};
  return Holds(kMethods, method);
}

LoginKind LoginRules::KindOf(std::string_view path, std::string_view query) const {
  path = path.substr(0, kLongestPath);
  const std::string lower = ToLower(path);
  const LoginKind kind = KindOfLower(lower, query);
  if (options_.paths.empty()) return kind;
  if (!Holds(options_.paths, path)) return LoginKind::kNone;
  if (kind != LoginKind::kNone) return kind;
  return IsForPrograms(lower) ? LoginKind::kApi : LoginKind::kForm;
}

LoginAnswer LoginRules::Judge(LoginKind kind, std::string_view method, uint16_t status,
                              bool has_user) const {
  if (options_.answers_given()) return JudgeAsGiven(kind, method, status);
  const bool restricted = !options_.methods.empty();
  if (restricted && !Holds(options_.methods, method)) return LoginAnswer::kNone;
  const bool sends = restricted || SendsForm(method);
  if (kind != LoginKind::kNone && sends) return JudgeKnown(kind, status);
  // Basic authentication, anywhere on a site that did not say where one logs in.
  const bool anywhere = options_.paths.empty() || kind != LoginKind::kNone;
  if (status != 401 || !anywhere || IsWebDav(method)) return LoginAnswer::kNone;
  return has_user || sends ? LoginAnswer::kFailure : LoginAnswer::kChallenge;
}

// What somebody wrote down holds as it stands.
LoginAnswer LoginRules::JudgeAsGiven(LoginKind kind, std::string_view method,
                                     uint16_t status) const {
  if (!options_.paths.empty() && kind == LoginKind::kNone) return LoginAnswer::kNone;
  if (!options_.methods.empty() && !Holds(options_.methods, method)) return LoginAnswer::kNone;
  if (Holds(options_.failure, status)) return LoginAnswer::kFailure;
  // Without a path every page that was answered so would be a login.
  const bool is_login = kind != LoginKind::kNone && (!options_.methods.empty() || SendsForm(method));
  return is_login && Holds(options_.success, status) ? LoginAnswer::kSuccess : LoginAnswer::kNone;
}

bool LoginRules::LooksLikeLogin(std::string_view path) {
  const std::string lower = ToLower(path.substr(0, kLongestPath));
  constexpr std::array<std::string_view, 6> kWords = {"login",   "logon",   "signin",
                                                      "sign_in", "sign-in", "log-in"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
}

}  // namespace accesslog
