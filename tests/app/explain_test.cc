#include "app/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace accesslog {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
};

Answer Ask(const ExplainOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = Explain(options, out, err);
  return {code, out.str(), err.str()};
}

Answer AskFor(const std::string& line, const std::string& format = "auto") {
  return Ask({.format = format, .lines = {line}});
}

nlohmann::json JsonOf(const std::string& line, const std::string& format = "auto") {
  return nlohmann::json::parse(Ask({.format = format, .json = true, .lines = {line}}).out);
}

const std::string kLine =
    R"(192.0.2.1 - alice [08/Sep/2023:12:26:56 -0400] "GET /a?b HTTP/1.1" 404 512 "-" "curl/8.0")";

TEST(Explain, SaysWhichFieldWentWhere) {
  const Answer answer = AskFor(kLine);
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.out,
            "format      combined\n"
            "client      192.0.2.1\n"
            "time        2023-09-08T16:26:56Z\n"
            "method      GET\n"
            "path        /a\n"
            "query       b\n"
            "protocol    HTTP/1.1\n"
            "status      404\n"
            "bytes       512\n"
            "user_agent  curl/8.0\n"
            "user        alice\n");
}

TEST(Explain, PointsAtWhereReadingStopped) {
  const Answer answer = AskFor(R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET)", "common");
  EXPECT_EQ(answer.code, 1);
  EXPECT_EQ(answer.out,
            "format      common\n"
            "not read    reason: status\n"
            "192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] \"GET\n"
            "                                            ^ expected request and '\" ' behind it\n");
}

TEST(Explain, CountsAsATerminalDoes) {
  const Answer answer = AskFor("192.0.2.1 - gr\xC3\xBC\xC3\x9F\x65\x01 x", "common");
  EXPECT_EQ(answer.out,
            "format      common\n"
            "not read    reason: status\n"
            "192.0.2.1 - gr\xC3\xBC\xC3\x9F\x65\\x01 x\n"
            "            ^ expected user and ' [' behind it\n");
}

TEST(Explain, SaysWhatStandsBehindTheLine) {
  const Answer answer = AskFor(kLine + " more", "combined");
  EXPECT_EQ(answer.code, 0);
  EXPECT_THAT(answer.out, HasSubstr("^ expected the end of the line\n"));
}

TEST(Explain, NamesABadClient) {
  const Answer answer = AskFor("999.0.2.1" + kLine.substr(9), "combined");
  EXPECT_EQ(answer.code, 1);
  EXPECT_THAT(answer.out, HasSubstr("not read    reason: client\n"));
  EXPECT_THAT(answer.out, HasSubstr("\n^ expected an address or a host name\n"));
}

TEST(Explain, CutsALongLineForPeople) {
  const Answer answer =
      AskFor("192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] \"" + std::string(100000, 'a'), "common");
  EXPECT_LT(answer.out.size(), 5000U);
  EXPECT_THAT(answer.out, HasSubstr("…"));
}

TEST(Explain, DisarmsWhatCouldHarmATerminal) {
  for (const bool json : {false, true}) {
    for (const std::string& line :
         {std::string("\x1b[2J \x9b"), kLine.substr(0, 60) + "\x1b[2J" + kLine.substr(60)}) {
      const Answer answer = Ask({.json = json, .lines = {line}});
      EXPECT_EQ(answer.out.find('\x1b'), std::string::npos) << answer.out;
    }
  }
}

TEST(Explain, WritesOneObjectForEachLine) {
  const Answer answer = Ask({.json = true, .lines = {kLine, "garbage", ""}});
  EXPECT_EQ(answer.code, 0);
  std::istringstream lines(answer.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line,
            R"({"client":"192.0.2.1","time":"2023-09-08T16:26:56Z","method":"GET","path":"/a",)"
            R"("query":"b","protocol":"HTTP/1.1","status":404,"bytes":512,"referer":null,)"
            R"("user_agent":"curl/8.0","user":"alice","host":null,"duration":null,)"
            R"("format":"combined"})");
  std::getline(lines, line);
  EXPECT_EQ(nlohmann::json::parse(line)["reason"], "status");
  std::getline(lines, line);
  EXPECT_EQ(nlohmann::json::parse(line)["reason"], "empty");
  EXPECT_FALSE(std::getline(lines, line));
}

TEST(Explain, TellsTheColumnInJson) {
  const auto json = JsonOf(R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET)", "common");
  EXPECT_EQ(json["reason"], "status");
  EXPECT_EQ(json["column"], 45);
  EXPECT_EQ(json["expected"], "request and '\" ' behind it");
  EXPECT_EQ(json["line"], R"(192.0.2.1 - - [08/Sep/2023:12:26:56 -0400] "GET)");
}

TEST(Explain, WritesValidJsonForAnyByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string sent(3, static_cast<char>(byte));
    EXPECT_NO_THROW(JsonOf(sent)) << byte;
    EXPECT_NO_THROW(JsonOf(kLine + sent)) << byte;
  }
}

TEST(Explain, WritesFractionsOfSeconds) {
  const auto json =
      JsonOf(R"({"ts":1694190416.123,"remote_addr":"192.0.2.1","status":200,"duration":0.25})");
  EXPECT_EQ(json["time"], "2023-09-08T16:26:56.123Z");
  EXPECT_EQ(json["duration"], 0.25);
  EXPECT_EQ(json["format"], "json");
}

TEST(Explain, WritesAddressesInOneForm) {
  const std::string line = "2001:0DB8:0:0:0:0:0:1" + kLine.substr(9);
  EXPECT_EQ(JsonOf(line)["client"], "2001:db8::1");
  EXPECT_EQ(JsonOf("client.example.com" + kLine.substr(9))["client"], "client.example.com");
}

TEST(Explain, KnowsNoStatusOutOfRange) {
  std::string line = kLine;
  line.replace(line.find("404"), 3, "999");
  EXPECT_TRUE(JsonOf(line)["status"].is_null());
}

TEST(Explain, LooksIntoFrames) {
  const auto json = JsonOf("2023-09-08T16:26:57.1Z stdout F " + kLine);
  EXPECT_EQ(json["format"], "combined in cri");
  EXPECT_EQ(json["client"], "192.0.2.1");
  EXPECT_EQ(JsonOf("2023-09-08T16:26:57.1Z stdout P " + kLine)["reason"], "fragment");
}

TEST(Explain, SaysWhereReadingStoppedInsideOfAFrame) {
  const Answer answer = Ask({.lines = {R"({"log":")" + kLine.substr(0, 12) +
                                       R"(\n","stream":"stdout","time":"2023-09-08T16:26:57Z"})"}});
  EXPECT_EQ(answer.code, 1);
}

TEST(Explain, NamesAWrongFormat) {
  const Answer answer = AskFor(kLine, "combinde");
  EXPECT_EQ(answer.code, 2);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err, "unknown format \"combinde\"; did you mean combined?\n");
}

TEST(Explain, TakesTheServersOwnFormat) {
  const Answer answer = AskFor("192.0.2.1|404", "nginx: $remote_addr|$status");
  EXPECT_EQ(answer.code, 0);
  EXPECT_THAT(answer.out, StartsWith("format      custom\nclient      192.0.2.1\n"));
}

}  // namespace
}  // namespace accesslog
