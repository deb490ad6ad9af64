// What nginx's templates make of several upstreams and of bytes that are no UTF-8.
#include <gtest/gtest.h>

#include "parse/json_format.h"
#include "parse/mend_json.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

std::string Mended(std::string_view line) {
  TextArena arena;
  return std::string(MendJson(line, arena).text);
}

TEST(MendJson, KeepsTheFirstOfSeveralNumbers) {
  EXPECT_EQ(Mended(R"({"u": 0.001, 0.002, "s": 200})"), R"({"u": 0.001, "s": 200})");
  EXPECT_EQ(Mended(R"({"s":200,"u":0.001 : 0.002, 0.003})"), R"({"s":200,"u":0.001 })");
  EXPECT_EQ(Mended(R"({"u":-, 0.002,"s":200})"), R"({"u":null,"s":200})");
  EXPECT_EQ(Mended(R"({"u":- : 0.002,"s":200})"), R"({"u":null,"s":200})");
  EXPECT_EQ(Mended(R"({"u":0.001, -,"s":200})"), R"({"u":0.001,"s":200})");
}

// At most three bytes for one; the arena has no more.
TEST(MendJson, GrowsNoMoreThanItsMemory) {
  for (const std::string_view part : {":", ":-", ": ", ":-:", ":,", ":}", "-", ",-", ",1", "\"\\",
                                      "\"\xFF", "\"a\":-:", "\\", "1:"}) {
    for (const std::string_view begin : {"", "{", "{\"a\":", "\""}) {
      std::string line(begin);
      while (line.size() < 6000) line += part;
      EXPECT_LE(Mended(line).size(), line.size() * 3) << part;
    }
  }
}

TEST(MendJson, LeavesWhatIsNoList) {
  for (const std::string line : {R"({"a":-1,"b":{"c": 2 , "d":[]},"e":"1, 2 : 3"})",
                                 R"({"a" : 1, "b" : -2})", R"({"a":[{"b":1},{"b":2}]})"}) {
    EXPECT_EQ(Mended(line), line);
  }
}

TEST(MendJson, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(Mended("{\"a\":\"\xFF\xC3(ü\x01\"}"), "{\"a\":\"\uFFFD\uFFFD(ü\uFFFD\"}");
}

TEST(JsonFormatParse, ReadsAllKeysBehindAListOfUpstreams) {
  const ParsedLine line = ParseAs(
      "json",
      R"({"remote_addr":"192.0.2.1","upstream_response_time": 0.001, 0.002, "status": 200, "http_user_agent":"x"})");
  EXPECT_EQ(line.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(line.status, 200);
  EXPECT_EQ(line.user_agent, "x");
}

TEST(JsonFormatParse, ABadByteBeginsNoQuery) {
  const ParsedLine line = ParseAs(
      "json",
      "{\"remote_addr\":\"192.0.2.1\",\"status\":404,\"request\":\"GET /\xFF?\xFE HTTP/1.1\"}");
  EXPECT_EQ(line.outcome, ParseOutcome::kComplete);
  EXPECT_EQ(line.path, "/\uFFFD");
  EXPECT_EQ(line.query, "\uFFFD");
}

}  // namespace
}  // namespace accesslog
