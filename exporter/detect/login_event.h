// That somebody logged in, or failed to: what Detector tells the site's observers and the reports.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "clients/client_key.h"

namespace accesslog {

enum class LoginResult : uint8_t { kSuccess, kFailure, kUnknown };
inline constexpr size_t kLoginResultCount = 3;
inline constexpr const char* kLoginResultNames[kLoginResultCount] = {"success", "failure", "unknown"};

struct LoginEvent {
  Time at{};  // event time of the attempt
  LoginResult result = LoginResult::kFailure;
  ClientKey client{};
  uint64_t member = 0;      // who: a keyed hash of the user's name, or of the client where there is none
  bool is_new = false;  // a success of a client that did not log in for weeks
  std::string label{};  // of the client, where it is new
};

}  // namespace accesslog
