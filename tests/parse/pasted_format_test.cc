// Format strings copied from between the quotes of a configuration, where \t is a tab.
#include <gtest/gtest.h>

#include "parse/apache_format.h"
#include "parse/nginx_format.h"

namespace accesslog {
namespace {

TEST(ApacheFormat, UndoesTheEscapesOfTheConfiguration) {
  const auto expected = CompileApacheFormat("%h\t%t\t\"%r\"\t%>s");
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(*CompileApacheFormat(R"(%h\t%t\t\"%r\"\t%>s)"), *expected);
  EXPECT_EQ(*CompileApacheFormat(R"(%h\t%t\t"%r"\t%>s)"), *expected);
  EXPECT_EQ(*CompileApacheFormat(R"(LogFormat "%h\t%t\t\"%r\"\t%>s" tabs)"), *expected);
}

TEST(NginxFormat, UndoesTheEscapesOfTheConfiguration) {
  const auto expected = CompileNginxFormat("$remote_addr\t\"$request\"\t$status");
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(*CompileNginxFormat(R"($remote_addr\t"$request"\t$status)"), *expected);
  EXPECT_EQ(*CompileNginxFormat(R"($remote_addr\t\"$request\"\t$status)"), *expected);
  EXPECT_EQ(*CompileNginxFormat(R"(escape=default $remote_addr\t"$request"\t$status)"), *expected);
  EXPECT_EQ(*CompileNginxFormat(R"(log_format t '$remote_addr\t"$request"\t' '$status';)"),
            *expected);
}

}  // namespace
}  // namespace accesslog
