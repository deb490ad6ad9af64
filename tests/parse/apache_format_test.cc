#include "parse/apache_format.h"

#include <gtest/gtest.h>

#include "base/time_format.h"
#include "parse/description.h"
#include "parse/line_format.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

using namespace std::string_literals;
using enum ParseOutcome;

// The format in the language of descriptions, or the error.
std::string Compiled(std::string_view format) {
  const auto spec = CompileApacheFormat(format);
  if (!spec) return "error: " + spec.error().message;
  const std::string pattern = spec->time_pattern.empty() ? "" : " {" + spec->time_pattern + "}";
  return Describe(*spec) + pattern;
}

ParsedLine ParseWith(std::string_view format, std::string_view line) {
  LineParser parser(*CompileApacheFormat(format));
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

std::string TimeOf(std::string_view format, std::string_view line) {
  const ParsedLine parsed = ParseWith(format, line);
  return parsed.time ? FormatUtc(*parsed.time, true) : "nothing";
}

const std::string kCombined =
    R"($client $ident $user [$time] "$request" $status $bytes "$referer" "$user_agent")";

TEST(ApacheFormat, ReadsAFormatString) {
  EXPECT_EQ(Compiled(R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")"), kCombined);
  EXPECT_EQ(Compiled(R"(%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\")"), kCombined);
}

TEST(ApacheFormat, ReadsAQuotedFormatString) {
  EXPECT_EQ(Compiled(R"("%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined)"),
            kCombined);
  EXPECT_EQ(Compiled(R"("%h %>s" short)"), "$client $status");
  EXPECT_EQ(Compiled(R"("%h %>s")"), "$client $status");
}

TEST(ApacheFormat, LeavesTheQuotesOfAFormatThatBeginsWithThem) {
  EXPECT_EQ(Compiled(R"("%h" "%>s")"), R"("$client" "$status")");
  EXPECT_EQ(Compiled(R"("%h" %>s)"), R"("$client" $status)");
}

TEST(ApacheFormat, ReadsALogFormatDirective) {
  EXPECT_EQ(
      Compiled(
          R"(LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined)"),
      kCombined);
  EXPECT_EQ(Compiled("  logformat \"%h \\\n  %>s\" \\\n  short\n"), "$client   $status");
}

TEST(ApacheFormat, ReadsACustomLogDirective) {
  EXPECT_EQ(Compiled(R"(CustomLog logs/access_log "%h %>s" env=!dontlog)"), "$client $status");
  EXPECT_EQ(Compiled(R"(CustomLog "|/usr/bin/rotatelogs /var/log/%Y-%m-%d 86400" "%h %>s")"),
            "$client $status");
  EXPECT_EQ(Compiled("GlobalLog /var/log/a.log '%h \"%r\" %>s'"), "$client \"$request\" $status");
}

TEST(ApacheFormat, AsksForTheFormatBehindANickname) {
  EXPECT_EQ(Compiled("CustomLog ${APACHE_LOG_DIR}/access.log combined"),
            "error: \"combined\" is the nickname of a format; what is wanted is the LogFormat line "
            "that tells it");
  EXPECT_EQ(Compiled("LogFormat"), "error: LogFormat without a format");
  EXPECT_EQ(Compiled("CustomLog logs/access_log"), "error: CustomLog without a format");
}

TEST(ApacheFormat, KnowsApachesOwnEscapes) {
  EXPECT_EQ(Compiled(R"(%h\t%>s)"), "$client\t$status");
  EXPECT_EQ(Compiled(R"(LogFormat "%h\t%>s" tabs)"), "$client\t$status");
  EXPECT_EQ(Compiled("%h%%%>s%%"), "$client%$status%");
}

TEST(ApacheFormat, ReadsModifiers) {
  EXPECT_EQ(Compiled(R"(%h "%!200,304{Referer}i" "%400,501{User-Agent}i" %>s)"),
            R"($client "$referer" "$user_agent" $status)");
  EXPECT_EQ(Compiled("%<u %h %!500>s"), "$user $client $status");
}

TEST(ApacheFormat, ReadsNamesOfHeadersInAnyCase) {
  EXPECT_EQ(Compiled(R"(%h "%{REFERER}i" "%{user-agent}i" %>s)"),
            R"($client "$referer" "$user_agent" $status)");
}

TEST(ApacheFormat, ReadsPastWhatItDoesNotCount) {
  EXPECT_EQ(Compiled("%{SSL_PROTOCOL}x %{errcode}c %{VAR}e %{note}n %{Cookie}C %{H}o %^FB %{X}^ti "
                     "%A %f %I %k %L %p %P %R %S %X %h %>s"),
            "$ignored $ignored $ignored $ignored $ignored $ignored $ignored $ignored $ignored "
            "$ignored $ignored $ignored $ignored $ignored $ignored $ignored $ignored $ignored "
            "$client $status");
}

TEST(ApacheFormat, NamesADirectiveThatApacheDoesNotHave) {
  EXPECT_EQ(Compiled("%h %Z %>s"), "error: Apache has no directive %Z");
  EXPECT_EQ(Compiled("%h %>{a}Z %>s"), "error: Apache has no directive %>{a}Z");
  EXPECT_EQ(Compiled("%h %\x1b"), "error: Apache has no directive %\\x1b");
}

TEST(ApacheFormat, NamesWhatIsCutShort) {
  EXPECT_EQ(Compiled("%h %>s %"), "error: a '%' without a directive behind it");
  EXPECT_EQ(Compiled("%h %>s %>"), "error: a '%' without a directive behind it");
  EXPECT_EQ(Compiled("%h %>s %{Referer}"), "error: a '%' without a directive behind it");
  EXPECT_EQ(Compiled("%h %>s %^F"), "error: a '%' without a directive behind it");
  EXPECT_EQ(Compiled("%h %>s %{Referer i"), "error: a '{' without its '}'");
}

TEST(ApacheFormat, WantsClientAndStatus) {
  EXPECT_EQ(Compiled("%>s"), "error: the format has no client address");
  EXPECT_EQ(Compiled("%h"), "error: the format has no status");
  EXPECT_EQ(Compiled(""), "error: the format has no client address");
  EXPECT_EQ(Compiled("\""), "error: the format has no client address");
}

TEST(ApacheFormat, RefusesDirectivesWithNothingBetween) {
  EXPECT_EQ(Compiled("%h%{\x1b}i%>s"),
            "error: there is no text between %h and %{\\x1b}i, so nobody can tell where one ends; "
            "put a space between them");
}

// --- What tells the same ---

TEST(ApacheFormat, NeverTakesAHeaderForTheClientBesideTheConnection) {
  EXPECT_EQ(Compiled("%{X-Forwarded-For}i %h %>s"), "$x_forwarded_for $client $status");
  EXPECT_EQ(Compiled("%{X-Real-IP}i %h %{CF-Connecting-IP}i %>s"),
            "$x_real_ip $client $cf_connecting_ip $status");
  EXPECT_EQ(
      ParseWith(R"("%{X-Forwarded-For}i" %h %>s)", R"("198.51.100.1, 10.0.0.1" 192.0.2.1 404)")
          .client,
      "192.0.2.1");
}

TEST(ApacheFormat, PrefersWhatModRemoteipMadeOfTheClient) {
  EXPECT_EQ(Compiled("%{c}a %h %a %>s"), "$ignored $ignored $client $status");
  EXPECT_EQ(Compiled("%{c}a %>s"), "$client $status");
}

TEST(ApacheFormat, PrefersTheStatusOfTheAnswer) {
  EXPECT_EQ(Compiled("%h %s %>s"), "$client $ignored $status");
  EXPECT_EQ(Compiled("%h %>s %s %<s"), "$client $status $ignored $ignored");
  EXPECT_EQ(Compiled("%h %<s %s"), "$client $ignored $status");
  EXPECT_EQ(Compiled("%h %s"), "$client $status");
}

TEST(ApacheFormat, PrefersTheFinestDuration) {
  EXPECT_EQ(Compiled("%h %>s %T %D"), "$client $status $ignored $duration_us");
  EXPECT_EQ(Compiled("%h %>s %T %{ms}T"), "$client $status $ignored $duration_ms");
  EXPECT_EQ(ParseWith("%h %>s %D", "192.0.2.1 404 1500").duration, 0.0015);
  EXPECT_EQ(ParseWith("%h %>s %{us}T", "192.0.2.1 404 1500").duration, 0.0015);
  EXPECT_EQ(ParseWith("%h %>s %{ms}T", "192.0.2.1 404 1500").duration, 1.5);
  EXPECT_EQ(ParseWith("%h %>s %{s}T", "192.0.2.1 404 2").duration, 2);
  EXPECT_EQ(ParseWith("%h %>s %T", "192.0.2.1 404 -").duration, std::nullopt);
}

TEST(ApacheFormat, PrefersTheRequestLine) {
  EXPECT_EQ(Compiled(R"(%h "%r" %m %U%q %H %>s)"),
            R"($client "$request" $ignored $ignored $ignored $status)");
}

TEST(ApacheFormat, ReadsThePartsOfARequest) {
  const ParsedLine truth{.outcome = kComplete,
                         .client = "192.0.2.1",
                         .address = "192.0.2.1",
                         .host = "www.example.com",
                         .method = "POST",
                         .method_text = "POST",
                         .path = "/a",
                         .query = "b=c",
                         .protocol = "HTTP/1.1",
                         .status = 404};
  EXPECT_EQ(ParseWith("%v:%p %h %m %U%q %H %>s",
                      "www.example.com:443 192.0.2.1 POST /a?b=c HTTP/1.1 404"),
            truth);
  EXPECT_EQ(ParseWith("%v:%p %h %m %U %q %H %>s",
                      "www.example.com:443 192.0.2.1 POST /a ?b=c HTTP/1.1 404"),
            truth);
}

// --- Times ---

TEST(ApacheFormat, ReadsTimesAsStrftimeWritesThem) {
  EXPECT_EQ(TimeOf("%h %{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t %>s",
                   "192.0.2.1 08/Sep/2023 12:26:56.123 -0400 404"),
            "2023-09-08T16:26:56.123Z");
  EXPECT_EQ(
      TimeOf("%h [%{%d/%b/%Y:%H:%M:%S %z}t] %>s", "192.0.2.1 [08/Sep/2023:12:26:56 -0400] 404"),
      "2023-09-08T16:26:56.000Z");
  EXPECT_EQ(TimeOf("%h %{begin:%F %T}t %>s", "192.0.2.1 2023-09-08 12:26:56 404"),
            "2023-09-08T12:26:56.000Z");
  EXPECT_EQ(TimeOf("%h %{end:%FT%T%z}t %>s", "192.0.2.1 2023-09-08T12:26:56+0200 404"),
            "2023-09-08T10:26:56.000Z");
}

TEST(ApacheFormat, ReadsNumbersOfSeconds) {
  EXPECT_EQ(TimeOf("%h %{sec}t %>s", "192.0.2.1 1694190416 404"), "2023-09-08T16:26:56.000Z");
  EXPECT_EQ(TimeOf("%h %{sec}t.%{usec_frac}t %>s", "192.0.2.1 1694190416.123456 404"),
            "2023-09-08T16:26:56.123Z");
  EXPECT_EQ(TimeOf("%h %{msec}t %>s", "192.0.2.1 1694190416123 404"), "2023-09-08T16:26:56.123Z");
  EXPECT_EQ(TimeOf("%h %{usec}t %>s", "192.0.2.1 1694190416123456 404"),
            "2023-09-08T16:26:56.123Z");
}

TEST(ApacheFormat, ReadsTimeInBracketsWhereItHasNoFormat) {
  EXPECT_EQ(Compiled("%h %t %>s"), "$client [$time] $status");
  EXPECT_EQ(Compiled("%h %{begin:}t %>s"), "$client [$time] $status");
}

TEST(ApacheFormat, ReadsTheTimeWithBlanksWhereThereAreTwo) {
  EXPECT_EQ(Compiled("%t %{%F %T}t %h %>s"), "[$ignored] $time_pattern $client $status {%F %T}");
  const ParsedLine parsed = ParseWith(
      "%t %{%F %T}t %h %>s", "[08/Sep/2023:12:26:56 -0400] 2023-09-08 12:26:56 192.0.2.1 404");
  EXPECT_EQ(parsed.client, "192.0.2.1");
  EXPECT_EQ(parsed.status, 404);
}

TEST(ApacheFormat, NamesATimeThatCannotBeReadBack) {
  const auto spec = CompileApacheFormat("%h %{%j}t %>s");
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(LineFormat::Compile(*spec).error().message,
            "the time format \"%j\" has %j, which cannot be read back");
}

}  // namespace
}  // namespace accesslog
