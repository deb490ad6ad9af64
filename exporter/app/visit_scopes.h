// What a request is besides a visit to the site: an attempt to log in, a look at what the site
// protects. Asked by SiteEngine for each line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/visitors.h"
#include "detect/options.h"
#include "detect/path_prefixes.h"
#include "record/record.h"

namespace accesslog {

class VisitScopes {
 public:
  // An attempt to log in has one of the login's paths, whatever was answered; without paths there is
  // none. `protected_paths` begin with '/' and are prefixes of whole segments: "/admin" is for
  // "/admin", "/admin/" and "/admin/x", but not for "/administrator".
  VisitScopes(const LoginOptions& login, std::vector<std::string> protected_paths);

  // Bits as Visitors::Add takes them.
  uint8_t Of(const Record& record) const {
    if (!any_) return 0;
    return static_cast<uint8_t>((IsLogin(record) ? kVisitsLogin : 0) |
                                (protected_.Hold(record.path) ? kVisitsProtected : 0));
  }
  Visitors::Rules rules() const;

 private:
  bool IsLogin(const Record& record) const;

  std::vector<std::string> login_paths_;
  std::vector<std::string> login_methods_;
  PathPrefixes protected_;
  bool any_;
};

}  // namespace accesslog
