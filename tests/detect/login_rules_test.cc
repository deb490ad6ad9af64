// Which requests try to log in, and what their answers say.
#include "detect/login_rules.h"

#include <gtest/gtest.h>

#include <string>

namespace accesslog {
namespace {

LoginKind KindOf(std::string_view path, std::string_view query = "") {
  return LoginRules(LoginOptions{}).KindOf(path, query);
}

LoginAnswer Judge(LoginKind kind, std::string_view method, uint16_t status, bool has_user = false) {
  return LoginRules(LoginOptions{}).Judge(kind, method, status, has_user);
}

TEST(LoginKind, IsKnownOfForms) {
  for (const char* path :
       {"/login", "/login/", "/Login", "/users/sign_in", "/accounts/login/", "/login.php", "/a/LOGIN.ASPX",
        "/j_security_check", "/login.jsp", "/app/login_check", "/log-in", "login"}) {
    EXPECT_EQ(KindOf(path), LoginKind::kForm) << path;
  }
}

TEST(LoginKind, IsNoneOfOtherPages) {
  for (const char* path : {"/", "", "/login/help", "/login.css", "/mylogin", "/login.php.bak", "/blog",
                           "/loginx", "//", "/wp-admin/"}) {
    EXPECT_EQ(KindOf(path), LoginKind::kNone) << path;
  }
}

TEST(LoginKind, TellsInterfacesForPrograms) {
  for (const char* path : {"/api/login", "/rest/authenticate", "/v1/login", "/oauth/login", "/login.json",
                           "/x/api/v3/signin"}) {
    EXPECT_EQ(KindOf(path), LoginKind::kApi) << path;
  }
}

TEST(LoginKind, TellsWordPressByItsFile) {
  EXPECT_EQ(KindOf("/wp-login.php"), LoginKind::kWordPress);
  EXPECT_EQ(KindOf("/blog/wp-login.php", "action=login"), LoginKind::kWordPress);
  EXPECT_EQ(KindOf("/wp-login.php", "redirect_to=%2F"), LoginKind::kWordPress);
  EXPECT_EQ(KindOf("/wp-login.php", "action=lostpassword"), LoginKind::kNone);
  EXPECT_EQ(KindOf("/wp-login.php", "x=1&action=postpass"), LoginKind::kNone);
  EXPECT_EQ(KindOf("/xmlrpc.php"), LoginKind::kXmlRpc);
  EXPECT_EQ(KindOf("/blog/XMLRPC.php"), LoginKind::kXmlRpc);
}

TEST(LoginKind, TellsPhpMyAdminWithoutAQuery) {
  EXPECT_EQ(KindOf("/phpmyadmin/index.php"), LoginKind::kPhpMyAdmin);
  EXPECT_EQ(KindOf("/phpMyAdmin-5.2/"), LoginKind::kPhpMyAdmin);
  EXPECT_EQ(KindOf("/pma/index.php"), LoginKind::kPhpMyAdmin);
  EXPECT_EQ(KindOf("/administrator/index.php"), LoginKind::kPhpMyAdmin);
  EXPECT_EQ(KindOf("/phpmyadmin/index.php", "route=/sql"), LoginKind::kNone);
  EXPECT_EQ(KindOf("/index.php"), LoginKind::kNone);
}

TEST(LoginKind, OfAnEndlessPathIsThatOfItsBeginning) {
  EXPECT_EQ(KindOf(std::string(100000, '/')), LoginKind::kNone);
  EXPECT_EQ(KindOf("/login" + std::string(100000, '/')), LoginKind::kForm);
  EXPECT_EQ(KindOf("/" + std::string(300, 'a') + "/login"), LoginKind::kNone);
}

TEST(LoginKind, IsThatOfTheConfiguredPathsOnly) {
  const LoginRules rules(LoginOptions{.paths = {"/enter", "/api/enter", "/wp-login.php"}, .methods = {}});
  EXPECT_EQ(rules.KindOf("/enter", ""), LoginKind::kForm);
  EXPECT_EQ(rules.KindOf("/api/enter", ""), LoginKind::kApi);
  EXPECT_EQ(rules.KindOf("/wp-login.php", ""), LoginKind::kWordPress);
  EXPECT_EQ(rules.KindOf("/login", ""), LoginKind::kNone);
  EXPECT_EQ(rules.KindOf("/Enter", ""), LoginKind::kNone);
  EXPECT_EQ(rules.KindOf("/enter/", ""), LoginKind::kNone);
}

TEST(LoginAnswer, OfWordPressIsARedirectWhereItLetsIn) {
  for (const LoginKind kind : {LoginKind::kWordPress, LoginKind::kPhpMyAdmin}) {
    EXPECT_EQ(Judge(kind, "POST", 200), LoginAnswer::kFailure);
    EXPECT_EQ(Judge(kind, "POST", 403), LoginAnswer::kFailure);
    EXPECT_EQ(Judge(kind, "POST", 302), LoginAnswer::kSuccess);
    EXPECT_EQ(Judge(kind, "POST", 500), LoginAnswer::kNone);
    EXPECT_EQ(Judge(kind, "GET", 200), LoginAnswer::kNone);
    EXPECT_EQ(Judge(kind, "GET", 302), LoginAnswer::kNone);
  }
}

TEST(LoginAnswer, OfXmlRpcIsNoSuccess) {
  EXPECT_EQ(Judge(LoginKind::kXmlRpc, "POST", 200), LoginAnswer::kFailure);
  EXPECT_EQ(Judge(LoginKind::kXmlRpc, "POST", 403), LoginAnswer::kFailure);
  EXPECT_EQ(Judge(LoginKind::kXmlRpc, "POST", 404), LoginAnswer::kNone);
  EXPECT_EQ(Judge(LoginKind::kXmlRpc, "POST", 302), LoginAnswer::kNone);
  EXPECT_EQ(Judge(LoginKind::kXmlRpc, "GET", 200), LoginAnswer::kNone);
}

TEST(LoginAnswer, OfAnApiIsItsStatus) {
  EXPECT_EQ(Judge(LoginKind::kApi, "POST", 200), LoginAnswer::kSuccess);
  EXPECT_EQ(Judge(LoginKind::kApi, "POST", 204), LoginAnswer::kSuccess);
  for (const uint16_t status : {400, 401, 403, 422, 429}) {
    EXPECT_EQ(Judge(LoginKind::kApi, "POST", status), LoginAnswer::kFailure) << status;
  }
  EXPECT_EQ(Judge(LoginKind::kApi, "POST", 302), LoginAnswer::kNone);
}

TEST(LoginAnswer, OfAFormIsOftenOpen) {
  EXPECT_EQ(Judge(LoginKind::kForm, "POST", 200), LoginAnswer::kShown);
  EXPECT_EQ(Judge(LoginKind::kForm, "POST", 302), LoginAnswer::kUndecided);
  EXPECT_EQ(Judge(LoginKind::kForm, "POST", 303), LoginAnswer::kUndecided);
  EXPECT_EQ(Judge(LoginKind::kForm, "POST", 304), LoginAnswer::kNone);
  EXPECT_EQ(Judge(LoginKind::kForm, "POST", 401), LoginAnswer::kFailure);
  EXPECT_EQ(Judge(LoginKind::kForm, "PUT", 422), LoginAnswer::kFailure);
  EXPECT_EQ(Judge(LoginKind::kForm, "POST", 204), LoginAnswer::kSuccess);
  EXPECT_EQ(Judge(LoginKind::kForm, "POST", 404), LoginAnswer::kNone);
  EXPECT_EQ(Judge(LoginKind::kForm, "GET", 200), LoginAnswer::kNone);
}

TEST(LoginAnswer, OfBasicAuthenticationDependsOnTheName) {
  EXPECT_EQ(Judge(LoginKind::kNone, "GET", 401), LoginAnswer::kChallenge);
  EXPECT_EQ(Judge(LoginKind::kNone, "GET", 401, true), LoginAnswer::kFailure);
  EXPECT_EQ(Judge(LoginKind::kNone, "POST", 401), LoginAnswer::kFailure);
  EXPECT_EQ(Judge(LoginKind::kNone, "GET", 403), LoginAnswer::kNone);
  EXPECT_EQ(Judge(LoginKind::kNone, "PROPFIND", 401), LoginAnswer::kNone);
  EXPECT_EQ(Judge(LoginKind::kNone, "OPTIONS", 401, true), LoginAnswer::kNone);
  // Who said where one logs in said that one does nowhere else.
  const LoginRules rules(LoginOptions{.paths = {"/enter"}, .methods = {}});
  EXPECT_EQ(rules.Judge(LoginKind::kNone, "GET", 401, true), LoginAnswer::kNone);
  EXPECT_EQ(rules.Judge(LoginKind::kForm, "GET", 401, true), LoginAnswer::kFailure);
}

TEST(LoginAnswer, HoldsAsConfigured) {
  const LoginRules rules(
      LoginOptions{.paths = {"/wp-login.php"}, .methods = {"POST"}, .failure = {302}, .success = {200}});
  EXPECT_EQ(rules.Judge(LoginKind::kWordPress, "POST", 302, false), LoginAnswer::kFailure);
  EXPECT_EQ(rules.Judge(LoginKind::kWordPress, "POST", 200, false), LoginAnswer::kSuccess);
  EXPECT_EQ(rules.Judge(LoginKind::kWordPress, "POST", 401, false), LoginAnswer::kNone);
  EXPECT_EQ(rules.Judge(LoginKind::kWordPress, "GET", 302, false), LoginAnswer::kNone);
  EXPECT_EQ(rules.Judge(LoginKind::kNone, "POST", 302, false), LoginAnswer::kNone);
}

// A status alone makes a failure anywhere, but no success: each page would be one.
TEST(LoginAnswer, WithoutConfiguredPathsIsNoSuccessOfAnyPage) {
  const LoginRules rules(LoginOptions{.paths = {}, .methods = {}, .failure = {418}, .success = {200}});
  EXPECT_EQ(rules.Judge(LoginKind::kNone, "POST", 418, false), LoginAnswer::kFailure);
  EXPECT_EQ(rules.Judge(LoginKind::kNone, "POST", 200, false), LoginAnswer::kNone);
  EXPECT_EQ(rules.Judge(LoginKind::kForm, "POST", 200, false), LoginAnswer::kSuccess);
  EXPECT_EQ(rules.Judge(LoginKind::kForm, "GET", 200, false), LoginAnswer::kNone);
}

TEST(LoginAnswer, IsOfTheConfiguredMethodsOnly) {
  const LoginRules rules(LoginOptions{.paths = {}, .methods = {"GET"}});
  EXPECT_EQ(rules.Judge(LoginKind::kWordPress, "GET", 200, false), LoginAnswer::kFailure);
  EXPECT_EQ(rules.Judge(LoginKind::kWordPress, "POST", 200, false), LoginAnswer::kNone);
}

TEST(LooksLikeLogin, FindsTheWordAnywhereInThePath) {
  for (const char* path : {"/login", "/user/LOGIN", "/Account/LogOn", "/sign-in/error", "/sign_in", "/signin"}) {
    EXPECT_TRUE(LoginRules::LooksLikeLogin(path)) << path;
  }
  for (const char* path : {"/", "", "/home", "/sign", "/log/in"}) {
    EXPECT_FALSE(LoginRules::LooksLikeLogin(path)) << path;
  }
}

TEST(IsWebDav, IsForItsMethodsOnly) {
  EXPECT_TRUE(IsWebDav("PROPFIND"));
  EXPECT_TRUE(IsWebDav("OPTIONS"));
  EXPECT_FALSE(IsWebDav("GET"));
  EXPECT_FALSE(IsWebDav("propfind"));
  EXPECT_FALSE(IsWebDav(""));
}

}  // namespace
}  // namespace accesslog
