// Static files, and the shapes of paths.
#include "detect/path_shape.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

namespace accesslog {
namespace {

bool AreAlike(std::string_view a, std::string_view b) { return ShapeOf(a, 42) == ShapeOf(b, 42); }

TEST(IsStaticPath, HoldsForFilesOfPages) {
  for (const char* path :
       {"/style.css", "/a/b/app.js", "/LOGO.PNG", "/fonts/x.woff2", "/x.webmanifest", "/favicon.ico",
        "/robots.txt", "/sitemap.xml", "/sitemap-2.xml.gz", "/apple-touch-icon-120x120.png",
        "/.well-known/security.txt", "/.well-known/x/y", "/user/7/avatar", "/thumb/512", "/a/images/x"}) {
    EXPECT_TRUE(IsStaticPath(path)) << path;
  }
}

TEST(IsStaticPath, DoesNotHoldForPagesAndWhatScannersAskFor) {
  for (const char* path : {"/", "", "/index.php", "/.env", "/.git/config", "/wp-login.php", "/.css",
                           "/backup.sql", "/images/shell.php", "/x.css/y", "/robots.txt/x", "/a.zip",
                           "/well-known/x", "/config.json", "/css"}) {
    EXPECT_FALSE(IsStaticPath(path)) << path;
  }
}

TEST(IsStaticPath, TakesAnyBytes) {
  EXPECT_FALSE(IsStaticPath(std::string(100000, '/')));
  EXPECT_FALSE(IsStaticPath(std::string("\0\xff\x80", 3)));
  EXPECT_FALSE(IsStaticPath(std::string(5000, 'a') + ".css")) << "what lies behind is not looked at";
}

TEST(ShapeOf, LeavesOutNumbersAndIdentifiers) {
  EXPECT_TRUE(AreAlike("/item/1", "/item/4711"));
  EXPECT_TRUE(AreAlike("/item/1/edit", "/item/2/edit"));
  EXPECT_TRUE(AreAlike("/o/550e8400-e29b-41d4-a716-446655440000", "/o/123e4567-e89b-12d3-a456-426614174000"));
  EXPECT_TRUE(AreAlike("/h/deadbeef01", "/h/cafe00babe"));
  EXPECT_TRUE(AreAlike("/u/ann@example.org", "/u/bob%40example.net"));
  EXPECT_TRUE(AreAlike("/t/sha256:0123456789abcdef", "/t/sha256:fedcba9876543210"));
  EXPECT_TRUE(AreAlike("/t/eyJhbGciOiJIUzI1NiJ9x7", "/t/x0y1z2x0y1z2x0y1z2"));
  EXPECT_TRUE(AreAlike("/p/1.html", "/p/22.html"));
}

TEST(ShapeOf, CountsLettersAlikeInBothCases) { EXPECT_TRUE(AreAlike("/Admin/X", "/admin/x")); }

TEST(ShapeOf, TellsPathsApart) {
  EXPECT_FALSE(AreAlike("/item/1", "/thing/1"));
  EXPECT_FALSE(AreAlike("/item/1", "/item/new"));
  EXPECT_FALSE(AreAlike("/item/1", "/item/1/edit"));
  EXPECT_FALSE(AreAlike("/1.php", "/1.asp")) << "scanners try many endings";
  EXPECT_FALSE(AreAlike("/phpmyadmin2", "/phpmyadmin3"));
  EXPECT_FALSE(AreAlike("/admin", "/backup"));
  EXPECT_FALSE(AreAlike("/face", "/cafe")) << "words of hexadecimal letters";
}

TEST(ShapeOf, IsKeyed) { EXPECT_NE(ShapeOf("/admin", 42), ShapeOf("/admin", 43)); }

TEST(ShapeOf, TellsTheWordsOfAScannerApart) {
  std::set<uint32_t> shapes;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) shapes.insert(ShapeOf(std::string("/") + a + b + ".php", 42));
  }
  EXPECT_EQ(shapes.size(), 26U * 26U);
}

TEST(ShapeOf, IsBoundedInWork) {
  const auto began = std::chrono::steady_clock::now();
  const std::string path(10000000, '/');
  for (int i = 0; i < 100; ++i) ShapeOf(path, static_cast<uint64_t>(i));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{20});
  EXPECT_EQ(ShapeOf(std::string(2000, 'a'), 42), ShapeOf(std::string(3000, 'a'), 42));
}

}  // namespace
}  // namespace accesslog
