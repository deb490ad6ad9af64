// What a site takes for a failed login.
#include <gmock/gmock.h>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

// How many of these requests counted as failed logins.
uint32_t LoginFailures(const LoginOptions& login, const std::vector<Attempt>& attempts) {
  DetectOptions options;
  options.login = login;
  options.thresholds = {{Signal::kLoginFailures, kWindow5m, 1000}};
  WatchedSite site(options);
  for (const Attempt& attempt : attempts) site.See(attempt, kStart);
  const auto signals = site.SignalsAt(kStart);
  return signals.empty() ? 0 : signals[0].value;
}

TEST(LoginFailure, IsADeniedRequestByDefault) {
  EXPECT_EQ(LoginFailures({}, {{.status = 401}, {.status = 403}}), 2U);
  EXPECT_EQ(LoginFailures({}, {{.status = 302}, {.status = 404}}), 0U);
  EXPECT_EQ(LoginFailures({}, {{.status = 403, .path = "/x"}, {.status = 200, .path = "/x"}}), 0U);
}

TEST(LoginFailure, HasAStatusOfTheSite) {
  const LoginOptions login{.paths = {}, .methods = {}, .failure = {200, 422}};
  EXPECT_EQ(LoginFailures(login, {{.status = 200}, {.status = 422}}), 2U);
  EXPECT_EQ(LoginFailures(login, {{.status = 401}, {.status = 302}}), 0U);
}

TEST(LoginFailure, IsOnAPathOfTheSite) {
  const LoginOptions login{.paths = {"/login", "/wp-login.php"}, .methods = {}};
  EXPECT_EQ(LoginFailures(login, {{.path = "/login"}, {.path = "/wp-login.php"}}), 2U);
  EXPECT_EQ(LoginFailures(login, {{.path = "/login/x"}, {.path = "/Login"}, {.path = ""}}), 0U);
}

TEST(LoginFailure, HasAMethodOfTheSite) {
  const LoginOptions login{.paths = {}, .methods = {"POST", "PROPFIND"}};
  EXPECT_EQ(LoginFailures(login, {{.method = "POST"}, {.method = "PROPFIND"}}), 2U);
  EXPECT_EQ(LoginFailures(login, {{.method = "GET"}, {.method = "post"}, {.method = ""}}), 0U);
}

TEST(LoginFailure, FitsAllThreeAtOnce) {
  const LoginOptions login{.paths = {"/login"}, .methods = {"POST"}, .failure = {401}};
  EXPECT_EQ(LoginFailures(login, {{.status = 401, .method = "POST", .path = "/login"}}), 1U);
  EXPECT_EQ(LoginFailures(login, {{.status = 403, .method = "POST", .path = "/login"},
                                  {.status = 401, .method = "GET", .path = "/login"},
                                  {.status = 401, .method = "POST", .path = "/"}}),
            0U);
}

}  // namespace
}  // namespace accesslog
