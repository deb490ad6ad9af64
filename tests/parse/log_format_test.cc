#include "parse/log_format.h"

#include <gtest/gtest.h>

#include "parse/builtin_formats.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

std::string ErrorOf(std::string_view text) {
  const auto format = CompileFormat(text);
  return format ? "no error" : format.error().message;
}

// "client status" of `line` as the format `text` reads it.
std::string Read(std::string_view text, std::string_view line) {
  const auto format = CompileFormat(text);
  if (!format) return format.error().message;
  LineParser parser(*format);
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  if (!HasRecord(outcome)) return std::string(OutcomeName(outcome));
  return std::string(record.client) + " " + std::to_string(record.status);
}

TEST(CompileFormat, TakesNames) {
  EXPECT_EQ(*CompileFormat("combined"), FindBuiltinFormat("combined"));
  EXPECT_EQ(*CompileFormat(" w3c\n"), FindBuiltinFormat("iis"));
}

TEST(CompileFormat, TakesTheLanguagesByTheirPrefix) {
  EXPECT_EQ(Read("nginx: $remote_addr|$status", "192.0.2.1|404"), "192.0.2.1 404");
  EXPECT_EQ(Read("nginx: ${http_x_real_ip}|$status", "192.0.2.1|404"), "192.0.2.1 404");
  EXPECT_EQ(Read("apache: %a|%s", "192.0.2.1|404"), "192.0.2.1 404");
  EXPECT_EQ(Read("json: client=a status=b", R"({"a":"192.0.2.1","b":404})"), "192.0.2.1 404");
}

TEST(CompileFormat, KnowsTheLanguagesWithoutTheirPrefix) {
  EXPECT_EQ(Read("$remote_addr $status", "192.0.2.1 404"), "192.0.2.1 404");
  EXPECT_EQ(Read("${remote_addr}|${status}", "192.0.2.1|404"), "192.0.2.1 404");
  EXPECT_EQ(Read("log_format a '$http_x_real_ip $status';", "192.0.2.1 404"), "192.0.2.1 404");
  EXPECT_EQ(Read("%h %>s", "192.0.2.1 404"), "192.0.2.1 404");
  EXPECT_EQ(Read("LogFormat \"%{c}a %s\" x", "192.0.2.1 404"), "192.0.2.1 404");
  EXPECT_EQ(Read("CustomLog logs/x \"%{c}a %s\"", "192.0.2.1 404"), "192.0.2.1 404");
}

TEST(CompileFormat, ReadsPastCommentsInFront) {
  EXPECT_EQ(Read("# nginx.conf\nlog_format a '${http_x_real_ip} $status';", "192.0.2.1 404"),
            "192.0.2.1 404");
  EXPECT_EQ(Read("# httpd.conf\nLogFormat \"%{c}a %s\" x", "192.0.2.1 404"), "192.0.2.1 404");
}

TEST(CompileFormat, SaysWhoseFormatIsWrong) {
  EXPECT_EQ(ErrorOf("nginx: $remote_addr"), "nginx format: the format has no status");
  EXPECT_EQ(ErrorOf("apache: %h"), "apache format: the format has no status");
  EXPECT_EQ(ErrorOf("apache: %h %{%j}t %s"),
            "apache format: the time format \"%j\" has %j, which cannot be read back");
  EXPECT_EQ(ErrorOf("json: x"), "\"x\" is no FIELD=KEY, as in client=remote_addr");
}

TEST(CompileFormat, NamesTheFormatThatWasMeant) {
  EXPECT_EQ(ErrorOf("ningx_main"), "unknown format \"ningx_main\"; did you mean nginx_main?");
}

TEST(CompileFormat, SaysHowToWriteAFormat) {
  const std::string end =
      ", and \"nginx: …\" and \"apache: …\" with the server's own format string";
  for (const char* text : {"", "wholly unknown", "$status", "%q"}) {
    EXPECT_TRUE(ErrorOf(text).ends_with(end)) << ErrorOf(text);
  }
}

}  // namespace
}  // namespace accesslog
