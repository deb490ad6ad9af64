#include "parse/json_keys.h"

#include <gtest/gtest.h>

#include "parse/fields.h"

namespace accesslog {
namespace {

// "field rank" of the key at `path`, or "nothing".
std::string Found(const JsonKeys& keys, std::string_view path) {
  const JsonKey* key = keys.Find(path);
  if (key == nullptr) return "nothing";
  return std::string(FieldName(key->field)) + " " + std::to_string(key->rank);
}

std::string ErrorOf(std::string_view mapping) {
  const auto keys = JsonKeys::Create(mapping);
  return keys ? "no error" : keys.error().message;
}

TEST(JsonKeys, KnowTheKeysOfTheUsualServers) {
  const JsonKeys keys = *JsonKeys::Create("");
  EXPECT_EQ(Found(keys, "remote_addr"), "client_port 2");
  EXPECT_EQ(Found(keys, "request.client_ip"), "client 1");
  EXPECT_EQ(Found(keys, "downstreamstatus"), "status 1");
  EXPECT_EQ(Found(keys, "http.response.status_code"), "status 1");
  EXPECT_EQ(Found(keys, "request.headers.user_agent"), "user_agent 1");
  EXPECT_EQ(Found(keys, ":authority"), "host_port 1");
  EXPECT_EQ(Found(keys, "request.headers"), "nothing");
  EXPECT_EQ(Found(keys, "no_such_key"), "nothing");
  EXPECT_EQ(Found(keys, ""), "nothing");
}

TEST(JsonKeys, KnowWhichObjectsAreWorthALook) {
  const JsonKeys keys = *JsonKeys::Create("client=meta.peer.ip");
  for (const char* path :
       {"request", "request.headers", "http", "http.response", "meta", "meta.peer"}) {
    EXPECT_TRUE(keys.HasMembers(path)) << path;
  }
  for (const char* path : {"", "status", "meta.peer.ip", "headers", "resp_headers", "re"}) {
    EXPECT_FALSE(keys.HasMembers(path)) << path;
  }
}

TEST(JsonKeys, PutTheKeysOfTheUserFirst) {
  const JsonKeys keys =
      *JsonKeys::Create("client=ip, status=Resp-Code\nduration_ms=took path=path");
  EXPECT_EQ(Found(keys, "ip"), "client_port 0");
  EXPECT_EQ(Found(keys, "resp_code"), "status 0");
  EXPECT_EQ(Found(keys, "took"), "duration_ms 0");
  EXPECT_EQ(Found(keys, "path"), "url 0");
  EXPECT_EQ(Found(keys, "remote_addr"), "client_port 2");
}

TEST(JsonKeys, TakeShortNamesOfFields) {
  const JsonKeys keys = *JsonKeys::Create("client=a time=b path=c host=d duration=e");
  EXPECT_EQ(Found(keys, "a"), "client_port 0");
  EXPECT_EQ(Found(keys, "b"), "time_any 0");
  EXPECT_EQ(Found(keys, "c"), "url 0");
  EXPECT_EQ(Found(keys, "d"), "host_port 0");
  EXPECT_EQ(Found(keys, "e"), "duration_text 0");
}

TEST(JsonKeys, TakeManyKeys) {
  std::string mapping;
  for (int i = 0; i < 3000; ++i) mapping += "ignored=key" + std::to_string(i) + " ";
  const JsonKeys keys = *JsonKeys::Create(mapping);
  EXPECT_EQ(Found(keys, "key2999"), "ignored 0");
  EXPECT_EQ(Found(keys, "status"), "status 2");
}

TEST(JsonKeys, RefuseWhatIsNoPair) {
  EXPECT_EQ(ErrorOf("client"), "\"client\" is no FIELD=KEY, as in client=remote_addr");
  EXPECT_EQ(ErrorOf("client="), "\"client=\" is no FIELD=KEY, as in client=remote_addr");
  EXPECT_EQ(ErrorOf("\x1b[2J"), "\"\\x1b[2J\" is no FIELD=KEY, as in client=remote_addr");
}

TEST(JsonKeys, NameTheFieldThatWasMeant) {
  EXPECT_EQ(ErrorOf("statsu=a"), "unknown field \"statsu\"; did you mean status?");
  EXPECT_EQ(ErrorOf("wholly_other=a"), "unknown field \"wholly_other\"");
  EXPECT_EQ(ErrorOf("=a"), "unknown field \"\"");
}

}  // namespace
}  // namespace accesslog
