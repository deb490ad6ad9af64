#include "app/visit_scopes.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

uint8_t ScopesOf(std::string_view path, std::string_view method = "GET") {
  const VisitScopes scopes({.paths = {"/login"}, .methods = {"POST"}}, {"/admin/", "/intern/x"});
  Record record;
  record.path = path;
  record.method_text = method;
  return scopes.Of(record);
}

TEST(VisitScopes, KnowAnAttemptToLogIn) {
  EXPECT_EQ(ScopesOf("/login", "POST"), kVisitsLogin);
  EXPECT_EQ(ScopesOf("/login", "GET"), 0);
  EXPECT_EQ(ScopesOf("/login/", "POST"), 0);
}

TEST(VisitScopes, KnowWhatIsProtectedBySegments) {
  for (const char* path : {"/admin", "/admin/", "/admin/users", "/intern/x", "/intern/x/y"}) {
    EXPECT_EQ(ScopesOf(path), kVisitsProtected) << path;
  }
  for (const char* path : {"/administrator", "/", "", "/intern", "/intern/xy", "/a/admin", "admin"}) {
    EXPECT_EQ(ScopesOf(path), 0) << path;
  }
}

// As a server would find it.
TEST(VisitScopes, SeeThroughOddSpellings) {
  for (const char* path : {"//admin", "/./admin", "/%61dmin", "/x/../admin", "/x/..//%61dmin/y",
                           "/..%2fadmin", "/admin/%", "/%2Fadmin"}) {
    EXPECT_EQ(ScopesOf(path), kVisitsProtected) << path;
  }
  EXPECT_EQ(ScopesOf("/admin/../public"), 0);
  EXPECT_EQ(ScopesOf("/%2561dmin"), 0) << "decoded once";
}

TEST(VisitScopes, AreNoneWhereNothingIsConfigured) {
  const VisitScopes scopes({.paths = {}, .methods = {"POST"}}, {});
  Record record;
  record.path = "/login";
  record.method_text = "POST";
  EXPECT_EQ(scopes.Of(record), 0);
  EXPECT_EQ(scopes.rules(), Visitors::Rules{});
}

TEST(VisitScopes, TellTheirRules) {
  const VisitScopes scopes({.paths = {"/login"}, .methods = {"POST"}}, {"/admin/"});
  EXPECT_EQ(scopes.rules(), (Visitors::Rules{"", "/login\nPOST\n", "/admin\n"}));
}

TEST(VisitScopes, NormalizePaths) {
  EXPECT_EQ(NormalPath("//a/./%62/../c"), "/a/c");
  EXPECT_EQ(NormalPath("/.."), "/");
  EXPECT_EQ(NormalPath(""), "/");
  EXPECT_EQ(NormalPath("/%zz/%4"), "/%zz/%4");
}

}  // namespace
}  // namespace accesslog
