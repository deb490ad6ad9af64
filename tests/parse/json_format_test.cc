#include "parse/json_format.h"
#include "parse/mend_json.h"

#include <gtest/gtest.h>

#include "base/time_format.h"
#include "parse/fields.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

using namespace std::string_literals;
using enum ParseOutcome;

constexpr Time kTime{std::chrono::seconds{1694190416}};  // 2023-09-08T16:26:56Z

ParsedLine Parse(std::string_view line) { return ParseAs("json", line); }

ParsedLine ParseWith(std::string_view mapping, std::string_view line) {
  LineParser parser(*JsonFormat::Compile(mapping));
  Record record;
  const ParseOutcome outcome = parser.Parse(line, record);
  return ToParsedLine(outcome, record);
}

// An object with a client, a status and `members`.
ParsedLine With(const std::string& members) {
  return Parse(R"({"remote_addr":"192.0.2.1","status":404,)" + members + "}");
}

const ParsedLine kBare{
    .outcome = kComplete, .client = "192.0.2.1", .address = "192.0.2.1", .status = 404};

ParsedLine Truth() {
  return {.outcome = kComplete,
          .client = "192.0.2.1",
          .address = "192.0.2.1",
          .host = "example.com",
          .user = "alice",
          .time = kTime,
          .method = "GET",
          .method_text = "GET",
          .path = "/a",
          .query = "b=c",
          .protocol = "HTTP/1.1",
          .status = 404,
          .bytes = 512,
          .referer = "https://example.com/",
          .user_agent = "curl/8.0",
          .duration = 0.0015};
}

// --- The lines of the usual servers ---

TEST(JsonFormat, ReadsATemplateOfNginx) {
  ParsedLine truth = Truth();
  truth.request = "GET /a?b=c HTTP/1.1";
  EXPECT_EQ(
      Parse(
          R"({"time_local":"08/Sep/2023:12:26:56 -0400","remote_addr":"192.0.2.1",)"
          R"("remote_user":"alice","request":"GET /a?b=c HTTP/1.1","status":"404",)"
          R"("body_bytes_sent":"512","request_time":"0.0015","http_referer":"https://example.com/",)"
          R"("http_user_agent":"curl/8.0","host":"example.com","upstream_time":"-"})"),
      truth);
}

TEST(JsonFormat, ReadsCaddy) {
  EXPECT_EQ(
      Parse(
          R"({"level":"info","ts":1694190416.0001,"logger":"http.log.access.log0","msg":"handled )"
          R"(request","request":{"remote_ip":"10.0.0.1","remote_port":"41342","client_ip":"192.0.2.1",)"
          R"("proto":"HTTP/1.1","method":"GET","host":"example.com:443","uri":"/a?b=c","headers":)"
          R"({"User-Agent":["curl/8.0"],"Accept":["*/*"],"Referer":["https://example.com/"]},"tls":)"
          R"({"resumed":false,"version":772}},"bytes_read":0,"user_id":"alice","duration":0.0015,)"
          R"("size":512,"status":404,"resp_headers":{"Server":["Caddy"],"Status":["200"]}})"),
      Truth());
}

TEST(JsonFormat, ReadsTraefik) {
  EXPECT_EQ(
      Parse(R"({"ClientAddr":"10.0.0.1:44444","ClientHost":"192.0.2.1","ClientPort":"44444",)"
            R"("ClientUsername":"alice","DownstreamContentSize":512,"DownstreamStatus":404,)"
            R"("Duration":1500000,"OriginStatus":200,"RequestAddr":"example.com","RequestHost":)"
            R"("example.com","RequestMethod":"GET","RequestPath":"/a?b=c","RequestPort":"-",)"
            R"("RequestProtocol":"HTTP/1.1","StartUTC":"2023-09-08T16:26:56.000000001Z",)"
            R"("StartLocal":"2023-09-08T18:26:56Z","request_User-Agent":"curl/8.0",)"
            R"("request_Referer":"https://example.com/","time":"2023-09-08T16:26:57Z"})"),
      Truth());
}

TEST(JsonFormat, ReadsEnvoy) {
  ParsedLine truth = Truth();
  truth.user = "";
  truth.referer = "";
  truth.duration = 0.011;
  EXPECT_EQ(
      Parse(
          R"({":authority":"example.com","bytes_received":0,"bytes_sent":512,)"
          R"("downstream_remote_address":"192.0.2.1:59292","duration":11,"method":"GET",)"
          R"("protocol":"HTTP/1.1","requested_server_name":null,"response_code":404,)"
          R"("response_code_details":"via_upstream","start_time":"2023-09-08T16:26:56.000Z",)"
          R"("user-agent":"curl/8.0","x-envoy-origin-path":"/a?b=c","x-forwarded-for":"203.0.113.1"})"),
      truth);
}

TEST(JsonFormat, ReadsATemplateOfApache) {
  ParsedLine truth = Truth();
  truth.duration = std::nullopt;
  truth.request = "/a";
  EXPECT_EQ(
      Parse(
          R"({"time":"[08/Sep/2023:12:26:56 -0400]","remoteIP":"192.0.2.1","host":"example.com",)"
          R"("request":"/a","query":"?b=c","method":"GET","status":"404","userAgent":"curl/8.0",)"
          R"("referer":"https://example.com/","user":"alice","bytes":"512","protocol":"HTTP/1.1"})"),
      truth);
}

TEST(JsonFormat, ReadsGoogleCloud) {
  ParsedLine truth = Truth();
  truth.user = "";
  EXPECT_EQ(
      Parse(R"({"httpRequest":{"requestMethod":"GET","requestUrl":"https://example.com/a?b=c",)"
            R"("status":404,"responseSize":"512","userAgent":"curl/8.0","remoteIp":"192.0.2.1",)"
            R"("referer":"https://example.com/","latency":"0.0015s","protocol":"HTTP/1.1"},)"
            R"("timestamp":"2023-09-08T16:26:56Z","severity":"INFO"})"),
      truth);
}

TEST(JsonFormat, ReadsTheElasticCommonSchema) {
  ParsedLine truth = Truth();
  truth.protocol = "";
  truth.duration = std::nullopt;
  truth.host = "";
  const std::string nested =
      R"({"@timestamp":"2023-09-08T16:26:56.000Z","client":{"ip":"192.0.2.1"},"user":{"name":)"
      R"("alice"},"http":{"request":{"method":"GET","referrer":"https://example.com/"},"response":)"
      R"({"status_code":404,"body":{"bytes":512}}},"url":{"path":"/a","query":"b=c"},"user_agent":)"
      R"({"original":"curl/8.0"}})";
  const std::string dotted =
      R"({"@timestamp":"2023-09-08T16:26:56.000Z","client.ip":"192.0.2.1","user.name":"alice",)"
      R"("http.request.method":"GET","http.request.referrer":"https://example.com/",)"
      R"("http.response.status_code":404,"http.response.body.bytes":512,"url.path":"/a",)"
      R"("url.query":"b=c","user_agent.original":"curl/8.0"})";
  EXPECT_EQ(Parse(nested), truth);
  EXPECT_EQ(Parse(dotted), truth);
}

TEST(JsonFormat, ReadsPino) {
  ParsedLine truth = Truth();
  truth.user = truth.protocol = "";
  truth.bytes = std::nullopt;
  truth.client = "::ffff:192.0.2.1";
  EXPECT_EQ(
      Parse(
          R"({"level":30,"time":1694190416000,"pid":1,"req":{"id":1,"method":"GET","url":"/a?b=c",)"
          R"("headers":{"host":"example.com","user-agent":"curl/8.0","referer":)"
          R"("https://example.com/"},"remoteAddress":"::ffff:192.0.2.1","remotePort":5},)"
          R"("res":{"statusCode":404},"responseTime":1.5,"msg":"request completed"})"),
      truth);
}

// --- Values ---

TEST(JsonFormat, ReadsKeysInAnyOrder) {
  EXPECT_EQ(Parse(R"({"status":404,"remote_addr":"192.0.2.1"})"), kBare);
  EXPECT_EQ(Parse(R"( {"status" : 404 , "remote_addr" : "192.0.2.1" } )"s.substr(1)), kBare);
  EXPECT_EQ(Parse("{\t\"status\":\t404,\"remote_addr\"\r:\"192.0.2.1\"}"), kBare);
}

TEST(JsonFormat, ReadsNumbersAsTexts) {
  EXPECT_EQ(Parse(R"({"remote_addr":"192.0.2.1","status":"404"})"), kBare);
  EXPECT_EQ(With(R"("bytes":"5","request_time":"1e-3")").bytes, 5U);
  EXPECT_EQ(With(R"("bytes":"5","request_time":"1e-3")").duration, 0.001);
  EXPECT_EQ(With(R"("request_time":1.5E-05)").duration, 1.5e-05);
}

TEST(JsonFormat, TakesNothingFromAMissingValue) {
  for (const char* value :
       {"null", R"("")", R"("-")", "[]", "{}", "true", "false", "[[]]", "[{}]"}) {
    EXPECT_EQ(With(R"("remote_user":)"s + value), kBare) << value;
    EXPECT_EQ(With(R"("http_referer":)"s + value), kBare) << value;
  }
}

TEST(JsonFormat, TakesAnotherKeyWhereTheFirstSaysNothing) {
  EXPECT_EQ(Parse(R"({"remote_addr":"-","client_ip":"192.0.2.1","status":null,"status_code":404})"),
            kBare);
  EXPECT_EQ(Parse(R"({"remote_addr":"192.0.2.1","status":"done","status_code":404})"), kBare);
}

TEST(JsonFormat, TakesTheFirstOfTwoEqualKeys) {
  EXPECT_EQ(With(R"("status":200,"remote_addr":"198.51.100.1")"), kBare);
}

TEST(JsonFormat, NeverTakesAHeaderForTheClientBesideTheConnection) {
  for (const char* header : {"x_forwarded_for", "X-Forwarded-For", "http_x_real_ip", "X-Real-IP"}) {
    EXPECT_EQ(
        Parse("{\""s + header + R"(":"198.51.100.1","remote_addr":"192.0.2.1","status":404})"),
        kBare)
        << header;
  }
}

TEST(JsonFormat, TakesAHeaderForTheClientWhereThereIsNothingElse) {
  EXPECT_EQ(Parse(R"({"x_forwarded_for":"198.51.100.1, 192.0.2.1, 10.0.0.1","status":404})"),
            kBare);
}

TEST(JsonFormat, TakesTheFirstOfAList) {
  EXPECT_EQ(With(R"("user_agent":["a","b"])").user_agent, "a");
  EXPECT_EQ(With(R"("user_agent":[["a"],"b"])").user_agent, "");
  EXPECT_EQ(With(R"("user_agent":[1,"b"])").user_agent, "1");
}

TEST(JsonFormat, ReadsAWholeUrl) {
  const ParsedLine parsed = With(R"("url":"https://www.example.com:8443/a?b=c")");
  EXPECT_EQ(parsed.host, "www.example.com");
  EXPECT_EQ(parsed.path, "/a");
  EXPECT_EQ(parsed.query, "b=c");
  EXPECT_EQ(With(R"("url":"https://www.example.com")").path, "/");
}

// Else a client could choose host and path of its request.
TEST(JsonFormat, TakesAUrlInsideOfAPathForAPath) {
  const ParsedLine parsed = With(R"("host":"example.com","uri":"/go/https://evil.example/x")");
  EXPECT_EQ(parsed.host, "example.com");
  EXPECT_EQ(parsed.path, "/go/https://evil.example/x");
}

TEST(JsonFormat, ReadsARequestThatIsOnlyAPath) {
  const ParsedLine parsed = With(R"("request":"/a","method":"GET","query":"?b=c")");
  EXPECT_EQ(parsed.method, "GET");
  EXPECT_EQ(parsed.path, "/a");
  EXPECT_EQ(parsed.query, "b=c");
}

TEST(JsonFormat, KnowsThatAStatusOutOfRangeIsNone) {
  for (const char* status : {"0", "99", "600", "\"000\"", "1000"}) {
    const ParsedLine parsed = Parse(R"({"remote_addr":"192.0.2.1","status":)"s + status + "}");
    EXPECT_EQ(parsed.outcome, kComplete) << status;
    EXPECT_EQ(parsed.status, kInvalidStatus) << status;
  }
}

TEST(JsonFormat, TakesAWordForNoStatus) {
  for (const char* status :
       {"\"active\"", "true", "-1", "4.04e2", "\"200 OK\"", "null", "{}", "[]"}) {
    EXPECT_EQ(Parse(R"({"remote_addr":"192.0.2.1","status":)"s + status + "}").outcome, kNoStatus)
        << status;
  }
}

TEST(JsonFormat, RefusesWhatIsNoClient) {
  for (const char* client : {"a b", "\\u001b[2J", "999.0.2.1", "\\u0000", "192.0.2.1\\u0000"}) {
    EXPECT_EQ(Parse("{\"remote_addr\":\""s + client + "\",\"status\":404}").outcome, kBadClient)
        << client;
  }
}

TEST(JsonFormat, ReadsClientsWithPortAndWithout) {
  const auto client = [](const std::string& text) {
    const ParsedLine parsed = Parse("{\"client\":\"" + text + "\",\"status\":404}");
    return parsed.client + " = " + parsed.address;
  };
  EXPECT_EQ(client("192.0.2.1:80"), "192.0.2.1 = 192.0.2.1");
  EXPECT_EQ(client("[2001:db8::1]:80"), "[2001:db8::1] = 2001:db8::1");
  EXPECT_EQ(client("2001:db8::1"), "2001:db8::1 = 2001:db8::1");
  EXPECT_EQ(client("client.example.com"), "client.example.com = ");
}

// --- Durations ---

TEST(JsonFormat, ReadsDurationsInTheirUnit) {
  EXPECT_EQ(With(R"("duration":0.5)").duration, 0.5);
  EXPECT_EQ(With(R"("duration":"1.5ms")").duration, 0.0015);
  EXPECT_EQ(With(R"("duration_ms":20)").duration, 0.02);
  EXPECT_EQ(With(R"("duration_us":20)").duration, 20 * 1e-6);
  EXPECT_EQ(With(R"("responseTime":20)").duration, 0.02);
}

TEST(JsonFormat, IgnoresDurationsThatCannotBe) {
  for (const char* duration : {"-1", "1e300", "\"5 s\"", "\"inf\"", "\"nan\"", "true"}) {
    EXPECT_EQ(With("\"duration\":"s + duration), kBare) << duration;
  }
}

// --- Escapes ---

TEST(JsonFormat, ReadsEscapes) {
  const ParsedLine parsed =
      With(R"("user_agent":"\"\\\/\u00fc\ud83d\ude00\n\u0000","remote_user":"\u0061")");
  EXPECT_EQ(parsed.user_agent, "\"\\/\xC3\xBC\xF0\x9F\x98\x80\n\0"s);
  EXPECT_EQ(parsed.user, "a");
}

TEST(JsonFormat, ReadsEscapesInKeys) {
  EXPECT_EQ(Parse(R"({"remote\u005faddr":"192.0.2.1","\u0073tatus":404})"), kBare);
}

TEST(JsonFormat, TakesNoKeysFromAnEscapedQuote) {
  EXPECT_EQ(
      Parse(R"({"user_agent":"\",\"status\":200,\"x\":\"","remote_addr":"192.0.2.1","status":404})")
          .status,
      404);
  EXPECT_EQ(
      Parse(R"({"user_agent":"\x22,\x22status\x22:200","remote_addr":"192.0.2.1","status":404})")
          .status,
      404);
}

TEST(JsonFormat, ReadsWhatNginxWritesThatIsNoJson) {
  ParsedLine truth = kBare;
  truth.user_agent = R"(a\x22b\xFF)";
  EXPECT_EQ(With(R"("user_agent":"a\x22b\xFF")"), truth);
  EXPECT_EQ(With(R"("request_time":,"bytes": ,"upstream":-,"x": - })"s + "").outcome, kExtra);
  EXPECT_EQ(With(R"("request_time":,"bytes": ,"upstream":-,"x": -)"), kBare);
  EXPECT_EQ(Parse(R"({"a":,"remote_addr":"192.0.2.1","b":-,"status":404,"c":})"), kBare);
}

TEST(JsonFormat, ReadsBytesThatAreNoUtf8) {
  const ParsedLine parsed = With("\"user_agent\":\"a\xFF\xC3\xBC\xE2\x82\"");
  EXPECT_EQ(parsed.outcome, kComplete);
  EXPECT_EQ(parsed.user_agent, "a\xEF\xBF\xBD\xC3\xBC\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(parsed.status, 404);
}

TEST(JsonFormat, ReadsControlCharactersInStrings) {
  const ParsedLine parsed = With("\"user_agent\":\"a\0b\x1b\tc\""s);
  EXPECT_EQ(parsed.status, 404);
  EXPECT_EQ(parsed.outcome, kComplete);
}

// --- Hostile lines ---

TEST(JsonFormat, TakesNoFieldsFromTheNamesOfHeaders) {
  EXPECT_EQ(
      Parse(R"({"request":{"remote_ip":"192.0.2.1","method":"GET","uri":"/a","headers":{"Status":)"
            R"(["200"],"Client_ip":["198.51.100.1"],"Method":["POST"],"Uri":["/b"],"Remote_ip":)"
            R"(["198.51.100.1"]}},"status":404,"resp_headers":{"Status":["200"]}})"),
      (ParsedLine{.outcome = kComplete,
                  .client = "192.0.2.1",
                  .address = "192.0.2.1",
                  .method = "GET",
                  .method_text = "GET",
                  .path = "/a",
                  .status = 404}));
}

// Traefik writes headers that a client made up beside its own keys.
TEST(JsonFormat, TakesNoFieldsFromTheHeadersOfTraefik) {
  const std::string own =
      R"("ClientHost":"192.0.2.1","DownstreamStatus":404,"RequestMethod":"GET","RequestPath":"/a",)"
      R"("Duration":1500000)";
  const ParsedLine truth = Parse("{" + own + "}");
  EXPECT_EQ(truth.duration, 0.0015);
  for (const char* header :
       {"request_Line\":\"POST /b HTTP/1.1", "request_Method\":\"POST", "request_Uri\":\"/b",
        "request_Url\":\"/b", "request_Path\":\"/b", "request_Time\":\"1000",
        "request_Duration\":\"9", "request_X-Forwarded-For\":\"198.51.100.1"}) {
    EXPECT_EQ(Parse("{"s + own + ",\"" + header + "\"}"), truth) << header;
    EXPECT_EQ(Parse("{\""s + header + "\"," + own + "}"), truth) << header;
  }
}

TEST(JsonFormat, ReadsStringsOfAMegabyte) {
  const std::string longest(1 << 20, 'a');
  EXPECT_EQ(With("\"user_agent\":\"" + longest + "\"").user_agent, longest);
  EXPECT_EQ(With("\"other\":\"" + longest + "\""), kBare);
  EXPECT_EQ(With("\"" + longest + "\":1"), kBare);
  EXPECT_EQ(With("\"user_agent\":\"" + longest + "\xFF\"").user_agent, longest + "\xEF\xBF\xBD");
}

TEST(JsonFormat, ReadsPastDeepNesting) {
  for (const size_t depth : {5U, 50U, 500U}) {
    std::string nested(depth, '[');
    nested += "1" + std::string(depth, ']');
    EXPECT_EQ(With("\"a\":" + nested), kBare) << depth;
    std::string objects = "1";
    for (size_t i = 0; i < depth; ++i) objects = "{\"request\":" + objects + "}";
    EXPECT_EQ(With("\"request\":" + objects), kBare) << depth;
  }
}

TEST(JsonFormat, SurvivesNestingWithoutEnd) {
  for (const std::string open : {"[", "{\"request\":"}) {
    std::string nested;
    for (int i = 0; i < 100000; ++i) nested += open;
    const ParsedLine parsed = With("\"request\":" + nested);
    EXPECT_TRUE(parsed.outcome == kIncomplete || parsed.outcome == kComplete) << open;
    EXPECT_EQ(parsed.status, 404) << open;
  }
}

// --- What is no object, or not whole ---

TEST(JsonFormat, SaysWhatIsNoRequest) {
  EXPECT_EQ(Parse("").outcome, kEmpty);
  for (const char* line :
       {"{}", "{", "}", "[]", "null", "192.0.2.1", "{\"a\"", R"({"status":404})",
        R"({"remote_addr":"192.0.2.1"})", R"([{"remote_addr":"192.0.2.1","status":404}])"}) {
    EXPECT_EQ(Parse(line).outcome, kNoStatus) << line;
  }
}

TEST(JsonFormat, SaysWhenThereIsMore) {
  EXPECT_EQ(Parse(R"({"remote_addr":"192.0.2.1","status":404} x)").outcome, kExtra);
  EXPECT_EQ(Parse(R"({"remote_addr":"192.0.2.1","status":404}{})").outcome, kExtra);
  EXPECT_EQ(Parse(R"({"remote_addr":"192.0.2.1","status":404}  )").outcome, kComplete);
}

// However a line is cut, it names no other client and no other status than the whole line.
TEST(JsonFormat, TellsNothingElseWhenALineIsCut) {
  const std::string line =
      R"({"a":[1,{"b":2}],"remote_addr":"192.0.2.111","status":404,"user_agent":"a\"b","x":"y"})";
  const size_t behind_status = line.find("404,") + 4;
  for (size_t length = 0; length < line.size(); ++length) {
    const ParsedLine cut = Parse(line.substr(0, length));
    ASSERT_EQ(HasRecord(cut.outcome), length >= behind_status) << length;
    if (!HasRecord(cut.outcome)) continue;
    EXPECT_EQ(cut.outcome, kIncomplete) << length;
    EXPECT_EQ(cut.client, "192.0.2.111") << length;
    EXPECT_EQ(cut.status, 404) << length;
  }
}

TEST(JsonFormat, ReadsALineThatIsCutInsideOfObjects) {
  const ParsedLine parsed = Parse(
      R"({"status":404,"request":{"remote_ip":"192.0.2.1","headers":{"Referer":["a"],"User-Agent":["b)");
  EXPECT_EQ(parsed.outcome, kIncomplete);
  EXPECT_EQ(parsed.client, "192.0.2.1");
  EXPECT_EQ(parsed.referer, "a");
  EXPECT_EQ(parsed.user_agent, "");
}

TEST(JsonFormat, CarriesNothingOverToTheNextLine) {
  LineParser parser = BuiltinParser("json");
  Record record;
  parser.Parse(R"({"remote_addr":"192.0.2.1","status":404,"user_agent":"a\"","duration":1})",
               record);
  const ParseOutcome outcome = parser.Parse(R"({"remote_addr":"192.0.2.1","status":404})", record);
  EXPECT_EQ(ToParsedLine(outcome, record), kBare);
  EXPECT_EQ(parser.Parse("{", record), kNoStatus);
  EXPECT_EQ(record.status, kInvalidStatus);
}

// --- The user's own keys ---

TEST(JsonFormat, TakesTheUsersKeysFirst) {
  EXPECT_EQ(ParseWith("client=peer.ip status=resp.code duration_ms=took",
                      R"({"remote_addr":"10.0.0.1","status":200,"took":20,)"
                      R"("peer":{"IP":"192.0.2.1:5"},"resp":{"code":404}})"),
            (ParsedLine{.outcome = kComplete,
                        .client = "192.0.2.1",
                        .address = "192.0.2.1",
                        .status = 404,
                        .duration = 0.02}));
}

TEST(JsonFormat, TakesTheUsualKeyWhereTheUsersIsMissing) {
  EXPECT_EQ(ParseWith("client=peer.ip", R"({"remote_addr":"192.0.2.1","status":404})"), kBare);
}

// --- The explanation ---

TEST(JsonFormat, SaysWhatItFound) {
  LineParser parser = BuiltinParser("json");
  Record record;
  ParseTrace trace;
  parser.Parse(R"({"remote_addr":"192.0.2.1"})", record, &trace);
  ASSERT_EQ(trace.parts.size(), 1U);
  EXPECT_EQ(FieldName(trace.parts[0].field), "client_port");
  EXPECT_EQ(trace.parts[0].text, "192.0.2.1");
  EXPECT_EQ(trace.expected, "a key for the client and one for the status");
}

// --- Mending ---

std::string Mended(std::string_view line) {
  TextArena texts;
  return std::string(MendJson(line, texts).text);
}

TEST(MendJson, PutsNullWhereAValueIsMissing) {
  EXPECT_EQ(Mended(R"({"a":,"b": ,"c":-,"d": -})"), R"({"a":null,"b":null,"c":null,"d":null})");
  EXPECT_EQ(Mended(R"({"a":-5,"b":"-","c":":,"})"), R"({"a":-5,"b":"-","c":":,"})");
}

TEST(MendJson, DoublesBackslashesThatEscapeNothing) {
  EXPECT_EQ(Mended(R"({"a":"\x22\"\\\u0041\q"})"), R"({"a":"\\x22\"\\\u0041\\q"})");
  EXPECT_EQ(Mended(R"({"a":"\)"), R"({"a":"\\)");
}

TEST(MendJson, ReplacesWhatNoStringMayHold) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(Mended("{\"a\":\"\x01\xFF\xC3\xBC\xF0\x9F\x98\x80\xED\xA0\x80\"}"),
            "{\"a\":\"" + bad + bad + "\xC3\xBC\xF0\x9F\x98\x80" + bad + bad + bad + "\"}");
}

TEST(MendJson, LeavesTheLastMemberOfACutLineOut) {
  EXPECT_EQ(Mended(R"({"a":1,"b":2)"), R"({"a":1})");
  EXPECT_EQ(Mended(R"({"a":1,"b":"x,)"), R"({"a":1})");
  EXPECT_EQ(Mended(R"({"a":{"b":[1,2)"), R"({"a":{"b":[1]}})");
  EXPECT_EQ(Mended(R"({"a":[1,2])"), R"({"a":[1]})");
  EXPECT_EQ(Mended(R"({"a":1)"), R"({"a":1)");
}

TEST(MendJson, LeavesOutWhatStandsBehindTheObject) {
  EXPECT_EQ(Mended(R"({"a":1} b)"), R"({"a":1})");
  EXPECT_EQ(Mended(R"({"a":"}"}}})"), R"({"a":"}"})");
}

TEST(MendJson, SaysHowTheLineEnds) {
  using enum MendedJson::End;
  TextArena texts;
  EXPECT_EQ(MendJson(R"({"a":,} )", texts).end, kWhole);
  EXPECT_EQ(MendJson(R"({"a":,"b)", texts).end, kCut);
  EXPECT_EQ(MendJson(R"({"a":,},)", texts).end, kMore);
}

TEST(MendJson, LeavesJsonAsItIs) {
  for (const char* line : {R"({"a":{"b":[1,-2,null,true,"\u00e9"]}})", "{}", R"({"a" : "b\\"})"}) {
    EXPECT_EQ(Mended(line), line);
  }
}

}  // namespace
}  // namespace accesslog
