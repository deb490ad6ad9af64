// Which requests try to log in, and what their answers say. A status code is no login result: forms
// answer a wrong password with 200, or with a redirect back to themselves, as often as with 401. What
// the options leave open is known of well-known applications; the rest is undecided, and what the
// client asks for next tells (login_watch in Detector).
#pragma once

#include <cstdint>
#include <string_view>

#include "detect/options.h"

namespace accesslog {

// What was asked for: a form that is shown again after a wrong password, an interface for programs, or
// an application of which more is known.
enum class LoginKind : uint8_t { kNone, kForm, kApi, kWordPress, kXmlRpc, kPhpMyAdmin };

enum class LoginAnswer : uint8_t {
  kNone,       // no attempt to log in
  kFailure,
  kChallenge,  // 401 to who gave no name: a browser's first question, or one more guess
  kSuccess,
  kUndecided,  // a redirect, to the form again or to what is behind it
  kShown,      // a page instead of a redirect: the form again, unless the site answers failures otherwise
};

// Elsewhere; 304 says that what the client has is right.
inline bool IsRedirect(uint16_t status) { return status >= 301 && status <= 308 && status != 304; }

// WebDAV clients ask without a name first, by design, and often for what is not there.
bool IsWebDav(std::string_view method);

class LoginRules {
 public:
  explicit LoginRules(LoginOptions options) : options_(std::move(options)) {}

  // `path` without scheme and host, not decoded.
  LoginKind KindOf(std::string_view path, std::string_view query) const;

  LoginAnswer Judge(LoginKind kind, std::string_view method, uint16_t status, bool has_user) const;

  // Whether it leads back to a login: what who failed is sent to.
  static bool LooksLikeLogin(std::string_view path);

  const LoginOptions& options() const { return options_; }

 private:
  LoginAnswer JudgeAsGiven(LoginKind kind, std::string_view method, uint16_t status) const;

  LoginOptions options_;
};

}  // namespace accesslog
