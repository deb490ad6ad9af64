// Whether what must not be given away was given away.
#include "detect/breach.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

constexpr Time kNoon{std::chrono::hours{480000}};
constexpr uint64_t kRoot = 1;

RequestFacts Leak(uint64_t path = 77, uint32_t bytes = 5000) {
  RequestFacts facts;
  facts.path_hash = path;
  facts.bytes = bytes;
  facts.status = 200;
  facts.leaks = facts.has_body = facts.has_bytes = true;
  return facts;
}

bool IsAnswered(RequestFacts facts, const PageSizes& pages) {
  JudgeAnswer(facts, kRoot, kNoon, pages);
  return facts.answered;
}

// Pages that are no attacks.
void Answer(PageSizes& pages, uint64_t path, uint32_t bytes) {
  RequestFacts facts = Leak(path, bytes);
  facts.leaks = false;
  LearnAnswer(facts, kNoon, pages);
}

TEST(Breach, IsALeakWithABody) {
  const PageSizes pages;
  EXPECT_TRUE(IsAnswered(Leak(), pages));
}

TEST(Breach, IsNoneWithoutALeakOrABody) {
  const PageSizes pages;
  RequestFacts plain = Leak();
  plain.leaks = false;
  EXPECT_FALSE(IsAnswered(plain, pages));
  RequestFacts empty = Leak();
  empty.has_body = false;
  EXPECT_FALSE(IsAnswered(empty, pages));
}

TEST(Breach, IsBelievedOfALogThatTellsNoSizes) {
  PageSizes pages;
  for (uint64_t path = 100; path < 120; ++path) Answer(pages, path, 5000);
  RequestFacts facts = Leak();
  facts.has_bytes = false;
  EXPECT_TRUE(IsAnswered(facts, pages));
}

TEST(Breach, IsNoneWhereEverythingIsAnsweredSo) {
  PageSizes pages;
  Answer(pages, 100, 5000);
  Answer(pages, 101, 5000);
  EXPECT_TRUE(IsAnswered(Leak(), pages));
  Answer(pages, 102, 5000);
  EXPECT_FALSE(IsAnswered(Leak(), pages));
  EXPECT_TRUE(IsAnswered(Leak(77, 5001), pages));
}

TEST(Breach, IsNoneWhereTheFrontPageIsGiven) {
  PageSizes pages;
  Answer(pages, kRoot, 5000);
  EXPECT_FALSE(IsAnswered(Leak(), pages));
  EXPECT_TRUE(IsAnswered(Leak(77, 4999), pages));
}

// An attack on "/" itself is not excused by having been there before.
TEST(Breach, OnTheFrontPageIsNotHeldAgainstItself) {
  PageSizes pages;
  Answer(pages, kRoot, 5000);
  RequestFacts facts = Leak(kRoot);
  facts.is_root = true;
  EXPECT_TRUE(IsAnswered(facts, pages));
}

TEST(Breach, ByQueryIsNoneWhereThePageAlwaysAnswersSo) {
  PageSizes pages;
  RequestFacts facts = Leak();
  facts.leaks_by_query = true;
  EXPECT_TRUE(IsAnswered(facts, pages));
  // Other pages of that size say nothing.
  for (uint64_t path = 100; path < 120; ++path) Answer(pages, path, 5000);
  EXPECT_TRUE(IsAnswered(facts, pages));
  Answer(pages, 77, 5000);
  EXPECT_FALSE(IsAnswered(facts, pages));
}

TEST(Breach, LearnsOfWhatHasABodyAndASizeOnly) {
  PageSizes pages;
  for (uint64_t path = 100; path < 120; ++path) {
    RequestFacts facts = Leak(path);
    facts.has_body = false;
    LearnAnswer(facts, kNoon, pages);
    facts.has_body = true;
    facts.has_bytes = false;
    LearnAnswer(facts, kNoon, pages);
  }
  EXPECT_TRUE(IsAnswered(Leak(), pages));
}

TEST(Breach, IsDecidedAnewEachTime) {
  const PageSizes pages;
  RequestFacts facts = Leak();
  facts.has_body = false;
  facts.answered = true;
  EXPECT_FALSE(IsAnswered(facts, pages));
}

}  // namespace
}  // namespace accesslog
