#include "parse/line_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parse/description.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

using namespace std::string_literals;
using enum ParseOutcome;

constexpr Time kTime{std::chrono::seconds{1694190416}};  // 08/Sep/2023:12:26:56 -0400

ParsedLine Common(std::string_view line) { return ParseAs("common", line); }
ParsedLine Combined(std::string_view line) { return ParseAs("combined", line); }
ParsedLine VhostCombined(std::string_view line) { return ParseAs("vhost_combined", line); }

// Through a format of the test's own.
ParsedLine ParseWith(std::string_view description, std::string_view line) {
  LineParser parser(*CompileDescription(description));
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

const std::string kCommonLine =
    R"(192.0.2.1 - alice [08/Sep/2023:12:26:56 -0400] "GET /a?b HTTP/1.1" 200 512)";
const std::string kCombinedLine = kCommonLine + R"( "https://example.com/" "curl/8.0")";

ParsedLine TruthOfCommonLine() {
  return {.outcome = kComplete,
          .client = "192.0.2.1",
          .address = "192.0.2.1",
          .user = "alice",
          .time = kTime,
          .request = "GET /a?b HTTP/1.1",
          .method = "GET",
          .method_text = "GET",
          .path = "/a",
          .query = "b",
          .protocol = "HTTP/1.1",
          .status = 200,
          .bytes = 512};
}

ParsedLine TruthOfCombinedLine() {
  ParsedLine truth = TruthOfCommonLine();
  truth.referer = "https://example.com/";
  truth.user_agent = "curl/8.0";
  return truth;
}

ParsedLine With(ParsedLine truth, ParseOutcome outcome) {
  truth.outcome = outcome;
  return truth;
}

TEST(LineFormat, ReadsCommon) { EXPECT_EQ(Common(kCommonLine), TruthOfCommonLine()); }

TEST(LineFormat, ReadsCombined) { EXPECT_EQ(Combined(kCombinedLine), TruthOfCombinedLine()); }

TEST(LineFormat, ReadsVhostCombined) {
  ParsedLine truth = TruthOfCombinedLine();
  truth.host = "example.com";
  EXPECT_EQ(VhostCombined("example.com:443 " + kCombinedLine), truth);
  EXPECT_EQ(VhostCombined("example.com " + kCombinedLine), truth);
}

TEST(LineFormat, KeepsTheBracketsOfAVirtualHostThatIsAnAddress) {
  EXPECT_EQ(VhostCombined("[2001:db8::1]:443 " + kCombinedLine).host, "[2001:db8::1]");
  EXPECT_EQ(VhostCombined("[2001:db8::1] " + kCombinedLine).host, "[2001:db8::1]");
}

TEST(LineFormat, LeavesMissingFieldsEmpty) {
  EXPECT_EQ(VhostCombined(R"(-:80 192.0.2.1 - - [-] "-" - - "-" "-")"),
            (ParsedLine{.outcome = kComplete, .client = "192.0.2.1", .address = "192.0.2.1"}));
}

TEST(LineFormat, LeavesEmptyFieldsEmpty) {
  EXPECT_EQ(Combined(R"(192.0.2.1 -  [] "" 400 0 "" "")"), (ParsedLine{.outcome = kComplete,
                                                                       .client = "192.0.2.1",
                                                                       .address = "192.0.2.1",
                                                                       .status = 400,
                                                                       .bytes = 0}));
}

TEST(LineFormat, CarriesNothingOverToTheNextLine) {
  LineParser parser = BuiltinParser("combined");
  Record record;
  parser.Parse(kCombinedLine, record);
  const std::string sparse = R"(client.example.com - - [-] "-" 408 - "-" "-")";
  EXPECT_EQ(ToParsedLine(parser.Parse(sparse, record), record),
            (ParsedLine{.outcome = kComplete, .client = "client.example.com", .status = 408}));
}

TEST(LineFormat, LeavesNoRecordOfTheLineBeforeBehindAFailure) {
  LineParser parser = BuiltinParser("combined");
  Record record;
  for (const char* line : {"", "garbage", "192.0.2.7", "- - -"}) {
    parser.Parse(kCombinedLine, record);
    ASSERT_FALSE(HasRecord(parser.Parse(line, record))) << line;
    EXPECT_EQ(record.line, line);
    EXPECT_EQ(record.address == IpAddress::Parse("192.0.2.1"), false) << line;
    EXPECT_EQ(record.user_agent, "") << line;
    EXPECT_EQ(record.status, kInvalidStatus) << line;
  }
}

// --- Clients ---

// The head of a line is read in one go, or field by field up to the one that is refused.
TEST(LineFormat, StoresNothingBehindARefusedClient) {
  LineParser parser = BuiltinParser("combined");
  Record record;
  ASSERT_EQ(parser.Parse(R"(a/b - - [08/Sep/2023:12:26:56 -0400] "GET /" 200 512)", record),
            kBadClient);
  EXPECT_EQ(record.bytes, std::nullopt);
  EXPECT_EQ(record.status, kInvalidStatus);
}

TEST(LineFormat, KeepsTheClientAsWrittenBesideItsAddress) {
  const std::string rest = kCombinedLine.substr("192.0.2.1"s.size());
  const auto client_and_address = [&](const std::string& client) {
    const ParsedLine parsed = Combined(client + rest);
    return parsed.client + " = " + parsed.address;
  };
  EXPECT_EQ(client_and_address("::1"), "::1 = ::1");
  EXPECT_EQ(client_and_address("::ffff:192.0.2.9"), "::ffff:192.0.2.9 = 192.0.2.9");
  EXPECT_EQ(client_and_address("[2001:db8::1]"), "[2001:db8::1] = 2001:db8::1");
  EXPECT_EQ(client_and_address("client.example.com"), "client.example.com = ");
}

TEST(LineFormat, RefusesWhatIsNoClient) {
  const std::string rest = kCombinedLine.substr("192.0.2.1"s.size());
  for (const std::string client :
       {"", "-", "999.0.2.1", "a/b", "\"", "\x1b[2J", "example.com:443", "\xFF"}) {
    EXPECT_EQ(Combined(client + rest), ParsedLine{.outcome = kBadClient}) << client;
  }
}

// --- Lines that scanners write ---

TEST(LineFormat, ReadsATimeoutWithoutRequest) {
  EXPECT_EQ(Combined(R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "-" 408 0 "-" "-")"),
            (ParsedLine{.outcome = kComplete,
                        .client = "192.0.2.1",
                        .address = "192.0.2.1",
                        .time = kTime,
                        .status = 408,
                        .bytes = 0}));
}

TEST(LineFormat, ReadsATlsHello) {
  EXPECT_EQ(Common("192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] \"\x16\x03\x01\0\xFF\" 400 157"s),
            (ParsedLine{.outcome = kComplete,
                        .client = "192.0.2.1",
                        .address = "192.0.2.1",
                        .time = kTime,
                        .request = "\x16\x03\x01\0\xFF"s,
                        .path = "\x16\x03\x01\0\xFF"s,
                        .status = 400,
                        .bytes = 157}));
}

TEST(LineFormat, ReadsAnEscapedTlsHello) {
  EXPECT_EQ(Common(R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "\x16\x03\x01" 400 157)").request,
            R"(\x16\x03\x01)");
}

TEST(LineFormat, ReadsAVeryLongTarget) {
  const std::string target = "/" + std::string(100000, 'a');
  const ParsedLine parsed =
      Common("192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] \"GET " + target + " HTTP/1.1\" 414 0");
  EXPECT_EQ(parsed.path, target);
  EXPECT_EQ(parsed.status, 414);
}

TEST(LineFormat, KnowsThatAStatusOutOfRangeIsNone) {
  for (const char* status : {"000", "099", "600", "999", "-", "-1", "20", "2000", "2xx"}) {
    const ParsedLine parsed =
        Common(R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" )"s + status + " 5");
    EXPECT_EQ(parsed.outcome, kComplete) << status;
    EXPECT_EQ(parsed.status, kInvalidStatus) << status;
  }
}

TEST(LineFormat, ReadsBytesThatFit) {
  const auto bytes = [](const std::string& text) {
    return Common(R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 )" + text)
        .bytes;
  };
  EXPECT_THAT(bytes("0"), ::testing::Optional(0U));
  EXPECT_THAT(bytes("18446744073709551615"), ::testing::Optional(UINT64_MAX));
  for (const char* text : {"-", "-1", "18446744073709551616", "1.5", "1k"}) {
    EXPECT_EQ(bytes(text), std::nullopt) << text;
  }
}

TEST(LineFormat, ReadsTheRestOfALineWithAnOddDate) {
  ParsedLine truth = TruthOfCommonLine();
  truth.time = std::nullopt;
  for (const char* date : {"31/Feb/2023:12:26:56 -0400", "2023-09-08T12:26-04:00", "-", ""}) {
    EXPECT_EQ(Common("192.0.2.1 - alice ["s + date + R"(] "GET /a?b HTTP/1.1" 200 512)"), truth)
        << date;
  }
}

TEST(LineFormat, ReadsAnIsoTimeInThePlaceOfTheUsualOne) {
  for (const char* date : {"2023-09-08T12:26:56-04:00", "2023-09-08T16:26:56Z"}) {
    EXPECT_EQ(Common("192.0.2.1 - alice ["s + date + R"(] "GET /a?b HTTP/1.1" 200 512)"),
              TruthOfCommonLine())
        << date;
  }
}

// --- Quotes and escapes ---

ParsedLine Request(const std::string& request) {
  return Combined("192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] \"" + request +
                  R"(" 404 7 "-" "curl/8.0")");
}

TEST(LineFormat, ReadsPastEscapedQuotes) {
  for (const std::string request :
       {R"(GET /\" HTTP/1.1)", R"(GET /\x22 HTTP/1.1)", R"(GET /\" 200 5 \"-\" \"-\" HTTP/1.1)",
        R"(\")", R"(\" 200 5)", R"(GET /\\\" 200 5)"}) {
    const ParsedLine parsed = Request(request);
    EXPECT_EQ(parsed.request, request);
    EXPECT_EQ(parsed.status, 404) << request;
    EXPECT_EQ(parsed.user_agent, "curl/8.0") << request;
  }
}

TEST(LineFormat, TakesAQuoteBehindAnEscapedBackslashForTheEnd) {
  for (const std::string request : {R"(GET /\\)", R"(\\)", R"(\\\\)", R"(GET / HTTP/1.1\x5c)"}) {
    const ParsedLine parsed = Request(request);
    EXPECT_EQ(parsed.request, request);
    EXPECT_EQ(parsed.status, 404) << request;
  }
}

TEST(LineFormat, ReadsPastQuotesThatNobodyEscaped) {
  for (const std::string request : {R"(GET /"a" HTTP/1.1)", R"(GET /a" b HTTP/1.1)", R"(")",
                                    R"("")", R"(" ")", R"({"a": "b"})"}) {
    const ParsedLine parsed = Request(request);
    EXPECT_EQ(parsed.client, "192.0.2.1");
    EXPECT_EQ(parsed.request, request);
    EXPECT_EQ(parsed.status, 404) << request;
  }
}

TEST(LineFormat, ReadsEscapesInRefererAndUserAgent) {
  const ParsedLine parsed = Combined(
      R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 200 5 "\" \"\\" "a\" \"b\\")");
  EXPECT_EQ(parsed.outcome, kComplete);
  EXPECT_EQ(parsed.referer, R"(\" \"\\)");
  EXPECT_EQ(parsed.user_agent, R"(a\" \"b\\)");
}

// The quote belongs to the client's text, so no status can be read from what the client sent behind
// it.
TEST(LineFormat, TakesNoStatusFromBehindAnEscapedQuoteOfACutLine) {
  EXPECT_EQ(Common(R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "POST /login\" 200 5 HT)"),
            ParsedLine{.outcome = kNoStatus});
}

// --- Forged fields ---

ParsedLine User(const std::string& user) {
  return Combined("192.0.2.1 - " + user +
                  R"( [08/Sep/2023:12:26:56 -0400] "POST /login HTTP/1.1" 401 7 "-" "curl/8.0")");
}

TEST(LineFormat, ReadsUserNamesWithSpacesAndBrackets) {
  for (const std::string user :
       {"john doe", "a [b] c", "[", " [", "] \"", "- -", " ", "DOMAIN\\bob",
        "x [08/Sep/2023:12:26:56 -0400]", "x [08/Sep/2023:12:26:56 -0400] "}) {
    EXPECT_EQ(User(user), (ParsedLine{.outcome = kComplete,
                                      .client = "192.0.2.1",
                                      .address = "192.0.2.1",
                                      .user = user,
                                      .time = kTime,
                                      .request = "POST /login HTTP/1.1",
                                      .method = "POST",
                                      .method_text = "POST",
                                      .path = "/login",
                                      .protocol = "HTTP/1.1",
                                      .status = 401,
                                      .bytes = 7,
                                      .user_agent = "curl/8.0"}));
  }
}

TEST(LineFormat, TakesNoFieldsFromAUserName) {
  for (const std::string user : {R"(x [01/Jan/2020:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5)",
                                 R"(x [01/Jan/2020:00:00:00 +0000] \x22GET / HTTP/1.1\x22 200 5)",
                                 R"(x] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\")", R"(\")", R"(\\)"}) {
    const ParsedLine parsed = User(user);
    EXPECT_EQ(parsed.user, user);
    EXPECT_EQ(parsed.time, kTime) << user;
    EXPECT_EQ(parsed.status, 401) << user;
  }
}

TEST(LineFormat, TakesNoFieldsFromARefererOrUserAgent) {
  const ParsedLine parsed = Combined(
      R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 404 7 )"
      R"("x [01/Jan/2020:00:00:00 +0000] " "203.0.113.1 - - [-] \"GET / HTTP/1.1\" 200 5")");
  EXPECT_EQ(parsed.client, "192.0.2.1");
  EXPECT_EQ(parsed.time, kTime);
  EXPECT_EQ(parsed.status, 404);
  EXPECT_EQ(parsed.referer, "x [01/Jan/2020:00:00:00 +0000] ");
}

// --- What stands around a line ---

TEST(LineFormat, TakesOffACarriageReturn) {
  EXPECT_EQ(Combined(kCombinedLine + "\r"), TruthOfCombinedLine());
}

TEST(LineFormat, TakesOffAByteOrderMark) {
  EXPECT_EQ(Combined("\xEF\xBB\xBF" + kCombinedLine), TruthOfCombinedLine());
}

TEST(LineFormat, TakesOffNulsInFront) {
  EXPECT_EQ(Combined(std::string(4096, '\0') + kCombinedLine), TruthOfCombinedLine());
}

TEST(LineFormat, TakesOffOneMorePairOfQuotes) {
  EXPECT_EQ(Combined("\"" + kCombinedLine + "\""), TruthOfCombinedLine());
  EXPECT_EQ(Combined("\xEF\xBB\xBF\"" + kCombinedLine + "\"\r"), TruthOfCombinedLine());
}

TEST(LineFormat, LeavesTheQuotesOfAFormatThatHasThem) {
  EXPECT_EQ(
      ParseWith(R"("$client" "$status")", R"("192.0.2.1" "404")"),
      (ParsedLine{
          .outcome = kComplete, .client = "192.0.2.1", .address = "192.0.2.1", .status = 404}));
}

TEST(LineFormat, SaysWhenThereIsMore) {
  EXPECT_EQ(Combined(kCombinedLine + " \"-\""), With(TruthOfCombinedLine(), kExtra));
  EXPECT_EQ(Common(kCombinedLine), With(TruthOfCommonLine(), kExtra));
}

TEST(LineFormat, KeepsTheLineInTheRecord) {
  LineParser parser = BuiltinParser("combined");
  Record record;
  const std::string line = kCombinedLine + "\r";
  parser.Parse(line, record);
  EXPECT_EQ(record.line, kCombinedLine);
}

// --- Lines cut short ---

TEST(LineFormat, ReadsCommonAsAnIncompleteCombined) {
  EXPECT_EQ(Combined(kCommonLine), With(TruthOfCommonLine(), kIncomplete));
}

TEST(LineFormat, ReadsALineThatEndsWithItsStatus) {
  ParsedLine truth = With(TruthOfCommonLine(), kIncomplete);
  truth.bytes = std::nullopt;
  const std::string cut = kCommonLine.substr(0, kCommonLine.size() - " 512"s.size());
  EXPECT_EQ(Common(cut), truth);
  EXPECT_EQ(Common(cut + " "), truth);
  EXPECT_EQ(Combined(cut), truth);
}

TEST(LineFormat, TakesNoPartOfAStatus) {
  const std::string cut = R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1")";
  for (const char* end : {"", " ", " 4", " 40"}) {
    EXPECT_EQ(Common(cut + end), ParsedLine{.outcome = kNoStatus}) << end;
    EXPECT_EQ(Combined(cut + end), ParsedLine{.outcome = kNoStatus}) << end;
  }
  EXPECT_EQ(Common(cut + " 404").outcome, kIncomplete);
}

TEST(LineFormat, TakesNoPartOfAClientBehindTheStatus) {
  EXPECT_EQ(ParseWith("$status $client $bytes", "404 192.0.2.1"), ParsedLine{.outcome = kNoStatus});
  EXPECT_EQ(ParseWith("$status $client", "404 192.0.2.1").outcome, kComplete);
  EXPECT_EQ(ParseWith("$status $bytes $client", "404 5"), ParsedLine{.outcome = kNoStatus});
}

TEST(LineFormat, SaysWhatIsNoLine) {
  EXPECT_EQ(Combined("").outcome, kEmpty);
  EXPECT_EQ(Combined("\r").outcome, kEmpty);
  EXPECT_EQ(Combined("\xEF\xBB\xBF").outcome, kEmpty);
  EXPECT_EQ(Combined("\"\"").outcome, kEmpty);
  EXPECT_EQ(Combined(std::string(100, '\0')).outcome, kEmpty);
  EXPECT_EQ(Combined(" ").outcome, kBadClient);
  EXPECT_EQ(Combined("192.0.2.1").outcome, kNoStatus);
  EXPECT_EQ(Combined("garbage without end").outcome, kNoStatus);
  EXPECT_EQ(Combined("\x16\x03\x01").outcome, kBadClient);
}

// --- Formats of one's own ---

TEST(LineFormat, WantsTheTextInFrontOfTheFirstField) {
  EXPECT_EQ(ParseWith("<$client> $status", "<192.0.2.1> 404").status, 404);
  EXPECT_EQ(ParseWith("<$client> $status", "192.0.2.1> 404"), ParsedLine{.outcome = kNoStatus});
}

TEST(LineFormat, ReadsTextBehindTheLastField) {
  EXPECT_EQ(ParseWith("$client $status end", "192.0.2.1 404 end").outcome, kComplete);
  EXPECT_EQ(ParseWith("$client $status end", "192.0.2.1 404 en").outcome, kNoStatus);
  EXPECT_EQ(ParseWith("$client $status end", "192.0.2.1 404 end.").outcome, kExtra);
}

}  // namespace
}  // namespace accesslog
